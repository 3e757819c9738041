"""What a decision's codes and inputs mean, in the page's language, from the algorithm's card."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from leye.kernel.decision import InputValue
from leye.office.registry.texts import CardTexts, Pair
from leye.site.words import pick

_FIGURE = re.compile(r"\{\w+\}")
LONGEST = 300
"""Characters of one input on a page; the rest is in the download."""


def outcome_word(card: CardTexts, code: str) -> str:
    """派给, 未派, …"""
    return _word(card.outcomes, code)


def feature_word(card: CardTexts, name: str) -> str:
    """接单片区, 空闲时长, …"""
    return _word(card.features, name)


def reason_word(card: CardTexts, code: str) -> str:
    """A reason's words without its figures, which a batch does not repeat."""
    return _FIGURE.sub("…", _word(card.reasons, code))


def purpose_word(card: CardTexts, code: str) -> str:
    """派单, 及早发现就业形势变化, …"""
    return _word(card.purposes, code)


def input_text(value: InputValue) -> str:
    """A value as people read it; what is not plain is shown as JSON, cut short."""
    if isinstance(value, bool):
        return pick("是", "yes") if value else pick("否", "no")
    if value is None:
        return pick("未知", "unknown")
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _word(table: Mapping[str, Pair], code: str) -> str:
    found = table.get(code)
    return pick(*found) if found and found[0] else code
