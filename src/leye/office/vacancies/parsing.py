"""The door to the matching room: adverts to slots and columns, titles to occupations. Answers are kept, since a form asks for the same text often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leye.match.occupations.corrections import Override
    from leye.match.slots import Slot


@dataclass(frozen=True, slots=True)
class Coded:
    """One occupation that a title may be. abstain: the coder is not sure enough and a person should choose."""

    code: str
    name: str
    p: float
    abstain: bool


def parse(title: str, text: str) -> tuple[list[dict[str, Any]], Mapping[str, Any]]:
    """(slots as JSON with their words, columns of JOBS) of an advert. Unlawful demands are flags among the slots and never columns."""
    slots, columns = _parse(title, text)
    return [dict(s) for s in slots], dict(columns)


@lru_cache(maxsize=512)
def slots_of(text: str) -> tuple[Slot, ...]:
    """Slots of an advert's text. Columns and signs of fraud are both read from them, and reading costs most."""
    from leye.match.adverts import parse_advert

    return tuple(parse_advert(text))


@lru_cache(maxsize=512)
def _parse(title: str, text: str) -> tuple[tuple[Mapping[str, Any], ...], Mapping[str, Any]]:
    from leye.match.adverts.columns import job_columns

    slots = list(slots_of(text))
    return tuple(s.as_json() | {"words": text[s.start : s.end]} for s in slots), job_columns(title, text, slots)


def code_title(title: str, description: str = "") -> tuple[Coded, ...]:
    """At most five occupations for a title, most probable first, by the table in force on the day of the rules and the corrections that stand.

    description: not read; in the coder's trials it moved nothing.
    """
    from leye.office.entitlements.files import rules_day
    from leye.office.occupations.queries import overrides

    return _coded(title, f"{rules_day():%Y-%m}", tuple(overrides()))


@lru_cache(maxsize=512)
def _coded(title: str, month: str, standing: tuple[Override, ...]) -> tuple[Coded, ...]:
    from leye.match.occupations.coder import code_titles
    from leye.match.occupations.model import shipped_model
    from leye.match.occupations.table import table_of

    found = code_titles([title], shipped_model(), table_of(month), top=5, overrides=standing)[0]
    return tuple(Coded(a.code, a.name, a.p, found.abstain) for a in found.answers)
