"""All policies of a place on a day as one list: for whom, from which money, until when, how much; and what matches a search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from leye.policy.bind import Bound, BoundPolicy
from leye.policy.explain.amount_bounds import amount_bounds
from leye.policy.explain.explainer import explainer
from leye.policy.explain.plan import nearest_version
from leye.policy.expression import Compare, Const, DerivedRef, FactRef, Node, Not, Within, children
from leye.policy.pack import PackSet, Policy, Version

GROUPS: dict[str, tuple[str, str, frozenset[str]]] = {
    "unemployed": ("失业人员", "The unemployed", frozenset({"registered_unemployed", "ui_claiming", "employment_status=unemployed"})),
    "graduates": ("高校毕业生", "Graduates", frozenset({"graduate", "in_graduation_school_year"})),
    "hard": ("就业困难人员", "The hard to employ", frozenset({"hard_to_employ", "zero_employment_family"})),
    "poor": ("困难家庭", "Households in hardship", frozenset({"dibao", "tekun", "poverty_alleviated"})),
    "disabled": ("残疾人", "People with disabilities", frozenset({"disability_grade"})),
    "veterans": ("退役士兵", "Veterans", frozenset({"veteran"})),
    "rural": ("农村劳动者", "Rural workers", frozenset({"rural_transfer", "land_lost", "hukou_type=rural"})),
    "flexible": ("灵活就业和新就业形态", "Flexible and platform workers", frozenset({"gig_worker", "employment_status=flexible"})),
    "founders": ("创业者", "Founders", frozenset({"business_registered", "loan_applied_fen", "loan_interest_paid_fen"})),
    "learners": ("学技能的人", "Learners", frozenset({"cert_level", "in_training"})),
    "older": ("临近退休的人", "People near retirement", frozenset({"months_to_retirement<"})),
    "employees": ("在职职工", "Employees", frozenset({"employment_status=employed"})),
    "employers": ("用人单位", "Employers", frozenset()),
}
"""Group -> Chinese, English, what a rule asks for when it is meant for them: a fact, `fact=value`, `derived<`. Chosen by us, for finding only."""


@dataclass(frozen=True, slots=True)
class Overview:
    """One policy. version: in force, else the nearest · is_in_force · groups: keys of GROUPS · low_fen, high_fen: of the amount, None: no limit."""

    bound: BoundPolicy
    version: Version | None
    is_in_force: bool
    groups: tuple[str, ...]
    low_fen: int | None
    high_fen: int | None

    @property
    def policy(self) -> Policy:
        """The policy of the pack."""
        return self.bound.policy


@lru_cache(maxsize=64)
def overviews(packs: PackSet, on: date, region: str = "CN") -> tuple[Overview, ...]:
    """All policies, those in force first, then by id."""
    bound = explainer(packs, on, region).evaluator.bound
    found = [_overview(bound, p, on, region) for p in bound.policies]
    return tuple(sorted(found, key=lambda o: (not o.is_in_force, o.policy.id)))


def _overview(bound: Bound, policy: BoundPolicy, on: date, region: str) -> Overview:
    version = policy.version or nearest_version(policy.policy, on, region)
    return Overview(policy, version, policy.version is not None, groups_of(bound, policy, version), *amount_bounds(policy))


def groups_of(bound: Bound, policy: BoundPolicy, version: Version | None) -> tuple[str, ...]:
    """For whom a policy is, by what its rule asks for (what it forbids does not count)."""
    from leye.policy.pack import leaves

    trees = [policy.who.node] if policy.who is not None else [clause.when for clause in leaves(version.who)] if version is not None else []
    asked = {word for tree in trees for word in _asked(bound, tree)}
    if policy.policy.about != "person":
        asked -= {"employment_status=employed"}  # the person hired
    found = tuple(key for key, (_, _, words) in GROUPS.items() if words & asked)
    return found if policy.policy.about == "person" else (*found, "employers")


def _asked(bound: Bound, node: Node) -> Iterator[str]:
    if isinstance(node, Not):
        return
    if isinstance(node, FactRef):
        yield node.id
    elif isinstance(node, DerivedRef):
        yield from _asked(bound, bound.derived[node.id]) if node.id in bound.derived else ()
    elif isinstance(node, Compare) and isinstance(node.left, FactRef) and isinstance(node.right, Const) and node.right.type == "enum":
        yield f"{node.left.id}={node.right.value}" if node.op == "==" else ""
    elif isinstance(node, Compare) and isinstance(node.left, DerivedRef):
        yield f"{node.left.id}{node.op[0]}"
    elif isinstance(node, Within) and isinstance(node.part, FactRef):
        yield from (f"{node.part.id}={value.value}" for value in node.values)
    else:
        for part in children(node):
            yield from _asked(bound, part)


def matching(rows: Iterable[Overview], *, text: str = "", group: str = "", fund: str = "", only_now: bool = False) -> list[Overview]:
    """Rows in which every word of the text occurs (name, benefit, groups, documents of the law), of a group and a fund, in force."""
    wanted = text.casefold().split()
    return [
        row for row in rows
        if (not group or group in row.groups) and (not fund or row.policy.pays == fund) and (row.is_in_force or not only_now)
        and all(word in _haystack(row) for word in wanted)
    ]  # fmt: skip


def _haystack(row: Overview) -> str:
    policy = row.policy
    groups = [name for key in row.groups for name in GROUPS[key][:2]]
    return " ".join([policy.id, policy.name, policy.name_en, policy.benefit_zh, policy.benefit_en, *groups, *map(str, policy.sources)]).casefold()
