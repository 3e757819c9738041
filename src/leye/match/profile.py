"""A person's profile: claims with their evidence, and the row of the table PEOPLE that they make on a day.

A claim is one value of one feature with how well it is attested, since when, until when and where it was read. Only claims that the person confirmed,
or that a register holds, are handed in; a field that the person withholds is null, which means unknown and is asked about, never held against them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from leye.kernel.errors import BadInput
from leye.match.columns import EDUCATION, FORMS, LIMITS, NEEDS, PAY_PERIODS, PEOPLE, SHIFTS
from leye.match.paper_names import paper_name

EVIDENCE = ("certificate", "register", "project", "training", "self")
"""How a claim is attested, strongest first: a certificate, a public register, a project, a finished training, the person's word."""
LEVELS = {"certificate": 4, "register": 3, "project": 3, "training": 2, "self": 2}
"""Level 1–5 of a skill that names none, by its evidence. # chosen by us: own word and a course alike are 'can do', work shown is one more"""

LISTS = {
    "target_codes": None, "skills": None, "certificates": None, "project_skills": None, "industries": None, "trainings": None, "languages": None,
    "cities": None, "forms": FORMS, "shifts": SHIFTS, "limits": LIMITS, "equipment": None, "needs": NEEDS,
}  # fmt: skip
"""Features that are lists, with their closed vocabulary where they have one."""
CHOICES = {"education": EDUCATION, "pay_period": PAY_PERIODS}
NUMBERS = {
    "skill_grade": (0, 5), "relevant_years": (0, 60), "total_years": (0, 60), "lat": (-90, 90), "lon": (-180, 180), "commute_max_km": (0, 500),
    "pay_min_fen": (500, 100_000_000), "pay_max_fen": (500, 100_000_000), "digital_level": (0, 3), "record_score": (0, 1),
}  # fmt: skip
"""Least and most of each number. # pay chosen by us: under 5 yuan or over 1,000,000 yuan is a slip"""
LONGEST_VALUE, LONGEST_TEXT = 100, 4_000
"""Characters of an entry and of the person's own words. # chosen by us"""
FIELDS = tuple(name for name in PEOPLE if name not in {"person_id", "skill_levels", "certificate_until"})
"""What can be claimed and withheld; levels and ends go with their skill and certificate."""


@dataclass(frozen=True, slots=True)
class Claim:
    """field: one of FIELDS · value: one entry of a list feature, or the value · evidence: one of EVIDENCE · since, until: of the evidence ·
    level: 1–5 of a skill · start, end: where it was read in the document, None where it was typed."""

    field: str
    value: Any
    evidence: str = "self"
    since: date | None = None
    until: date | None = None
    level: int | None = None
    start: int | None = None
    end: int | None = None

    def __post_init__(self) -> None:
        if self.field not in FIELDS or self.evidence not in EVIDENCE or not _is_allowed(self.field, self.value):
            raise bad_claim(self.field, self.value)
        if self.level is not None and not 1 <= self.level <= 5:
            raise bad_claim("skill_levels", self.level)

    def is_valid(self, on: date) -> bool:
        """Whether it holds on a day: not before it begins, not after its last day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


def _is_allowed(field: str, value: Any) -> bool:
    if field in NUMBERS:
        low, high = NUMBERS[field]
        return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
    if field == "relocate":
        return isinstance(value, bool)
    if field == "available_from":
        return isinstance(value, date)
    allowed = CHOICES.get(field) or LISTS.get(field)
    if not isinstance(value, str) or not value.strip() or any("\ud800" <= c <= "\udfff" for c in value):
        return False  # half a character cannot be stored
    return value in allowed if allowed is not None else len(value) <= (LONGEST_TEXT if field == "text" else LONGEST_VALUE)


def profile_row(claims: Iterable[Claim], on: date, *, person_id: str = "") -> dict[str, Any]:
    """A row with every column of PEOPLE, None where nothing is known. claims: those that may be used.

    Of several claims of one value the better attested counts, then the later. Expired certificates stay in the row with their end, for the gate
    compares the end with its own day; other claims that do not hold on the day are left out. Equal claims in any order give an equal row.
    """
    kept: dict[str, list[Claim]] = {}
    for claim in sorted(claims, key=_worth):
        if claim.field == "certificates" or claim.is_valid(on):
            kept.setdefault(claim.field, []).append(_named(claim))
    row: dict[str, Any] = dict.fromkeys(PEOPLE)
    row["person_id"] = person_id
    for field, found in kept.items():
        row[field] = _listed(found) if field in LISTS else found[0].value
    if "skills" in kept:
        best = _best(kept["skills"])
        row["skill_levels"] = [best[s].level or LEVELS[best[s].evidence] for s in row["skills"]]
    if "certificates" in kept:
        row["certificate_until"] = [_end(kept["certificates"], name) for name in row["certificates"]]
    return row


def evidence_of(claims: Iterable[Claim], field: str, value: Any) -> Claim | None:
    """The best claim of a value, for reasons that cite it; None when nobody claims it."""
    return min((c for c in claims if c.field == field and c.value == value), key=_worth, default=None)


def _named(claim: Claim) -> Claim:
    """A paper under the name that adverts' papers bear in the table of jobs."""
    return replace(claim, value=paper_name(claim.value)) if claim.field == "certificates" else claim


def _worth(claim: Claim) -> tuple[int, int, str, int]:
    since = claim.since.toordinal() if claim.since else 0
    return EVIDENCE.index(claim.evidence), -since, str(claim.value), -(claim.level or 0)


def _best(claims: Iterable[Claim]) -> dict[Any, Claim]:
    best: dict[Any, Claim] = {}
    for claim in claims:  # best attested first
        best.setdefault(claim.value, claim)
    return best


def _listed(claims: Iterable[Claim]) -> list[Any]:
    return sorted(_best(claims))


def _end(claims: Iterable[Claim], name: str) -> date | None:
    """The last end among papers of one name; a paper without an end has none."""
    ends = [c.until for c in claims if c.value == name]
    return None if any(e is None for e in ends) else max(e for e in ends if e is not None)


def bad_claim(field: str, value: Any) -> BadInput:
    """A value that the feature cannot have."""
    told = str(value)[:40]
    return BadInput(
        f"“{field}”不能填“{told}”",
        en=f"{field} cannot be {told!r}",
        remedy_zh="从给出的选项里选，或填范围内的数；不知道就空着",
        remedy_en="choose one of the options, or a number in range; leave it empty when unknown",
        code="E_PROFILE_VALUE",
    )
