"""The nearest known division to an unknown name, as a suggestion for a person; never a value."""

from __future__ import annotations

from functools import cache

from leye.kernel.codes import RegionSpell, current_regions


@cache
def _by_character() -> dict[str, tuple[RegionSpell, ...]]:
    found: dict[str, list[RegionSpell]] = {}
    for spell in current_regions().values():
        for c in set(spell.name) - set("省市县区州旗盟"):
            found.setdefault(c, []).append(spell)
    return {c: tuple(spells) for c, spells in found.items()}


def nearest(text: str) -> str | None:
    """`name code` of the current division that shares most characters with the text (Dice coefficient), at least half; None when none does."""
    wanted = set(text)
    if not 2 <= len(text) <= 20:
        return None
    near = {s for c in wanted for s in _by_character().get(c, ())}
    scored = [(-2 * len(wanted & set(s.name)) / (len(wanted) + len(set(s.name))), s.code, s) for s in near]
    best = min(scored, default=None, key=lambda item: item[:2])
    return f"{best[2].name} {best[1]}" if best is not None and best[0] <= -0.5 else None
