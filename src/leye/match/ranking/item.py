"""One line of an explanation: a feature, what it contributes, and the facts that its sentence cites."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Item:
    """feature: one of the 28 or `text` · units: contribution (10,000 a logit) · clause: sentence of `ranking/clauses.yaml` · facts: what it cites.

    In facts, `mine` is what the person stated and `ad` what the advert says; `words` are the advert's own words to be looked for in its text.
    """

    feature: str
    units: int
    clause: str
    facts: dict[str, str]
    words: tuple[str, ...] = field(default=())
