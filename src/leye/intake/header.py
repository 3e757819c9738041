"""The header of a sheet: rows joined into one name a column, and the columns that the fields of a spec stand for."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Sequence

from leye.intake.read import Merge, Sheet
from leye.intake.spec import FieldRule, SourceSpec
from leye.intake.units import Unit, unit_of_header, units_of_title
from leye.kernel.errors import BadInput, Place

# The dimension that a title row's unit must have to apply to a field without a unit of its own.
_TITLE_DIMENSIONS = {"count": {"person", "person_time", "household", "firm", "post", "item"}, "money": {"yuan"}}


def header_names(sheet: Sheet, spec: SourceSpec) -> list[str]:
    """One name a column; parts of several rows are joined, equal neighbours written once. Merged cells give their text to all they cover."""
    if sheet.header_is_keys:
        return sheet.cells[0]
    first, count = spec.read.header_row - 1, spec.read.header_rows
    lines = [list(row) for row in sheet.cells[first : first + count]]
    width = max((len(row) for row in lines), default=0)
    for row in lines:
        row.extend([""] * (width - len(row)))
    merges = [m for m in sheet.merges if m.bottom >= first and m.top < first + count]
    for m in merges:
        _fill_merge(lines, m, first)
    if not merges:
        _fill_right(lines)
    return [_join((row[i] for row in lines), spec.read.join) for i in range(width)]


def _fill_merge(lines: list[list[str]], m: Merge, first: int) -> None:
    top = m.top - first
    text = lines[top][m.left] if 0 <= top < len(lines) and m.left < len(lines[top]) else ""
    for r in range(max(top, 0), min(m.bottom - first + 1, len(lines))):
        for c in range(m.left, min(m.right + 1, len(lines[r]))):
            lines[r][c] = text


def _fill_right(lines: list[list[str]]) -> None:
    """In text files a merged upper header is one text and blanks to its right: go on with it where a lower row has a text."""
    for depth, row in enumerate(lines[:-1]):
        for i in range(1, len(row)):
            if not row[i].strip() and any(lower[i].strip() for lower in lines[depth + 1 :]):
                row[i] = row[i - 1]


def _join(parts: object, join: str) -> str:
    texts: list[str] = []
    for part in parts:  # type: ignore[attr-defined]
        text = re.sub(r"\s+", "", part)
        if text and (not texts or texts[-1] != text):
            texts.append(text)
    return join.join(texts)


def plain(header: str) -> str:
    """A header for comparison: full and half width alike, no white space, case folded."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", header)).casefold()


def match_columns(names: Sequence[str], spec: SourceSpec, *, place: Place, elsewhere: str = "", wide: Collection[int] = ()) -> dict[str, int]:
    """Field to column index; `wide` are columns that are turned into rows. Raises BadInput: E_COLUMN_MISSING naming the nearest header, E_HEADER
    when two columns fit or a new one is refused."""
    at: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        at.setdefault(plain(name), []).append(i)
    columns: dict[str, int] = {}
    missing: list[FieldRule] = []
    for rule in (r for r in spec.fields.values() if r.name not in spec.wide):
        found = next((at[plain(h)] for h in rule.headers if plain(h) in at), [])
        if len(found) > 1:
            raise _refused(place, rule, f"表头“{names[found[0]]}”出现 {len(found)} 次", "该列名重复", "请删去多余的列，或改名区分", "E_HEADER")
        if found:
            columns[rule.name] = found[0]
        elif rule.required or spec.contract.missing_column == "reject_file":
            missing.append(rule)
    if missing:
        raise _missing(missing, [n for i, n in enumerate(names) if n and i not in columns.values()], place, elsewhere)
    known = {*columns.values(), *wide}
    new = [n for i, n in enumerate(names) if n and i not in known]
    if new and spec.contract.new_column == "reject_file":
        rule = next(iter(spec.fields.values()))
        raise _refused(place, rule, f"多出没有约定的列：{'、'.join(new)}", "new columns", "请删去，或把 contract.new_column 改为 accept", "E_HEADER")
    return columns


def _missing(rules: list[FieldRule], free: list[str], place: Place, elsewhere: str) -> BadInput:
    parts, places = [], []
    for rule in rules:
        near = _nearest(rule, free)
        hint = f"，最接近的表头是“{near}”" if near else ""
        parts.append(f"找不到列“{rule.headers[0]}”{hint}")
        places.append(Place(place.file, place.sheet, place.row, rule.name))
    renamed = [(_nearest(rule, free), rule) for rule in rules]
    known = [f"请把“{near}”改回“{rule.headers[0]}”，或把它加进说明里 {rule.name} 的 from" for near, rule in renamed if near]
    lost = [rule.headers[0] for near, rule in renamed if not near]
    if lost:
        known.append(f"请补上{'、'.join(f'“{h}”' for h in lost)}，或在说明的 from 里写上现用的列名")
    remedy = "；".join(known)
    return BadInput(
        "；".join(parts) + "，这个文件没有装入",
        en="; ".join(f"column {r.headers[0]!r} is missing" for r in rules) + "; the file is refused",
        remedy_zh=elsewhere or remedy,
        places=tuple(places),
        code="E_COLUMN_MISSING",
    )


def _nearest(rule: FieldRule, free: list[str]) -> str:
    """The header most like one of the field's own; a name inside the other counts as near."""
    scored = [(difflib.SequenceMatcher(None, plain(h), plain(n)).ratio(), n) for n in free for h in rule.headers]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= 0.4 else ""  # chosen by us: below 0.4 a suggestion misleads more than it helps


def _refused(place: Place, rule: FieldRule, zh: str, en: str, remedy: str, code: str) -> BadInput:
    where = Place(place.file, place.sheet, place.row, rule.name)
    return BadInput(f"{zh}，这个文件没有装入", en=f"{en}; the file is refused", remedy_zh=remedy, places=(where,), code=code)


def field_units(sheet: Sheet, names: Sequence[str], columns: dict[str, int], spec: SourceSpec, *, place: Place) -> dict[str, Unit | None]:
    """The unit of each numeric field in this sheet: of the spec, else of the header's brackets, else of the title rows.

    Raises BadInput (E_UNIT_CONFLICT) when the sheet states another scale than the spec: every value would be wrong by that factor, silently.
    """
    from leye.intake.units import UNITS

    titles = [] if sheet.header_is_keys else [c for row in sheet.cells[: spec.read.header_row - 1] for c in row if c]
    titled = [u for line in titles for u in units_of_title(line)]
    units: dict[str, Unit | None] = {}
    for name, i in columns.items():
        rule = spec.fields[name]
        if rule.type not in ("count", "number", "ratio", "money"):
            continue
        own = UNITS.get(rule.unit)
        said = unit_of_header(names[i]) or _of_title(titled, rule, own)
        if own and said and said.dimension == own.dimension and said.scale != own.scale:
            raise _refused(
                Place(place.file, place.sheet, place.row), rule,
                f"表里写的单位是“{said.name}”，说明里是“{own.name}”", f"the sheet says {said.name}, the spec {own.name}",
                f"请核对后改说明里 {name} 的 unit，或请对方更正表头", "E_UNIT_CONFLICT",
            )  # fmt: skip
        units[name] = own or said
    return units


def _of_title(titled: list[Unit], rule: FieldRule, own: Unit | None) -> Unit | None:
    wanted = {own.dimension} if own else _TITLE_DIMENSIONS.get(rule.type, set())
    fitting = {u.name: u for u in titled if u.dimension in wanted}
    return next(iter(fitting.values())) if len(fitting) == 1 else None
