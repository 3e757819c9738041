"""A version's identity: the same under every name and layout, another as soon as what runs differs."""

from __future__ import annotations

import pytest

from leye.trust.registry import Source, code_hash, config_hash
from leye.trust.registry.identity import file_hashes, share_copied
from tests_support.cards import CODE

SAME = [
    (CODE.replace('"""A ranking of orders."""', '"""Another text."""'), "docstring"),
    (CODE.replace('    """Nearest first, then longest idle."""\n', ""), "docstring removed"),
    ("# a comment\n" + CODE, "comment"),
    (CODE + '\n"strewn in"\npass\n7\n', "statements that do nothing"),
    (CODE.replace("BORDER = 2", "BORDER  =  2 ;\n\n\n"), "layout"),
    (CODE.replace("\n", "\r\n"), "line ends"),
]
OTHER = [
    (CODE.replace("BORDER = 2", "BORDER = 3"), "a constant"),
    (CODE.replace("-idle_s", "idle_s"), "a sign"),
    (CODE.replace("//", "/"), "an operator"),
    (CODE + "\nrank = None\n", "a line more"),
]


@pytest.mark.parametrize(("text", "why"), SAME, ids=[s[-1] for s in SAME])
def test_what_does_not_run_is_not_in_the_identity(text: str, why: str) -> None:
    assert code_hash([Source("other_name.py", text)]) == code_hash([Source("rank.py", CODE)])


@pytest.mark.parametrize(("text", "why"), OTHER, ids=[o[-1] for o in OTHER])
def test_what_runs_is(text: str, why: str) -> None:
    assert code_hash([Source("rank.py", text)]) != code_hash([Source("rank.py", CODE)])


def test_order_and_names_of_files_do_not_matter_their_number_does() -> None:
    a, b = Source("a.py", "x = 1"), Source("b.py", "y = 2")
    assert code_hash([a, b]) == code_hash([Source("z.py", b.text), Source("k.py", a.text)])
    assert code_hash([a, b]) != code_hash([a, b, b])


def test_statements_are_hashed_by_their_words() -> None:
    assert code_hash([Source("r.md", "一  二\n三")]) == code_hash([Source("s.md", "一 二 三")]) != code_hash([Source("r.md", "一 二 四")])


def test_a_broken_program_still_has_an_identity() -> None:
    assert code_hash([Source("r.py", "def (")]) != code_hash([Source("r.py", "def [")])


def test_settings_are_compared_by_value() -> None:
    assert config_hash({"a": 1, "b": True}) == config_hash({"b": True, "a": 1.0})
    assert config_hash({"a": True}) != config_hash({"a": 1})
    assert config_hash({"a": "1"}) != config_hash({"a": 1})
    assert config_hash({"a": None}) != config_hash({})


def test_a_copy_with_something_added_is_seen() -> None:
    theirs = [Source("a.py", "x = 1\n" * 50), Source("b.py", "y = 2\n" * 50)]
    ours = [Source("new.py", "z = 3"), Source("c.py", "# hidden\n" + theirs[0].text)]
    assert share_copied(file_hashes(ours), file_hashes(theirs)) == pytest.approx(0.5, abs=0.01)
    assert share_copied(file_hashes(ours), {}) == 0
