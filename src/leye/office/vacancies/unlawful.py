"""Words that no advert and no refusal may contain: what the pack of wordings finds, and beneath it what the parser of adverts flagged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leye.match.adverts.wording import WordingRule

_GROUNDS = {"gender_demand": "sex", "age_demand": "age"}
_PROTECTED = {"marriage": "marriage", "children": "marriage", "hukou": "hukou", "ethnicity": "ethnicity", "health": "body", "height": "looks"}
"""Values of the slot `protected_demand` to grounds of the pack; others (membership of a party) rest on no article that we know."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A demand that may not be made. rule: with its articles and what to write instead · start, end: code points of the text, end exclusive."""

    rule: WordingRule
    start: int
    end: int
    words: str

    @property
    def ground(self) -> str:
        """Sex, age, marriage, hukou, fees and the like."""
        return self.rule.ground


def unlawful_in(text: str, slots: Iterable[Mapping[str, Any]] = ()) -> list[Hit]:
    """Every such demand in a text, in its order, overlaps once. slots: what the parser of adverts flagged, with their spans."""
    from leye.match.adverts.wording import flags_of_wording

    kept = [Hit(f.rule, f.start, f.end, f.said) for f in flags_of_wording(text)]
    for slot in sorted(slots, key=lambda s: (s["start"], -s["end"])):
        rule, start, end = _rule_of(slot), slot["start"], slot["end"]
        if rule is not None and all(end <= h.start or h.end <= start for h in kept):
            kept.append(Hit(rule, start, end, text[start:end]))
    return sorted(kept, key=lambda h: (h.start, h.end))


def _rule_of(slot: Mapping[str, Any]) -> WordingRule | None:
    """The first rule of the ground that a slot is about; None for slots that are no such demand, or that deny it."""
    from leye.match.adverts.wording import wording_rules

    ground = _GROUNDS.get(slot["slot"]) or (_PROTECTED.get(str(slot["value"]), "") if slot["slot"] == "protected_demand" else "")
    if not ground or slot["strength"] == "negated":
        return None
    return next(r for r in wording_rules() if r.ground == ground)
