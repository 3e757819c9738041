"""Parameters of a pack: numbers of the law by place and day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from leye.kernel.errors import Place
from leye.policy import fields
from leye.policy.grammar import Scope, parse
from leye.policy.located import Mapping, Sequence, Text, Value
from leye.policy.pack import Parameter, ParameterValue, SeenFigure


def read_parameters(value: Value | None, scope: Scope, place: Place) -> dict[str, Parameter]:
    """Parameters by name: `values` as a list of rows, or as {REGION: {DATE: value | {value, ref, …}}}."""
    if value is None or fields.is_empty(value):
        return {}
    return {
        str(name): _parameter(str(name), fields.mapping(item, name, place), scope)
        for name, item in fields.mapping(value, "parameters", place).items()
    }


def _parameter(name: str, found: Mapping, scope: Scope) -> Parameter:
    values = found.get("values")
    rows = (
        [row for v in values for row in _value_rows(fields.mapping(v, "values", found.place), scope)]
        if isinstance(values, Sequence)
        else _value_map(found, scope)
    )
    zh, _ = fields.two_languages(found, "zh")
    return Parameter(
        name,
        str(fields.text(found, "unit", default="1")),
        zh,
        fields.optional_whole(found, "min"),
        fields.optional_whole(found, "max"),
        tuple(rows),
        found.place,
    )


def _value_map(found: Mapping, scope: Scope) -> list[ParameterValue]:
    rows: list[ParameterValue] = []
    for region, dated in fields.mapping(found.get("values"), "values", found.place).items():
        days = sorted(fields.mapping(dated, str(region), found.place).items())
        for i, (start, value) in enumerate(days):
            row = Mapping(value) if isinstance(value, Mapping) else Mapping({"value": value})
            row.file, row.line = (value.file, value.line)
            row.update({"region": Text(region, row.file, row.line), "from": start})  # type: ignore[dict-item]
            read = _value_row(row, scope)
            following = fields.as_day(days[i + 1][0], "from", found.place) if i + 1 < len(days) else None  # type: ignore[arg-type]
            rows.append(read if read.end or following is None else _ended(read, following))
    return rows


def _ended(row: ParameterValue, following: date) -> ParameterValue:
    """A value that holds until the day before the next one of the same place."""
    return replace(row, end=following - timedelta(days=1))


def _value_rows(found: Mapping, scope: Scope) -> list[ParameterValue]:
    """The row of its `region`, or one for each of its `regions`."""
    read = _value_row(found, scope)
    regions = fields.sequence(found.get("regions"), "regions", found.place)
    return [replace(read, region=fields.region(Mapping(region=r), "region")) for r in regions] or [read]


def _value_row(found: Mapping, scope: Scope) -> ParameterValue:
    formula = found.get("formula")
    has_formula = formula is not None and not fields.is_empty(formula)
    note = fields.text(found, "note_zh", default=str(fields.text(found, "note", default="")))
    return ParameterValue(
        region=fields.region(found, "region"),
        start=fields.day(found, "from") or date.min,
        end=fields.day(found, "to"),
        value=None if has_formula else fields.whole(found.get("value"), "value", found.place),
        formula=parse(fields.text(found, "formula"), scope, wants="int") if has_formula else None,
        formula_text=str(fields.text(found, "formula", default="")),
        policy=str(fields.text(found, "policy", default="")),
        ref=str(fields.text(found, "ref", default=str(fields.text(found, "reference", default="")))),
        status=str(fields.text(found, "status", default="verified")),
        dates=str(fields.text(found, "dates", default="verified")),
        note_zh=str(note),
        seen_at=str(fields.text(found, "seen_at", default="")),
        page_date=fields.day(found, "page_date"),
        src=str(fields.text(found, "src", default="")),
        place=found.place,
    )


def read_seen(document: Mapping) -> tuple[SeenFigure, ...]:
    """The figures under `seen:` of a file."""
    items = fields.sequence(document.get("seen"), "seen", document.place)
    return tuple(_seen(fields.mapping(item, "seen", document.place)) for item in items)


def _seen(found: Mapping) -> SeenFigure:
    words = {key: str(fields.text(found, key, default="")) for key in ("who", "season", "bound", "policy", "ref", "seen_at", "src", "note_zh")}
    return SeenFigure(
        parameter=str(fields.text(found, "parameter")),
        region=fields.region(found, "region"),
        value=fields.whole(found.get("value"), "value", found.place),
        unit=str(fields.text(found, "unit")),
        why_zh=str(fields.text(found, "why_zh")),
        tier=fields.optional_whole(found, "tier"),
        start=fields.day(found, "from"),
        end=fields.day(found, "to"),
        page_date=fields.day(found, "page_date"),
        status=str(fields.text(found, "status", default="verified")),
        dates=str(fields.text(found, "dates", default="verified")),
        place=found.place,
        **words,
    )
