"""Tab-separated files with a header and no quoting, line by line: what does not fit is kept with its line number, nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from leye.kernel.errors import BadInput, Place

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A line that was not loaded. line: as a person counts, the header is 1 · why: code of the reason · text: the line as it stands."""

    file: str
    line: int
    why: str
    text: str


@dataclass(frozen=True)
class Tabbed:
    """lines: of data · rows: line number, line and cells by column · kept: lines apart · unknown, missing: columns."""

    file: str
    lines: int
    rows: list[tuple[int, str, Cells]]
    kept: list[Kept]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def read_tabbed(file: Path, columns: tuple[str, ...], key: tuple[str, ...], *, is_unique: bool) -> Tabbed:
    """Every line of data is a row or kept: FIELDS for too many or too few (a tab inside a field cannot be told from one between two), KEY_EMPTY, and
    KEY_TWICE where keys are unique. Raises BadInput: E_FILE_UNREADABLE (not UTF-8, empty), E_ZHILIAN_KEY (no key column)."""
    lines = _lines(file)
    header = [name.strip() for name in lines[0].split("\t")]
    for name in key:
        if name not in header:
            raise BadInput(
                f"没有 {name} 列", en=f"no column {name}", places=(Place(str(file), row=1, column=name),), code="E_ZHILIAN_KEY",
                remedy_zh="第一行是列名，用制表符分开", remedy_en="the first line names the columns, with tabs between them",
            )  # fmt: skip
    rows: list[tuple[int, str, Cells]] = []
    kept: list[Kept] = []
    seen: set[tuple[str, ...]] = set()
    for number, line in enumerate(lines[1:], 2):
        cells = dict(zip(header, line.split("\t"), strict=False))
        own = tuple(cells.get(k, "").strip() for k in key)
        why = "FIELDS" if line.count("\t") != len(header) - 1 else "KEY_EMPTY" if not all(own) else "KEY_TWICE" if is_unique and own in seen else ""
        if why:
            kept.append(Kept(file.name, number, why, line))
        else:
            seen.add(own)
            rows.append((number, line, cells))
    unknown, missing = (tuple(c for c in one if c not in other) for one, other in ((header, columns), (columns, header)))
    return Tabbed(file.name, len(lines) - 1, rows, kept, unknown, missing)


def _lines(file: Path) -> list[str]:
    """Lines by line feed alone: other separators of Unicode do stand inside job texts."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(file, f"不是 UTF-8：第 {error.start} 个字节", f"not UTF-8 at byte {error.start}") from error
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if lines[-1] == "":
        lines.pop()
    if not lines:
        raise _unreadable(file, "文件是空的", "the file is empty")
    return lines


def _unreadable(file: Path, zh: str, en: str) -> BadInput:
    return BadInput(
        zh, en=en, places=(Place(str(file)),), code="E_FILE_UNREADABLE", remedy_zh="存成 UTF-8，列之间用制表符", remedy_en="save as UTF-8 with tabs"
    )
