"""Amounts and months where somebody is entitled: defined, once, and not below nothing; told with the facts of a person for whom it fails."""

from __future__ import annotations

from collections.abc import Callable

from leye.kernel.errors import Place
from leye.policy.expression import And, Compare, Const, Iff, Node, Not, Or
from leye.policy.lint.finding import Findings
from leye.policy.lint.people import Day, People, flattened, told
from leye.policy.lint.witness import Goal, Holds, Person, TooMany, Undefined, components

ZERO = Const(0, "int")


def check_money(people: People, findings: Findings) -> None:
    """Add amounts and months that go wrong for somebody."""
    version, found = people.own.version, people.own.found
    if version.amount is not None:
        _table(people, findings)
        place = found["amount_fen"].place if "amount_fen" in found and not version.amount_rows else _rows_place(people)
        if not version.amount_rows:
            _gap(people, place, findings)
        _negative(people, "amount", "金额", "the amount", "E_AMOUNT_NEGATIVE", place, findings)
    if version.months is not None and "months" in found:
        _negative(people, "months", "月数", "months", "E_MONTHS_NEGATIVE", found["months"].place, findings)


def _rows_place(people: People) -> Place:
    found = people.own.found
    return found["amounts"].place if "amounts" in found else found.place


def _search(people: People, goal_of: Callable[[Day], Goal], reads: Callable[[Day], Node]) -> tuple[Day, Person] | None:
    """The first day and entitled person for whom the goal holds; days that are not searched out claim nothing."""
    for day in people.days:
        try:
            person = day.find([*_entitled(day, reads(day)), goal_of(day)], until_today=True)
        except TooMany:
            continue
        if person is not None:
            return day, person
    return None


def _entitled(day: Day, node: Node) -> list[Goal]:
    """The conditions that share facts with an amount; the others do not matter to it."""
    if day.bound.who is None:
        return []
    parts = [p.node for p in flattened(day.bound.who)]
    group = next(c for c in components(day.evaluator, [*parts, node]) if len(parts) in c)
    return [Holds(parts[n]) for n in group if n < len(parts)]


def _amount(day: Day) -> Node:
    return day.bound.amount or ZERO


def _gap(people: People, place: Place, findings: Findings) -> None:
    hit = _search(people, lambda day: Undefined(_amount(day)), _amount)
    if hit is not None:
        day, person = hit
        findings.add(
            "E_AMOUNT_GAP",
            place,
            f"符合条件却没有金额，例如 {day.on}：{told(person, people.of)}",
            f"entitled without an amount, such as on {day.on}: {told(person, people.of)}",
            "补上这种情况的金额，或在条件里排除",
            "give the amount of that case, or rule it out in the conditions",
        )


def _conditions(day: Day, count: int) -> list[Node]:
    """Conditions of the rows of an amount table, as bound."""
    node = _amount(day)
    found: list[Node] = []
    while isinstance(node, Iff) and len(found) < count:
        found.append(node.cond)
        node = node.other
    return found


def _table(people: People, findings: Findings) -> None:
    rows = people.own.version.amount_rows
    if not rows:
        return
    count = len(rows)
    hit = _search(people, lambda day: Holds(Not(Or(tuple(_conditions(day, count))))), _amount)
    if hit is not None:
        findings.add(
            "E_AMOUNT_GAP",
            _rows_place(people),
            f"符合条件却哪一行都套不上，例如 {hit[0].on}：{told(hit[1], people.of)}",
            f"entitled and in no row, such as on {hit[0].on}: {told(hit[1], people.of)}",
            "补一行，或在条件里排除",
            "add a row, or rule it out in the conditions",
        )
    for later in range(1, count):
        for earlier in range(later):
            _both(people, earlier, later, findings)


def _both(people: People, earlier: int, later: int, findings: Findings) -> None:
    rows = people.own.version.amount_rows
    count = len(rows)

    def both(day: Day) -> Goal:
        conditions = _conditions(day, count)
        return Holds(And((conditions[earlier], conditions[later])))

    hit = _search(people, both, _amount)
    if hit is not None:
        findings.add(
            "E_AMOUNT_OVERLAP",
            rows[later].place,
            f"同一个人套上这一行和第 {rows[earlier].place.row} 行，例如 {hit[0].on}：{told(hit[1], people.of)}",
            f"this row and the one in line {rows[earlier].place.row} both apply, such as on {hit[0].on}: {told(hit[1], people.of)}",
            "改条件，让每个人正好套上一行",
            "mend the conditions so that exactly one row applies",
        )


def _negative(people: People, which: str, zh: str, en: str, code: str, place: Place, findings: Findings) -> None:
    def node(day: Day) -> Node:
        return (day.bound.amount if which == "amount" else day.bound.months) or ZERO

    hit = _search(people, lambda day: Holds(Compare("<", node(day), ZERO)), node)
    if hit is not None:
        day, person = hit
        value = day.evaluator.value(node(day), day.evaluator.env(person))
        findings.add(
            code,
            place,
            f"符合条件的人{zh}为 {value}，例如 {day.on}：{told(person, people.of)}",
            f"{en} of {value} for somebody entitled, such as on {day.on}: {told(person, people.of)}",
            "改算式，或加一个条件，如 greatest(…, 0)",
            "mend the expression, or add a condition, such as greatest(…, 0)",
        )
