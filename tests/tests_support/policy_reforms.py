"""Random reforms over the shipped packs, and what they do computed slowly: person by person, month by month, with the scalar engine."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from leye.policy import Evaluator, PackSet, bind
from leye.policy.lookup import version_of
from leye.policy.pack import leaves
from leye.policy.simulate import Reform, reform_of_text
from leye.policy.simulate.path import add_months

NEW = """
policy: night_bus
name: 夜班交通补贴
name_en: Night bus allowance
about: person
pays: employment_fund
status: unverified
source: [{doc: 测试, article: 一}]
versions:
  - from: 2020-01-01
    sunset: 测试
    region: CN
    who: {all: [{when: gig_worker, say: 平台从业}, {when: "subsidised_months < 30", say: 补贴不到三十个月}]}
    unit: month
    amount_fen: per_month_fen
    months: 30 - subsidised_months
    parameters:
      per_month_fen: {unit: fen, max: 50000, values: {CN: {2020-01-01: 20000}, CN-44: {2020-01-01: 30000}}}
exclusive: {group: social_insurance_subsidy, scope: same_month, rule: max_benefit}
"""
CONDITIONS = ("not dibao", "ui_total_months >= 6", "age >= 30", "gig_worker or veteran", "cert_level == 5", "months_to_retirement > 24")


def random_reform(packs: PackSet, on: date, seed: int) -> Reform:
    """One to four changes of any kind that can be put onto the packs; half of the reforms begin later than the day."""
    dice = random.Random(seed)
    body = "\n".join(f"  - {_change(packs, on, dice)}" for _ in range(dice.randint(1, 4)))
    start = f"from: {on + timedelta(days=dice.choice((20, 45, 100)))}\n" if dice.random() < 0.5 else ""
    if dice.random() < 0.25:
        indented = NEW.strip().replace("\n", "\n      ")
        body += f"\n  - add_policy:\n      {indented}"
    return reform_of_text(f"reform: 随机{seed}\n{start}changes:\n{body}\n")


def _change(packs: PackSet, on: date, dice: random.Random) -> str:
    kind = dice.choice(("value", "value", "value", "place", "drop_clause", "clause", "add_clause", "amount_fen", "end_on", "extend_to", "months"))
    region = dice.choice(("", "", "region: CN-44, ", "region: CN-11, "))
    if kind == "place":
        name, value = dice.choice((("local_ui_benefit_fen", 234_500), ("local_min_wage_fen", 260_000), ("local_subsidy_fen", 77_700)))
        return f"{{parameter: {name}, {region or 'region: CN-4403, '}value: {value}}}"
    later = on + timedelta(days=120)
    able = {p.id: v for p in packs.policies.values() if (v := version_of(p, "CN", on)) is not None and version_of(p, "CN", later) is v}
    if kind == "value":
        able = {k: v for k, v in able.items() if v.parameters}
    if kind in ("amount_fen", "months"):
        able = {k: v for k, v in able.items() if v.amount is not None}
    if kind == "drop_clause":
        able = {k: v for k, v in able.items() if len(list(leaves(v.who))) > 5}
    if kind == "extend_to":
        ended = {p.id: v for p in packs.policies.values() for v in p.versions if v.region == "CN" and v.end and v.end.year >= on.year}
        return f"{{policy: {dice.choice(sorted(ended))}, extend_to: 2041-12-31}}"
    if kind == "end_on":
        open_ended = [k for k, v in able.items() if v.end is None]
        return f"{{policy: {dice.choice(open_ended)}, end_on: {on + timedelta(days=dice.choice((130, 200)))}}}"
    name = dice.choice(sorted(able))
    if kind == "value":
        p = dice.choice(list(able[name].parameters.values()))
        old = p.values[0].value or 1
        return f"{{policy: {name}, parameter: {p.name}, {region}value: {max(1, round(old * dice.choice((0.5, 0.9, 1.2, 2))))}, beyond_cap: 测试}}"
    tail = {
        "drop_clause": f"drop_clause: {dice.randint(1, 2)}",
        "clause": f"clause: {dice.randint(1, len(list(leaves(able[name].who))))}, when: '{dice.choice(CONDITIONS)}', say: 换成这一条",
        "add_clause": f"add_clause: {{when: '{dice.choice(CONDITIONS)}', say: 多一条}}",
        "amount_fen": "amount_fen: 'iff(age < 40, 12300, 45600)'",
        "months": "months: '18 - least(18, ui_claimed_months)'",
    }[kind]
    return f"{{policy: {name}, {region}{tail}}}"


@dataclass
class Slow:
    """One side for one person on one day: verdict, amount, months and annual value after the choice, by policy."""

    verdict: dict[str, bool | None]
    amount: dict[str, int | None]
    months: dict[str, int | None]
    unit: dict[str, str]
    possible: dict[str, int]
    annual: dict[str, int]


def slow_side(packs: PackSet, on: date, facts: Mapping[str, Any], region: str | None, cache: dict[Any, Evaluator]) -> Slow:
    """Everything about one person under one law. cache: evaluators by (packs, day, place)."""
    key = (id(packs), on, facts.get("region") or region)
    if key not in cache:
        cache[key] = Evaluator(bind(packs, on, facts.get("region") or region))
    found = Slow({}, {}, {}, {}, {}, {})
    groups: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    evaluator = cache[key]
    env = evaluator.env(facts)
    for answer in evaluator.answers(env):
        name, version = answer.policy.policy.id, answer.policy.version
        found.verdict[name] = answer.verdict
        found.unit[name] = version.unit if version else ""
        amount = evaluator.value(answer.policy.amount, env) if answer.policy.amount is not None else None
        months = evaluator.value(answer.policy.months, env) if answer.policy.months is not None else None
        found.amount[name], found.months[name] = amount, months
        found.possible[name] = _annual(found.unit[name], amount, months)
        found.annual[name] = found.possible[name] if answer.verdict else 0
        if answer.verdict:
            for rule in answer.policy.exclusive:
                groups[rule.group].append((name, rule))
    for loser in _losers(groups, found.annual):
        found.annual[loser] = 0
    return found


def _annual(unit: str, amount: int | None, months: int | None) -> int:
    if unit not in ("month", "year", "once") or amount is None:
        return 0
    return amount if unit != "month" else amount * (12 if months is None else max(0, min(months, 12)))


def _losers(groups: Mapping[str, list[tuple[str, Any]]], annual: Mapping[str, int]) -> set[str]:
    """Members that another of a group goes before; groups of the shipped packs do not overlap."""
    found: set[str] = set()
    for members in groups.values():
        order = members[0][1].order if members[0][1].rule == "priority" else ()
        ranked = sorted((order.index(n) if n in order else len(order), -annual[n], n) for n, _ in members)
        found |= {name for _, _, name in ranked[1:]}
    return found


def slow_path(before: PackSet, after: PackSet, policies: list[str], people: pl.DataFrame, on: date, months: int, region: str | None) -> list[Any]:
    """(month, policy, paid before, paid after, fen before, fen after), as `monthly_path`."""
    sums: dict[tuple[int, str, int], list[int]] = defaultdict(lambda: [0, 0])
    cache: dict[Any, Evaluator] = {}
    for person in people.to_dicts():
        facts = {k: v for k, v in person.items() if v is not None}
        for side, packs in enumerate((before, after)):
            began: dict[str, tuple[int, int]] = {}
            for m in range(months):
                now = slow_side(packs, add_months(on, m), facts, region, cache)
                for policy in policies:
                    if now.annual.get(policy, 0) <= 0:
                        continue
                    fresh = policy not in began
                    left = now.months[policy] if now.months[policy] is not None else 10_000
                    first, term = began.setdefault(policy, (m, left))  # type: ignore[arg-type]
                    unit = now.unit[policy]
                    if (unit == "month" and m - first < term) or (unit == "once" and fresh) or (unit == "year" and (m - first) % 12 == 0):
                        sums[m, policy, side][0] += 1
                        sums[m, policy, side][1] += now.amount[policy] or 0
    return [
        (add_months(on, m).replace(day=1), p, sums[m, p, 0][0], sums[m, p, 1][0], sums[m, p, 0][1], sums[m, p, 1][1])
        for m in range(months)
        for p in policies
    ]
