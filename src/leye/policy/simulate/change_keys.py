"""Which keys a reform may hold, and the refusal of any other with the nearest known one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from leye.kernel.errors import BadInput
from leye.policy import fields
from leye.policy.located import Mapping, Text
from leye.policy.pack import FUNDS
from leye.policy.read_policy import GROUPS

_CLAUSE = (*GROUPS, "of", "when", "say", "say_en", "basis", "note")
ACTIONS: dict[str, tuple[str, ...]] = {
    "value": ("policy", "parameter", "region", "for_policy", "beyond_cap"),
    "clause": ("policy", "region", *_CLAUSE),
    "drop_clause": ("policy", "region"),
    "add_clause": ("policy", "region"),
    "amount_fen": ("policy", "region"),
    "months": ("policy", "region"),
    "extend_to": ("policy", "region"),
    "end_on": ("policy", "region"),
    "add_policy": (),
}
"""What a change does, by the key that says it, and the keys that may stand beside it."""
TOP = ("reform", "why", "from", "changes", "take_up", "budgets")
TAKE_UP = ("base", "low", "high", "notified")


def check_keys(found: Mapping, known: Iterable[str]) -> None:
    """Raise E_KEY_UNKNOWN for a key that is none of the known ones, with the nearest of them."""
    names = list(known)
    for key in found:
        if key not in names:
            near = get_close_matches(str(key), names, n=1, cutoff=0.5)
            raise fields.refuse(
                f"不认识“{key}”" + (f"，是不是“{near[0]}”？" if near else ""),
                f"unknown key {str(key)!r}" + (f", did you mean {near[0]!r}?" if near else ""),
                key.place if isinstance(key, Text) else found.place,
                f"可用：{'、'.join(names)}",
                f"one of: {', '.join(names)}",
                code="E_KEY_UNKNOWN",
            )


def action_of(change: Mapping) -> str:
    """The one thing that a change does, its keys checked. Raises E_REFORM_CHANGE for none or several, E_KEY_UNKNOWN."""
    found = [a for a in ACTIONS if a in change]
    if len(found) > 1:
        raise _one(change, f"一项里写了 {len(found)} 种改动：{'、'.join(found)}", f"{len(found)} changes in one item: {', '.join(found)}")
    if not found:
        check_keys(change, {k: 0 for a, keys in ACTIONS.items() for k in (a, *keys)})
        raise _one(change, "看不出要改什么", "nothing to change")
    check_keys(change, (found[0], *ACTIONS[found[0]]))
    for key in ("policy",) if found[0] not in ("value", "add_policy") else ("parameter",) if found[0] == "value" else ():
        fields.text(change, key)
    return found[0]


def check_funds(found: Mapping) -> None:
    """Raise E_KEY_UNKNOWN for a budget of what is no fund."""
    check_keys(found, [f for f in FUNDS if f != "none"])


def _one(change: Mapping, zh: str, en: str) -> BadInput:
    return fields.refuse(
        zh, en, change.place, f"每项写一种：{'、'.join(ACTIONS)}", f"one of these an item: {', '.join(ACTIONS)}", code="E_REFORM_CHANGE"
    )
