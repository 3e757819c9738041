"""YAML that knows its lines, and texts that mean harm: no nesting, reference or length ends the process or fills the memory."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from leye.kernel.errors import BadInput
from leye.policy import shipped
from leye.policy.grammar import Scope, parse
from leye.policy.located import Mapping, Sequence, Text, parse_located


def plain(value: object) -> object:
    """Without places, as PyYAML's own loader gives it."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, Sequence) else str(value)


def test_every_value_knows_its_line() -> None:
    found = parse_located("a: 1\nb:\n  - x\n  - {c: y, d: 否}\n", file="p.yaml")
    assert isinstance(found, Mapping)
    b = found["b"]
    assert isinstance(b, Sequence) and isinstance(b[1], Mapping)
    assert [b.line, b[0].line, b[1].line] == [3, 3, 4]
    assert (b[1]["d"].place.file, b[1]["d"].place.row) == ("p.yaml", 4)
    assert [k.line for k in found if isinstance(k, Text)] == [1, 2]


def test_nothing_is_made_of_a_word() -> None:
    text = "a: no\nb: on\nc: 2/3\nd: 2025-01-01\ne: null\nf: 1.50\ng: !!python/object/apply:os.system [x]\n"
    assert plain(parse_located(text)) == {"a": "no", "b": "on", "c": "2/3", "d": "2025-01-01", "e": "null", "f": "1.50", "g": ["x"]}


HARMFUL = [
    ("[" * 200_000, "套得太深", "a wall of brackets, which ends PyYAML's own composer with the process"),
    ("{a: " * 200_000, "套得太深", "mappings without end"),
    ("- " * 100_000 + "x", "套得太深", "lists in lists on one line"),
    ("a: &a [x, x]\n" + "".join(f"{c}: &{c} [*{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)), "引用", "references that double"),
    ("a: &a [*a]\n", "引用", "a list inside itself"),
    ("a: 1\n---\nb: 2\n", "两份文档", "two documents"),
    ("? [a]\n: b\n", "键要写成一个词", "a key that is a list"),
    ("a: 1\na: 2\n", "写了两次", "a key twice"),
    ("a: \x00\n", "YAML 写法不对", "a character that no text has"),
    ("# nothing\n", "文件是空的", "a comment alone"),
]


@pytest.mark.parametrize(("text", "word", "why"), HARMFUL, ids=[h[-1] for h in HARMFUL])
def test_what_would_do_harm_is_refused(text: str, word: str, why: str) -> None:
    with pytest.raises(BadInput) as error:
        parse_located(text)
    assert word in error.value.zh and error.value.remedy_zh


DEEP = [
    ("1 + " * 400 + "1", "a sum without end"),
    ("not " * 300 + "true", "negations without end"),
    ("(" * 300 + "1" + ")" * 300, "a wall of brackets"),
    ("-" * 1900 + "1", "signs without end"),
    ("true and " * 1000 + "true", "longer than any law"),
]


@pytest.mark.parametrize(("text", "why"), DEEP, ids=[d[-1] for d in DEEP])
def test_an_expression_that_every_engine_would_choke_on_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadInput, match="E_GRAMMAR"):
        parse(text, Scope(shipped().facts))


SCALARS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8)
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCALARS, inner, max_size=4), max_leaves=20)


@given(TREES)
def test_what_pyyaml_reads_is_what_we_read(tree: object) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
    assert plain(parse_located(text)) == yaml.load(text, Loader=yaml.BaseLoader)
