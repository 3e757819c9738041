"""What a form says of a policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One condition. fact: id or Chinese name · comparison: key of COMPARISONS · value: as people write it, money in yuan · say: the law's sentence.

    group: `all` (must hold) or `any` (one of these must hold) · basis: document and article · number: of the row on the form, for refusals.
    """

    fact: str
    comparison: str
    value: str
    say: str
    group: str = "all"
    basis: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class PolicyForm:
    """The whole form. end or sunset: one of them · amount_fen: None where the amount is set elsewhere, then `amount_why` · months: None for none."""

    policy: str
    name: str
    name_en: str
    about: str
    pays: str
    status: str
    region: str
    start: date
    end: date | None
    sunset: str
    source_doc: str
    source_article: str
    benefit: str
    conditions: tuple[ConditionRow, ...]
    unit: str
    amount_fen: int | None = None
    amount_why: str = ""
    months: int | None = None
