"""A national version as the beginning of a place's own: the same conditions and sentences, the place's region, days and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from leye.kernel.errors import BadInput
from leye.policy import fields
from leye.policy.author.write import scalar
from leye.policy.lint.spans import last_line
from leye.policy.located import Mapping as LocatedMapping
from leye.policy.located import Text, read_located
from leye.policy.pack import PackSet, Parameter, Policy, Version

_WRITTEN_ANEW = ("from", "to", "sunset", "region", "dates", "parameters", "source")


def localised_text(
    packs: PackSet,
    policy: Policy,
    version: Version,
    *,
    region: str,
    start: date,
    end: date | None,
    sunset: str,
    values: Mapping[str, int],
    source: str,
) -> str:
    """The file of a place's own version, without cases. values: parameter -> number, for those that differ · source: the place's document.

    Raises BadInput (E_RULE_BASIS) where the version's file cannot be taken apart line by line.
    """
    file, found = _found(packs, version)
    lines = file.read_text(encoding="utf-8").split("\n")
    kept = [line for key, span in _spans(found, lines) if key not in _WRITTEN_ANEW for line in span]
    head = [f"policy: {policy.id}", "source:", f"  - {{doc: {scalar(source)}}}", "versions:", f"  - from: {start}"]
    head += [f"    to: {end}"] if end is not None else []
    head += [f"    sunset: {scalar(sunset)}"] if sunset else []
    head += [f"    region: {region}", "    dates: verified"]
    return "\n".join([*head, *kept, *_parameters(version, region, start, values), "tests: []", ""])


def _found(packs: PackSet, version: Version) -> tuple[Path, LocatedMapping]:
    """The file that a version stands in, and its mapping there."""
    folder = next(p.folder for p in packs.packs if p.id == version.pack)
    name = (version.place.file or "").split("/", 1)[1]
    top = fields.mapping(read_located(folder / name, shown=version.place.file or name), name, version.place)
    for item in fields.sequence(top.get("versions"), "versions", version.place):
        if isinstance(item, LocatedMapping) and item.line == version.place.row:
            return folder / name, item
    raise _apart(version)


def _spans(found: LocatedMapping, lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each key of a version with its lines, four spaces deep, comments with the key that they stand before."""
    keys = [k for k in found if isinstance(k, Text)]
    starts = [k.line for k in keys]
    if len(set(starts)) != len(starts):
        raise fields.refuse(
            "这个版本写成了一行，没法以它为底",
            "the version stands in one line and cannot be taken as a beginning",
            found.place,
            "把要写的条件填进表单",
            "fill in the form instead",
            code="E_RULE_BASIS",
        )
    ends = [start - 1 for start in starts[1:]] + [last_line(found)]
    for key, first, last in zip(keys, starts, ends, strict=True):
        span = lines[first - 1 : last]
        yield str(key), [span[0].replace("- ", "  ", 1) if first == found.line else span[0], *span[1:]]


def _parameters(version: Version, region: str, start: date, values: Mapping[str, int]) -> Iterator[str]:
    if version.parameters:
        yield "    parameters:"
    for parameter in version.parameters.values():
        yield f"      {parameter.name}: {{{', '.join(_parts(parameter, version, region, start, values))}}}"


def _parts(parameter: Parameter, version: Version, region: str, start: date, values: Mapping[str, int]) -> Iterator[str]:
    if parameter.zh:
        yield f"zh: {scalar(parameter.zh)}"
    yield f"unit: {scalar(parameter.unit)}"
    if parameter.low is not None:
        yield f"min: {parameter.low}"
    if parameter.high is not None:
        yield f"max: {parameter.high}"
    value = values.get(parameter.name, value_on(parameter, version.region, start))
    yield f"values: {{{region}: {{{start}: {'null' if value is None else value}}}}}"


def value_on(parameter: Parameter, region: str, on: date) -> int | None:
    """The number of a region on a day, else the newest one; None where it is a formula or unknown."""
    rows = sorted((v for v in parameter.values if v.region == region), key=lambda v: v.start)
    holding = [v for v in rows if v.start <= on and (v.end is None or on <= v.end)] or rows[-1:]
    return holding[-1].value if holding else None


def _apart(version: Version) -> BadInput:
    return fields.refuse(
        "找不到这个版本的原文",
        "the text of this version was not found",
        version.place,
        "把要写的条件填进表单",
        "fill in the form instead",
        code="E_RULE_BASIS",
    )
