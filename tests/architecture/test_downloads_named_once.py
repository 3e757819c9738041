"""Downloads are named in one place: no view writes the header itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from leye.site.file_answer import file_answer

SRC = Path(__file__).parents[2] / "src" / "leye"

NAMES = [
    ("a.csv", 'attachment; filename="a.csv"', "plain"),
    ('a".csv', r'attachment; filename="a\".csv"', "a quote does not end the name"),
    ("失业.csv", "attachment; filename*=utf-8''%E5%A4%B1%E4%B8%9A.csv", "Chinese is encoded"),
]


@pytest.mark.parametrize(("name", "header", "why"), NAMES, ids=[n[-1] for n in NAMES])
def test_a_download_has_its_name(name: str, header: str, why: str) -> None:
    answer = file_answer("x", name, "text/plain")
    assert (answer["Content-Disposition"], answer["Content-Type"], answer.content) == (header, "text/plain", b"x")


def test_nobody_else_names_a_download() -> None:
    found = [str(f.relative_to(SRC)) for f in SRC.rglob("*.py") if "Content-Disposition" in f.read_text(encoding="utf-8")]
    assert found == ["site/file_answer.py"]
