"""The door to the matching room: adverts to slots and columns, titles to occupations. Answers are kept, since a form asks for the same text often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
def _parse(title: str, text: str) -> tuple[tuple[Mapping[str, Any], ...], Mapping[str, Any]]:
    from leye.match.adverts import parse_advert

    slots = parse_advert(text)
    return tuple(s.as_json() | {"words": text[s.start : s.end]} for s in slots), _columns(title, text, slots)


def _columns(title: str, text: str, slots: Sequence[Slot]) -> Mapping[str, Any]:
    try:
        from leye.match.adverts.columns import job_columns
    except ModuleNotFoundError:
        return plain_columns(slots)
    return job_columns(title, text, slots)


def plain_columns(slots: Sequence[Slot]) -> dict[str, Any]:
    """The columns that every advert has, from its readings: pay, schooling, years, form, shift, certificates; conditions from what is `hard`."""
    found: dict[str, Any] = {}
    hard: set[str] = set()
    for slot in slots:
        if slot.strength not in {"hard", "soft"}:
            continue
        value, column = slot.value, COLUMN_OF.get(slot.slot)
        if slot.slot == "pay" and isinstance(value, dict) and value.get("min_fen") is not None and value.get("period") != "piece":
            found |= {"pay_min_fen": value["min_fen"], "pay_max_fen": value.get("max_fen"), "pay_period": value["period"]}
        elif slot.slot == "years" and isinstance(value, dict):
            found.setdefault("relevant_years_min", float(value.get("min", 0)))
        elif slot.slot == "certificate" and slot.strength == "hard":
            found["certificates_required"] = [*found.get("certificates_required", []), str(value)]
        elif column is not None:
            found.setdefault(column, value)
        if slot.strength == "hard" and column in {"education_min", "relevant_years_min", "certificates_required"}:
            hard.add(column)
    return found | {"hard": sorted(hard)}


COLUMN_OF = {
    "education": "education_min", "years": "relevant_years_min", "certificate": "certificates_required", "employment_form": "form", "shift": "shift",
}  # fmt: skip
"""Slot -> column of JOBS that it fills."""


@lru_cache(maxsize=512)
def code_title(title: str, description: str) -> tuple[Coded, ...]:
    """At most five occupations for a title, most probable first."""
    return ()
