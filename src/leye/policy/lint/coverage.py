"""Parameters that a version reads: a value on each of its days, divisors that are positive, none that nothing reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from leye.kernel.errors import BadInput, Place
from leye.policy.expression import Const, FloorDiv, Node, ParamRef, walk
from leye.policy.grammar import parse
from leye.policy.lint.assembled import Assembled, OwnVersion
from leye.policy.lint.bounds import changes
from leye.policy.lint.documents import PackFolder
from leye.policy.located import Mapping, Sequence, Text, Value
from leye.policy.located import texts as all_texts
from leye.policy.lookup import value_of
from leye.policy.pack import PackSet, Parameter, Version, leaves
from leye.policy.read_values import read_parameters

EXPRESSION_KEYS = ("when", "amount_fen", "months", "fen", "is", "formula")


def check_coverage(of: PackFolder, made: Assembled) -> None:
    """Add parameters without a value on some day of a version, and those that the version does not read."""
    for own in made.versions:
        read = parameters_read(own.version)
        for name in sorted(read):
            day = _day_without(made.packs, own, name)
            if day is not None:
                _missing(of, own, name, day)
        for name, parameter in own.version.parameters.items():
            if name not in read:
                of.findings.add(
                    "W_PARAM_UNUSED",
                    parameter.place,
                    f"参数“{name}”没有用到",
                    f"nothing reads parameter {name!r}",
                    "删掉，或看条件里的名称有没有写错",
                    "remove it, or look whether its name is misspelt where it is meant",
                )


def parameters_read(version: Version) -> set[str]:
    """Names of the parameters that stand in a version's conditions and amounts."""
    return {n.id for node in _nodes(version) for n in walk(node) if isinstance(n, ParamRef)}


def _nodes(version: Version) -> Iterator[Node]:
    yield from (c.when for c in leaves(version.who))
    yield from (n for n in (version.amount, version.months) if n is not None)
    yield from (v.formula for p in version.parameters.values() for v in p.values if v.formula is not None)


def _day_without(packs: PackSet, own: OwnVersion, name: str) -> date | None:
    """The first day of a version on which a parameter has no value in its region."""
    version = own.version
    mine = version.parameters.get(name)
    source = {name: mine} if mine is not None else {name: packs.parameters[name]} if name in packs.parameters else {}
    last = version.end or max([version.start, *changes(source)]) + timedelta(days=366)
    for on in sorted({version.start, last, *changes(source)}):
        if version.start <= on <= last and not has_value(packs, own, name, on):
            return on
    return None


def has_value(packs: PackSet, own: OwnVersion, name: str, on: date) -> bool:
    """Whether a parameter has a value on a day in the region of a version."""
    mine = own.version.parameters.get(name)
    known = packs if mine is None else replace(packs, parameters={name: mine})
    found = value_of(known, name, own.version.region, on, own.policy.id)
    return found is not None and (found.value is not None or found.formula is not None)


def _missing(of: PackFolder, own: OwnVersion, name: str, day: date) -> None:
    mine = own.version.parameters.get(name)
    place = mine.place if mine is not None else next((t.place for t in all_texts(own.found) if name in t), own.version.place)
    of.findings.add(
        "E_PARAM_MISSING",
        place,
        f"参数“{name}”在 {own.version.region} 从 {day} 起没有值，版本从 {own.version.start} 起执行",
        f"parameter {name!r} has no value in {own.version.region} on {day}; the version begins on {own.version.start}",
        f"在 values 里给 {own.version.region} 写上那天的值",
        f"give {own.version.region} a value for that day under `values`",
    )


def check_divisors(of: PackFolder) -> None:
    """Add whole divisions by something that could be zero, negative or unknown."""
    for sheet in of.sheets:
        shared = _positive(of, [s.found for s in of.of_kind("tables")])
        if sheet.kind == "policy":
            for version in sheet.items("versions"):
                _divisors(version, of, shared | _positive(of, [version]), frozenset(_own_names(version)))
        else:
            _divisors(sheet.found, of, shared, frozenset())


def _own_names(version: Mapping) -> list[str]:
    own = version.get("parameters")
    return [str(n) for n in own] if isinstance(own, Mapping) else []


def _positive(of: PackFolder, holders: Iterable[Mapping]) -> set[str]:
    """Parameters all of whose values are above zero."""
    found: set[str] = set() if of.base is None else {n for n, p in of.base.parameters.items() if _is_positive(p)}
    for holder in holders:
        try:
            own = read_parameters(holder.get("parameters"), of.scope, holder.place)
        except BadInput:
            own = {}
        found |= {n for n, p in own.items() if _is_positive(p)}
    return found


def _is_positive(parameter: Parameter) -> bool:
    return bool(parameter.values) and all(v.value is not None and v.value > 0 for v in parameter.values)


def _divisors(value: Value, of: PackFolder, positive: set[str], names: frozenset[str]) -> None:
    if isinstance(value, Sequence):
        for part in value:
            _divisors(part, of, positive, names)
    if not isinstance(value, Mapping):
        return
    for key, part in value.items():
        if key in EXPRESSION_KEYS and isinstance(part, Text):
            for right in _rights(part, of, names):
                if not _is_sure(right, positive):
                    _refuse(part, of)
        elif key not in ("tests", "cases", "facts"):
            _divisors(part, of, positive, names)


def _rights(text: Text, of: PackFolder, names: frozenset[str]) -> list[Node]:
    try:
        tree = parse(text, of.scope.within(names))
    except BadInput:
        return []
    return [n.right for n in walk(tree) if isinstance(n, FloorDiv)]


def _is_sure(node: Node, positive: set[str]) -> bool:
    if isinstance(node, Const):
        return isinstance(node.value, int) and node.value > 0
    return isinstance(node, ParamRef) and node.id in positive


def _refuse(text: Text, of: PackFolder) -> None:
    place: Place = text.place
    of.findings.add(
        "E_DIVISOR",
        place,
        f"floordiv 的除数要是正的固定数：{text}",
        f"floordiv divides by a positive constant only: {text}",
        "除数写成整数，或写成值都大于零的参数",
        "write a whole number, or a parameter whose values are all above zero",
    )
