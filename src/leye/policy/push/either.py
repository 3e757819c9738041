"""Benefits of which a person may take one: the money of one is counted, whichever that will be."""

from __future__ import annotations

from collections.abc import Iterable

from leye.policy.pack import PackSet


def counted_instead(open_to_choice: Iterable[tuple[str, int]], packs: PackSet) -> dict[str, str]:
    """Policy -> the one that is counted in its place. open_to_choice: `policy, expected_fen` of one person's yes marks whose choice is open.

    The dearest of an exclusion group counts, of equally dear ones the first by id; a policy that shares a group with one that counts does not.
    """
    counted: list[str] = []
    found: dict[str, str] = {}
    for policy, _ in sorted(open_to_choice, key=lambda row: (-row[1], row[0])):
        mine = {e.group for e in packs.policies[policy].all_exclusive}
        rival = next((c for c in counted if mine & {e.group for e in packs.policies[c].all_exclusive}), None)
        if rival is None:
            counted.append(policy)
        else:
            found[policy] = rival
    return found
