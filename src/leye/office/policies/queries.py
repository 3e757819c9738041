"""The packs in force as open pages and the API read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from leye.kernel.codes import region_prefix
from leye.kernel.errors import BadInput, NotFound
from leye.office.entitlements.files import packs_here, rules_day
from leye.office.promotion.queries import home_region
from leye.policy.bind import Bound, BoundPolicy
from leye.policy.explain import explainer
from leye.policy.explain.overview import Overview, overviews
from leye.policy.explain.plan import Plan
from leye.policy.expression import Node
from leye.policy.facts import REGION
from leye.policy.lookup import covers
from leye.policy.pack import Parameter, ParameterValue, SeenFigure, Version

__all__ = ["PolicyPage", "packs_here", "places_to_choose", "policy_page", "region_of", "rules_day"]


@dataclass(frozen=True)
class Figure:
    """A number of the law or of a place, as it holds on the day. is_own: it stands in the version itself."""

    parameter: Parameter
    value: ParameterValue
    is_own: bool


@dataclass(frozen=True)
class PolicyPage:
    """One policy for everybody.

    plan: the rule laid out in lines, of the version in force, else of the nearest · figures: its numbers in the place on that version's day ·
    elsewhere: the same local numbers in all places that the packs know · seen: figures of the place that give no single value · versions: all, the
    newest first · rivals: policies that exclude each other · asked: facts that somebody can be asked for; none where it is not in force.
    """

    on: date
    region: str
    overview: Overview
    plan: Plan
    figures: tuple[Figure, ...]
    elsewhere: tuple[Figure, ...]
    seen: tuple[SeenFigure, ...]
    versions: tuple[Version, ...]
    rivals: tuple[Overview, ...]
    asked: tuple[str, ...]


def region_of(text: str | None) -> str:
    """A place in prefix form (six digits are understood); without one that of the data folder, else the nation. Raises BadInput (E_REGION)."""
    if not text:
        return home_region() or "CN"
    found = region_prefix(text) if text.isdigit() and len(text) == 6 else text
    if REGION.match(found) is None:
        raise BadInput(
            f"“{text[:20]}”不是地区", en=f"{text[:20]!r} is no region", remedy_zh="写成 CN、CN-44、CN-4403 或 CN-440305",
            remedy_en="write CN, CN-44, CN-4403 or CN-440305", code="E_REGION",
        )  # fmt: skip
    return found


def places_to_choose() -> list[str]:
    """Provinces with a pack of their own, and the place of the data folder with those it lies in."""
    home = home_region()
    found = {"CN", *(p.region for p in packs_here().packs), *(home[:n] for n in (5, 7, 9) if len(home) >= n)}
    return sorted(found)


def policy_page(policy: str, on: date, region: str, *, language: str = "zh") -> PolicyPage:
    """Everything that the page of a policy shows. Raises NotFound (E_POLICY_UNKNOWN)."""
    packs = packs_here()
    if policy not in packs.policies:
        raise NotFound(
            "没有这项政策", en="no such policy", remedy_zh="请回到政策列表找一找", remedy_en="go back to the list", code="E_POLICY_UNKNOWN"
        )
    rows = {row.policy.id: row for row in overviews(packs, on, region)}
    row = rows[policy]
    day = on if row.is_in_force or row.version is None else row.version.start if row.version.start > on else row.version.end or on
    room = explainer(packs, day, region, language)
    plan = next(p for p in room.plans if p.bound.policy.id == policy)
    bound, nodes = room.evaluator.bound, _nodes(plan.bound)
    local = sorted(n for n in bound.reads(nodes) if packs.facts.facts[n].kind == "local" and n in packs.parameters)
    used = tuple(Figure(packs.parameters[name], value, False) for name, value in plan.bound.uses if name in packs.parameters)
    return PolicyPage(
        on,
        region,
        row,
        plan,
        (*_own_figures(plan.bound.version, region, day), *used),
        tuple(Figure(packs.parameters[n], v, False) for n in local for v in _in_force(packs.parameters[n], day, policy)),
        tuple(s for p in packs.packs for s in p.seen if covers(s.region, region) and s.parameter in local and s.policy in ("", policy)),
        tuple(sorted(plan.bound.policy.versions, key=lambda v: (v.start, v.region), reverse=True)),
        tuple(rows[r] for r in plan.rivals),
        _asked(bound, plan.bound) if row.is_in_force else (),
    )


def _nodes(policy: BoundPolicy) -> list[Node]:
    return [n for n in (policy.who.node if policy.who else None, policy.amount, policy.months) if n is not None]


def _in_force(parameter: Parameter, on: date, policy: str) -> Iterator[ParameterValue]:
    rows = (v for v in parameter.values if v.start <= on and (v.end is None or on <= v.end) and v.policy in ("", policy))
    yield from sorted(rows, key=lambda v: (v.region, v.start))


def _own_figures(version: Version | None, region: str, on: date) -> Iterator[Figure]:
    """Numbers written in the version, those that hold in the place on the day."""
    for parameter in version.parameters.values() if version is not None else ():
        rows = [v for v in _in_force(parameter, on, "") if covers(v.region, region)]
        if rows:
            yield Figure(parameter, max(rows, key=lambda v: (len(v.region), v.start)), True)


def _asked(bound: Bound, policy: BoundPolicy) -> tuple[str, ...]:
    """Facts that the rule reads, but keys and figures of the place that the packs know."""
    known = {name for name, _ in policy.uses}
    read = [f for f in bound.reads(_nodes(policy)) if bound.facts.facts[f].kind != "key" and f not in known]
    return tuple(sorted(read, key=bound.facts.order.__getitem__))
