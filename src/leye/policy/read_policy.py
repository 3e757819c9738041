"""One policy file into a `Policy`: versions, clause trees, parameters, exclusions, cases."""

from __future__ import annotations

from datetime import date

from leye.policy import fields
from leye.policy.expression import Const, Iff, Node, node_type
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
    Policy,
    Version,
)
from leye.policy.read_values import read_parameters

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
        region=fields.region(found, "region"),
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
        exclusive=_exclusions(found),
        place=found.place,
    )


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
    say, say_en, basis = (str(fields.text(found, key, default="")) for key in ("say", "say_en", "basis"))
    return Group(kind, parts, k, say, say_en, basis, fields.note(found.get("note"), found.place), found.place)


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
