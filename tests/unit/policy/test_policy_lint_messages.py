"""Lint as a compiler's tests have it: one small pack a fault, and the message pinned beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from leye.kernel.errors import BadInput, NotFound
from leye.policy.lint import CODES, Bases, Finding, is_refused, is_unreadable, lint

FIXTURES = Path(__file__).parent / "lint_fixtures"
FOLDERS = sorted(f.name for f in FIXTURES.iterdir())
BASES: Bases = {}
"""The national pack, read once for all of them."""


def told(findings: list[Finding]) -> str:
    return "".join(f"{x.file}:{x.line} {x.code} {x.zh} · {x.remedy_zh} · {x.en}\n" for x in findings)


@pytest.mark.parametrize("name", FOLDERS)
def test_every_fault_is_told_with_its_line_and_remedy(name: str) -> None:
    found = lint(FIXTURES / name, BASES)
    assert told(found) == (FIXTURES / name / "expected.txt").read_text(encoding="utf-8")
    code = name.split(".")[0]
    assert code == "good" or code in {f.code for f in found}
    assert is_refused(found) == any(f.severity == "error" for f in found) == code.startswith("E_")


def test_every_code_has_a_bad_pack_and_there_are_many() -> None:
    assert {n.split(".")[0] for n in FOLDERS} - {"good"} == set(CODES)
    assert len(FOLDERS) >= 60


def test_every_message_is_in_both_languages_with_something_to_do() -> None:
    found = [f for name in FOLDERS for f in lint(FIXTURES / name, BASES)]
    assert all(f.zh and f.en and f.remedy_zh and f.remedy_en and f.zh != f.en for f in found)
    assert all(f.remedy_en.isascii() or "符合" in f.remedy_en or "…" in f.remedy_en for f in found)


def test_a_file_that_is_not_utf8_is_told_and_the_others_are_looked_at(tmp_path: Path) -> None:
    folder = _copy("E_NO_SAY", tmp_path)
    (folder / "gbk.yaml").write_bytes("policy: x\nname: 补贴\n".encode("gbk"))
    found = lint(folder, BASES)
    assert [(f.file, f.code) for f in found] == [("E_NO_SAY/gbk.yaml", "E_YAML"), ("E_NO_SAY/own_grant.yaml", "E_NO_SAY")]
    assert is_unreadable(found)


def test_all_faults_of_a_folder_are_told_at_once(tmp_path: Path) -> None:
    folder = _copy("good", tmp_path)
    file = folder / "own_grant.yaml"
    text = file.read_text(encoding="utf-8")
    breaks = [
        ("status: verified", "status: sure"),
        ("    to: 2025-12-31\n", ""),
        ("when: hard_to_employ,", "when: hard_to_emply,"),
        ("80000}}}", "8e4}}}"),
    ]
    for old, new in breaks:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    assert {f.code for f in lint(folder, BASES)} >= {"E_WORD_UNKNOWN", "E_NO_END", "E_FACT_UNKNOWN", "E_PACK_FORM"}


def test_a_folder_without_pack_file_and_an_unknown_base_are_refused_outright(tmp_path: Path) -> None:
    from leye.policy.read_pack import folder_of

    with pytest.raises(NotFound, match="E_PACK_UNKNOWN"):
        folder_of(tmp_path)
    (tmp_path / "pack.yaml").write_text("pack: x\nname: 某地\nextends: cn-99\n", encoding="utf-8")
    with pytest.raises(NotFound, match="cn-99"):
        lint(tmp_path)
    (tmp_path / "pack.yaml").write_text("pack: [x\n", encoding="utf-8")
    with pytest.raises(BadInput, match="E_YAML"):
        lint(tmp_path)


def _copy(name: str, to: Path) -> Path:
    folder = to / name
    folder.mkdir()
    for file in (FIXTURES / name).glob("*.yaml"):
        (folder / file.name).write_bytes(file.read_bytes())
    return folder
