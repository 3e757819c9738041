"""One policy file into a `Policy`: versions, clause trees, parameters, exclusions, cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from leye.kernel.errors import Place
from leye.policy import fields
from leye.policy.expression import Const, Iff, Node, node_type
from leye.policy.facts import REGION
from leye.policy.grammar import Scope, parse
from leye.policy.located import Mapping, Sequence, Text, Value
from leye.policy.pack import (
    AmountRow,
    Apply,
    Case,
    Clause,
    ClauseNode,
    Exclusion,
    Group,
    Parameter,
    ParameterValue,
    Policy,
    Version,
)

GROUPS = ("all", "any", "not", "at_least")


def read_policy(found: Mapping, scope: Scope, pack: str, base: Policy | None = None) -> Policy:
    """A policy from its file. base: the national policy that a regional file adds versions to. Raises BadInput with the line."""
    name = fields.text(found, "policy")
    benefit_zh, benefit_en = fields.two_languages(found, "benefit")
    kept = base or _BLANK
    policy = Policy(
        id=str(name),
        name=str(fields.text(found, "name", default=kept.name or None)),
        name_en=str(fields.text(found, "name_en", default=kept.name_en or str(name))),
        about=str(fields.text(found, "about", default=kept.about or None)),
        pays=str(fields.text(found, "pays", default=kept.pays or "none")),
        status=str(fields.text(found, "status", default=kept.status or "unverified")),
        discretionary=fields.text(found, "discretionary", default="true" if kept.discretionary else "false") == "true",
        benefit_zh=benefit_zh or kept.benefit_zh,
        benefit_en=benefit_en or kept.benefit_en,
        sources=kept.sources or fields.sources(found),
        versions=kept.versions + tuple(_version(v, scope, pack, found) for v in _items(found, "versions")),
        exclusive=kept.exclusive or _exclusions(found),
        apply=_apply(found) if "apply" in found else kept.apply,
        notes=kept.notes + fields.notes(found),
        cases=kept.cases + tuple(read_case(c, str(name)) for c in _items(found, "tests")),
        pack=kept.pack or pack,
        place=name.place,
    )
    return policy


_BLANK = Policy("", "", "", "", "", "", False, "", "", (), (), (), Apply(), (), (), "")


def _items(parent: Mapping, key: str) -> list[Mapping]:
    return [fields.mapping(item, key, parent.place) for item in fields.sequence(parent.get(key), key, parent.place)]


def _version(found: Mapping, scope: Scope, pack: str, parent: Mapping) -> Version:
    parameters = read_parameters(found.get("parameters"), scope, found.place)
    names = scope.within(frozenset(parameters))
    rows = tuple(_amount_row(r, names) for r in _items(found, "amounts"))
    if rows and "amount_fen" in found:
        raise fields.refuse(
            "金额写了两种：amount_fen 和 amounts",
            "two amounts at once: amount_fen and amounts",
            found["amounts"].place,
            "只留一种",
            "keep one",
            code="E_TWO_AMOUNTS",
        )
    amount = _table(rows) if rows else _expression(found, "amount_fen", names)
    why_zh, why_en = fields.two_languages(found, "amount_why")
    return Version(
        start=fields.day(found, "from", required=True) or date.max,
        end=fields.day(found, "to"),
        sunset=str(fields.text(found, "sunset", default="")),
        region=read_region(found, "region", "CN"),
        dates=str(fields.text(found, "dates", default="verified")),
        who=clause_node(fields.mapping(found.get("who"), "who", found.place), names),
        unit=str(fields.text(found, "unit")),
        amount=amount,
        amount_text=str(fields.text(found, "amount_fen", default="")),
        amount_rows=rows,
        amount_why_zh=why_zh,
        amount_why_en=why_en,
        months=_expression(found, "months", names),
        months_text=str(fields.text(found, "months", default="")),
        parameters=parameters,
        sources=fields.sources(found) or fields.sources(parent),
        notes=fields.notes(found),
        pack=pack,
        place=found.place,
    )


def read_region(found: Mapping, key: str, default: str) -> str:
    """A region prefix (CN, CN-44, CN-4403, CN-440305). Raises E_PACK_FORM."""
    region = fields.text(found, key, default=default)
    if REGION.match(region) is None:
        raise fields.refuse(
            f"地区写法不对：{region}",
            f"not a region: {region}",
            region.place,
            "写成 CN、CN-44、CN-4403 或 CN-440305",
            "write CN, CN-44, CN-4403 or CN-440305",
        )
    return str(region)


def _expression(found: Mapping, key: str, scope: Scope) -> Node | None:
    value = found.get(key)
    if value is None or fields.is_empty(value):
        return None
    return parse(fields.text(found, key), scope, wants="int")


def _amount_row(found: Mapping, scope: Scope) -> AmountRow:
    return AmountRow(
        parse(fields.text(found, "when"), scope, wants="bool"),
        parse(fields.text(found, "fen"), scope, wants="int"),
        str(fields.text(found, "say", default="")),
        str(fields.text(found, "say_en", default="")),
        found.place,
    )


def _table(rows: tuple[AmountRow, ...]) -> Node:
    """The rows as one choice after the other; where none applies the amount is unknown, which lint refuses."""
    node: Node = Const(None, "int")
    for row in reversed(rows):
        node = Iff(row.when, row.fen, node, node_type(row.fen))
    return node


def clause_node(found: Mapping, scope: Scope) -> ClauseNode:
    """A clause tree. Raises BadInput with the line."""
    if "when" in found:
        when = fields.text(found, "when")
        return Clause(
            parse(when, scope, wants="bool"),
            str(when),
            str(fields.text(found, "say", default="")),
            str(fields.text(found, "say_en", default="")),
            str(fields.text(found, "basis", default="")),
            fields.note(found.get("note"), found.place),
            found.place,
        )
    kinds = [key for key in GROUPS if key in found]
    if len(kinds) != 1:
        raise fields.refuse(
            "条件要么是 when，要么是 all、any、not、at_least 之一",
            "a clause is `when`, or one of all, any, not, at_least",
            found.place,
            "检查缩进和关键字",
            "check the indentation and the key",
        )
    return _group(found, kinds[0], scope)


def _group(found: Mapping, kind: str, scope: Scope) -> Group:
    k, inside = 0, found[kind]
    if kind == "at_least":
        k, inside = fields.whole(found[kind], kind, found.place), found.get("of", Sequence())
    items: list[Value] = [inside] if kind == "not" and isinstance(inside, Mapping) else list(fields.sequence(inside, kind, found.place))
    parts = tuple(clause_node(fields.mapping(item, kind, found.place), scope) for item in items)
    if not parts or (kind == "not" and len(parts) != 1) or (kind == "at_least" and not 1 <= k <= len(parts)):
        raise fields.refuse(
            f"“{kind}”下面的条件数不对",
            f"wrong number of clauses under {kind!r}",
            found.place,
            "all、any 至少一条，not 恰好一条，at_least: k 的 of 里至少 k 条",
            "all and any take one or more, not takes one, at_least k takes k or more in `of`",
        )
    return Group(kind, parts, k, str(fields.text(found, "say", default="")), str(fields.text(found, "say_en", default="")), found.place)


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
    return [replace(read, region=read_region(Mapping(region=r), "region", "CN")) for r in regions] or [read]


def _value_row(found: Mapping, scope: Scope) -> ParameterValue:
    formula = found.get("formula")
    has_formula = formula is not None and not fields.is_empty(formula)
    note = fields.text(found, "note_zh", default=str(fields.text(found, "note", default="")))
    return ParameterValue(
        region=read_region(found, "region", "CN"),
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
        place=found.place,
    )


def _exclusions(found: Mapping) -> tuple[Exclusion, ...]:
    value = found.get("exclusive")
    items = [value] if isinstance(value, Mapping) else list(fields.sequence(value, "exclusive", found.place))
    return tuple(_exclusion(fields.mapping(item, "exclusive", found.place)) for item in items)


def _exclusion(found: Mapping) -> Exclusion:
    order = tuple(str(o) for o in fields.sequence(found.get("order"), "order", found.place))
    return Exclusion(
        str(fields.text(found, "group")), str(fields.text(found, "scope", default="once")), str(fields.text(found, "rule", default="choose")), order
    )


def _apply(found: Mapping) -> Apply:
    apply = fields.mapping(found.get("apply"), "apply", found.place)
    documents = [d if isinstance(d, Mapping) else Mapping({"zh": d}) for d in fields.sequence(apply.get("documents"), "documents", apply.place)]
    for document in documents:
        document.file, document.line = apply.file, apply.line
    deadline = apply.get("deadline")
    until = deadline if isinstance(deadline, Mapping) else None
    return Apply(
        tuple(str(fields.text(d, "zh", default="")) for d in documents),
        tuple(str(fields.text(d, "en", default="")) for d in documents),
        *fields.two_languages(apply, "where"),
        str(fields.text(until, "after", default="")) if until is not None else "",
        (fields.optional_whole(until, "months") or 0) if until is not None else 0,
    )


def read_case(found: Mapping, policy: str) -> Case:
    """One worked case."""
    return Case(
        str(fields.text(found, "policy", default=policy)),
        str(fields.text(found, "name")),
        fields.day(found, "on", required=True) or date.max,
        _mapping_or_empty(found, "facts"),
        _mapping_or_empty(found, "expect", scalar="value"),
        found.place,
    )


def _mapping_or_empty(found: Mapping, key: str, *, scalar: str = "") -> Mapping:
    value = found.get(key)
    if isinstance(value, Text) and scalar:
        value = Mapping({scalar: value})
    if isinstance(value, Mapping):
        if not hasattr(value, "file"):
            value.file, value.line = found.file, found.line
        return value
    empty = Mapping()
    empty.file, empty.line = found.file, found.line
    return empty
