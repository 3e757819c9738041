"""What holds on one day in a place: versions, forms of derived facts and values, found by the longest prefix of the region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeVar

from leye.policy.pack import Derived, DerivedForm, PackSet, Parameter, ParameterValue, Policy, Version

Item = TypeVar("Item", Version, DerivedForm, ParameterValue)
NATION = "CN"
_LENGTHS = (9, 7, 5)  # CN-440305, CN-4403, CN-44


def prefixes_of(region: str) -> Iterator[str]:
    """The region and the places around it, the smallest first, the nation last."""
    for length in _LENGTHS:
        if len(region) >= length:
            yield region[:length]
    yield NATION


def covers(prefix: str, region: str) -> bool:
    """Whether a region lies in the place of a prefix."""
    return prefix in prefixes_of(region)


def version_of(policy: Policy, region: str, on: date) -> Version | None:
    """The version in force on that day for a region, of the longest prefix; None when there is none."""
    return _nearest({v.region: v for v in reversed(policy.versions) if v.in_force(on)}, region)


def form_of(derived: Derived, region: str) -> DerivedForm:
    """What a derived fact is in a region. Raises KeyError without a national form."""
    found = _nearest({f.region: f for f in reversed(derived.forms)}, region)
    if found is None:
        raise KeyError(f"{derived.id} has no national form")
    return found


def _nearest(by_region: dict[str, Item], region: str) -> Item | None:
    return next((by_region[p] for p in prefixes_of(region) if p in by_region), None)


class Lookup:
    """The values of some packs on one day. Indexed once, since every place of the country asks."""

    def __init__(self, packs: PackSet, on: date) -> None:
        self.packs, self.on = packs, on
        self._found: dict[tuple[int, str], dict[str, ParameterValue]] = {}

    def value(self, name: str, region: str, policy: str = "", own: Parameter | None = None) -> ParameterValue | None:
        """The value of a parameter for a place and policy; None where none was seen. own: a parameter of a version, which goes before the packs'."""
        parameter = own if own is not None else self.packs.parameters.get(name)
        return None if parameter is None else _nearest(self._by_region(parameter, policy), region)

    def _by_region(self, parameter: Parameter, policy: str) -> dict[str, ParameterValue]:
        key = id(parameter), policy
        if key not in self._found:
            rows = (v for v in parameter.values if v.start <= self.on and (v.end is None or self.on <= v.end) and v.policy in ("", policy))
            # the last one stays: for this policy alone before for all, then the latest start
            self._found[key] = {v.region: v for v in sorted(rows, key=lambda v: (v.policy == policy, v.start))}
        return self._found[key]


def value_of(packs: PackSet, name: str, region: str, on: date, policy: str = "") -> ParameterValue | None:
    """The value of a pack's parameter for a place, day and policy; a value for that policy alone goes first. None where none was seen."""
    return Lookup(packs, on).value(name, region, policy)


def all_prefixes(packs: PackSet) -> set[str]:
    """Every place for which the packs say anything of its own."""
    own: Iterable[Parameter] = (q for p in packs.policies.values() for v in p.versions for q in v.parameters.values())
    found = {NATION} | {v.region for p in packs.policies.values() for v in p.versions} | {f.region for d in packs.derived.values() for f in d.forms}
    return found | {v.region for q in (*own, *packs.parameters.values()) for v in q.values}
