"""Who competes with whom: policies that share an exclusion group."""

from __future__ import annotations

from leye.policy.pack import PackSet


def competitors(packs: PackSet, policies: set[str]) -> set[str]:
    """Some policies with all that share an exclusion group with one of them: when an answer changes, who takes what may change."""
    groups = {e.group for name in policies if name in packs.policies for e in packs.policies[name].all_exclusive}
    return policies | {name for name, p in packs.policies.items() if any(e.group in groups for e in p.all_exclusive)}
