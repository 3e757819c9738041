"""Which policies a reform touches, told from what the two packs share: nothing else is computed again.

A policy is touched when its text differs, or when it reads a parameter or a derived fact that differs, through any derived fact or formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from leye.policy.bind import Bound, Places
from leye.policy.expression import DerivedRef, FactRef, Node, ParamRef, walk
from leye.policy.pack import PackSet, Parameter, Policy, leaves


def touched(before: PackSet, after: PackSet) -> set[str]:
    """Ids of policies that may answer differently for somebody."""
    names = before.policies.keys() | after.policies.keys()
    found = {n for n in names if before.policies.get(n) is not after.policies.get(n)}
    changed = _changed_names(before, after)
    return found | {n for n in after.policies if changed & _names_of(after.policies[n])}


def _changed_names(before: PackSet, after: PackSet) -> set[str]:
    """Parameters and derived facts that differ, and those whose formulas read them."""
    changed = {n for n in after.parameters if before.parameters.get(n) is not after.parameters[n]}
    changed |= {n for n in after.derived if before.derived.get(n) is not after.derived[n]}
    reads = _readings(after)
    while more := {n for n, names in reads.items() if n not in changed and names & changed}:
        changed |= more
    return changed


def _readings(packs: PackSet) -> dict[str, set[str]]:
    """What each parameter and derived fact reads, in any place."""
    of_parameters = {n: _formulas(p) for n, p in packs.parameters.items()}
    return of_parameters | {n: _trees(f.node for f in d.forms) for n, d in packs.derived.items()}


def _formulas(parameter: Parameter) -> set[str]:
    return _trees(v.formula for v in parameter.values if v.formula is not None)


def _names_of(policy: Policy) -> set[str]:
    trees = [n for v in policy.versions for n in (*(c.when for c in leaves(v.who)), v.amount, v.months) if n is not None]
    return _trees(iter(trees)).union(*(_formulas(p) for v in policy.versions for p in v.parameters.values()))


def _trees(nodes: Iterator[Node]) -> set[str]:
    return {p.id for n in nodes for p in walk(n) if isinstance(p, FactRef | DerivedRef | ParamRef)}


def only(packs: PackSet, policies: set[str]) -> PackSet:
    """The packs with some of their policies and what these read, so that binding costs as little as they are and few places differ."""
    kept = {n: p for n, p in packs.policies.items() if n in policies}
    names = _closure(packs, kept.values())
    derived = {n: d for n, d in packs.derived.items() if n in names}
    return replace(packs, policies=kept, derived=derived, parameters={n: p for n, p in packs.parameters.items() if n in names})


def class_of(places: Places, region: str) -> Bound:
    """The rules that hold for a region."""
    prefix = places.prefix_of(region)
    return next(c for c in places.classes if prefix in c.prefixes)


def facts_read(packs: PackSet) -> set[str]:
    """Facts that the packs' policies read, through derived facts and formulas, in any place and version."""
    names = _closure(packs, packs.policies.values())
    return {n for n in names if n in packs.facts.facts}


def _closure(packs: PackSet, policies: Iterable[Policy]) -> set[str]:
    """Names behind some policies: facts, derived facts, parameters."""
    reads = _readings(packs)
    names: set[str] = set()
    todo = {n for p in policies for n in _names_of(p)}
    while todo:
        names |= todo
        todo = {r for n in todo for r in reads.get(n, ())} - names
    return names
