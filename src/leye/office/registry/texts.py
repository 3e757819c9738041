"""Words of a card for pages: the algorithm's name, who answers for it, and what its codes mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from leye.office.registry.models import Version

Pair = tuple[str, str]
"""Chinese, English."""


@dataclass(frozen=True, slots=True)
class CardTexts:
    """Names in both languages. Codes that the card does not know are shown as they are."""

    name_zh: str
    name_en: str
    owner: str
    contact: str
    outcomes: Mapping[str, Pair] = field(default_factory=dict)
    features: Mapping[str, Pair] = field(default_factory=dict)
    reasons: Mapping[str, Pair] = field(default_factory=dict)
    purposes: Mapping[str, Pair] = field(default_factory=dict)


def card_texts(algo: str) -> CardTexts:
    """Of the newest version; the bare id where the register knows none."""
    found = Version.objects.filter(algo=algo).order_by("-id").first()
    if found is None:
        return CardTexts(algo, algo, "", "")
    card: dict[str, Any] = found.card
    owner = card.get("owner") or {}
    return CardTexts(
        found.name_zh,
        found.name_en,
        found.owner,
        str(owner.get("contact") or owner.get("department") or ""),
        **{part: {str(row.get("code") or row.get("name")): _pair(row) for row in card.get(part) or []} for part in _CODED},
    )


_CODED = ("outcomes", "features", "reasons", "purposes")


def _pair(row: dict[str, Any]) -> Pair:
    words = row.get("words") or row
    return str(words.get("zh") or ""), str(words.get("en") or "")
