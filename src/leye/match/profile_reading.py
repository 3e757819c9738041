"""Slots of a résumé as claims that the person can confirm: what was read, never what was guessed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from leye.match.columns import EDUCATION
from leye.match.profile import Claim
from leye.match.slots import Slot

_ONE_TO_ONE = {"skills": "skills", "language": "languages", "city": "cities", "employment_form": "forms"}


def claims_of(slots: Iterable[Slot]) -> list[Claim]:
    """Claims with evidence `self` (a certificate that the text names is still the person's word until somebody saw it), in the order of the text.

    Of schooling the highest level counts, of years and of grades the most. A shift that is refused says which ones remain. Pay with its period.
    """
    read = list(slots)
    claims = [Claim(_ONE_TO_ONE[s.slot], s.value, start=s.start, end=s.end) for s in read if s.slot in _ONE_TO_ONE and s.strength != "negated"]
    claims += _papers(read) + _shifts(read) + _pay(read) + _majors(read)
    for slot, field, worth in (
        ("education_level", "education", lambda s: EDUCATION.index(s.value)),
        ("years", "total_years", lambda s: s.value["min"]),
        ("skill_grade", "skill_grade", lambda s: s.value),
    ):
        best = max((s for s in read if s.slot == slot), key=worth, default=None)
        if best is not None:
            value = best.value["min"] if slot == "years" else best.value
            claims.append(Claim(field, value, start=best.start, end=best.end))
    seen: set[tuple[str, object]] = set()
    once = [c for c in claims if (c.field, c.value) not in seen and not seen.add((c.field, c.value))]  # type: ignore[func-returns-value]
    return sorted(once, key=lambda c: (c.start or 0, c.field))


def _papers(read: list[Slot]) -> list[Claim]:
    ends = {s.value["certificate"]: date.fromisoformat(s.value["until"]) for s in read if s.slot == "certificate_until"}
    papers = [Claim("certificates", s.value, until=ends.get(s.value), start=s.start, end=s.end) for s in read if s.slot == "certificate"]
    return papers + [Claim("certificates", f"驾驶证{s.value}", start=s.start, end=s.end) for s in read if s.slot == "licence"]


def _shifts(read: list[Slot]) -> list[Claim]:
    said = [s for s in read if s.slot == "shift"]
    wanted = [Claim("shifts", s.value, start=s.start, end=s.end) for s in said if s.strength != "negated"]
    refused = [s for s in said if s.strength == "negated"]
    if refused and not wanted:
        wanted = [Claim("shifts", "day", start=refused[0].start, end=refused[0].end)]
    return [c for c in wanted if c.value not in {s.value for s in refused}]


def _pay(read: list[Slot]) -> list[Claim]:
    pay = next((s for s in read if s.slot == "pay" and "min_fen" in s.value), None)
    if pay is None:
        return []
    told = {"pay_min_fen": pay.value["min_fen"], "pay_max_fen": pay.value.get("max_fen"), "pay_period": pay.value["period"]}
    return [Claim(field, value, start=pay.start, end=pay.end) for field, value in told.items() if value is not None]


def _majors(read: list[Slot]) -> list[Claim]:
    last = max((s for s in read if s.slot == "major"), key=lambda s: s.start, default=None)
    if last is None or not str(last.value).removesuffix("专业"):
        return []
    return [Claim("major", str(last.value).removesuffix("专业"), start=last.start, end=last.end)]
