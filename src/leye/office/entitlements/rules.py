"""The rules of a place and day, ready for one person at a time, and the answers they give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from leye.policy import Evaluator, PackSet, bind, places
from leye.policy.explain import Explanation, FactSource, explainer
from leye.policy.lookup import NATION


def explained(
    facts: Mapping[str, Any],
    packs: PackSet,
    on: date,
    *,
    language: str = "zh",
    policy: str | None = None,
    sources: Mapping[str, FactSource] | None = None,
) -> list[Explanation]:
    """All policies for one person or firm, or one of them. facts: checked values, `region` in prefix form among them."""
    return explainer(packs, on, str(facts.get("region") or NATION), language).explain(facts, policy=policy, sources=sources)  # fmt: skip


@lru_cache(maxsize=64)
def evaluator_at(packs: PackSet, on: date, prefix: str) -> Evaluator:
    """Compiled once a place and day: compiling costs some thirty times an evaluation."""
    return Evaluator(bind(packs, on, prefix))


@lru_cache(maxsize=4096)
def facts_behind(packs: PackSet, on: date, prefix: str, policy: str) -> tuple[str, ...]:
    """Facts that a policy reads in a place, conditions, amount and months together, in the order of the fact table."""
    bound = evaluator_at(packs, on, prefix).bound
    one = next(p for p in bound.policies if p.policy.id == policy)
    nodes = [n for n in (one.who.node if one.who else None, one.amount, one.months) if n is not None]
    return tuple(sorted(bound.reads(nodes), key=packs.facts.order.__getitem__))


@lru_cache(maxsize=8)
def facts_read(packs: PackSet, on: date) -> Mapping[str, frozenset[str]]:
    """Policy -> facts that it reads anywhere in the country on a day."""
    found: dict[str, set[str]] = {}
    for bound in places(packs, on).classes:
        for policy in bound.policies:
            nodes = [n for n in (policy.who.node if policy.who else None, policy.amount, policy.months) if n is not None]
            found.setdefault(policy.policy.id, set()).update(bound.reads(nodes))
    return {name: frozenset(facts) for name, facts in found.items()}
