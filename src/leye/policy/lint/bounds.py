"""Values of parameters: inside their own bounds, inside what the fact table allows, below the national cap, one for each place and day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

from leye.kernel.errors import BadInput
from leye.policy.lint.caps import check_cap, national_cap
from leye.policy.lint.documents import PackFolder
from leye.policy.lint.finding import Findings
from leye.policy.located import Mapping as LocatedMapping
from leye.policy.pack import Parameter, ParameterValue
from leye.policy.read_values import read_parameters


def check_bounds(of: PackFolder) -> None:
    """Add values that cannot stand."""
    for sheet in of.of_kind("tables"):
        for parameter in _readable(sheet.found, of, frozenset()):
            _own_bounds(parameter, of.findings)
            _fact_range(parameter, of)
            if of.base is not None and parameter.name in of.base.parameters:
                check_cap(parameter, of.base.parameters[parameter.name].high, of.findings)
            _overlaps(parameter, of.findings)
    for sheet in of.of_kind("policy"):
        for version in sheet.items("versions"):
            for parameter in _readable(version, of, frozenset(_names(version))):
                _own_bounds(parameter, of.findings)
                _fact_range(parameter, of)
                check_cap(parameter, national_cap(of.national, str(sheet.found["policy"]), parameter.name, version), of.findings)
                _overlaps(parameter, of.findings)


def _names(version: LocatedMapping) -> list[str]:
    own = version.get("parameters")
    return [str(n) for n in own] if isinstance(own, LocatedMapping) else []


def _readable(found: LocatedMapping, of: PackFolder, names: frozenset[str]) -> Iterator[Parameter]:
    """Parameters one by one; those that do not read were found already."""
    own = found.get("parameters")
    for name, item in own.items() if isinstance(own, LocatedMapping) else []:
        one = LocatedMapping({name: item})
        one.file, one.line = found.file, found.line
        try:
            yield from read_parameters(one, of.scope.within(names), found.place).values()
        except BadInput:
            continue


def _own_bounds(parameter: Parameter, findings: Findings) -> None:
    for row in parameter.values:
        if row.value is not None and not _inside(row.value, parameter.low, parameter.high):
            findings.add(
                "E_PARAM_RANGE",
                row.place,
                f"参数“{parameter.name}”的值 {row.value} 不在 {_range(parameter.low, parameter.high)} 内",
                f"{row.value} of {parameter.name!r} lies outside {_range(parameter.low, parameter.high)}",
                "改成上下限之内的值；上下限是文件定的，不要跟着改",
                "give a value inside; the bounds are the document's, leave them",
            )


def _inside(value: int, low: int | None, high: int | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _range(low: int | None, high: int | None) -> str:
    return f"{'…' if low is None else low}–{'…' if high is None else high}"


def _fact_range(parameter: Parameter, of: PackFolder) -> None:
    """A value that stands in for a fact keeps to what the fact may be."""
    fact = of.facts.facts.get(parameter.name)
    if fact is None:
        return
    for row in parameter.values:
        if row.value is not None and not fact.allows(row.value):
            of.findings.add(
                "E_PARAM_FACT_RANGE",
                row.place,
                f"“{fact.zh}”({fact.id}) 的值 {row.value} 不在事实表的范围 {'至'.join(fact.allowed)} 内",
                f"{row.value} of {fact.id} lies outside the fact table's {' .. '.join(fact.allowed)}",
                "核对文件；国家规定的上限不能突破",
                "check the document; the national cap holds",
            )


def _overlaps(parameter: Parameter, findings: Findings) -> None:
    groups: dict[tuple[str, str], list[ParameterValue]] = {}
    for row in parameter.values:
        groups.setdefault((row.region, row.policy), []).append(row)
    for (region, _), rows in groups.items():
        ordered = sorted(rows, key=lambda r: r.start)
        for row, following in pairwise(ordered):
            if row.end is None or row.end >= following.start:
                findings.add(
                    "E_VALUE_OVERLAP",
                    following.place,
                    f"参数“{parameter.name}”在 {region} 的两个值在 {following.start} 都有效（另一个在第 {row.place.row} 行）",
                    f"two values of {parameter.name!r} hold in {region} on {following.start} (the other in line {row.place.row})",
                    "给前一个值写 to: 最后一天",
                    "give the earlier one its last day, `to`",
                )


def changes(parameters: Mapping[str, Parameter]) -> set[date]:
    """Days on which a value begins or the day after one ends."""
    rows = [row for p in parameters.values() for row in p.values]
    return {r.start for r in rows} | {r.end + timedelta(days=1) for r in rows if r.end is not None and r.end < date.max}
