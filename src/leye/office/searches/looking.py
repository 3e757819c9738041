"""A look into the bank for anybody: cards with reasons, pages, one advert with the marks of what was read in it. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from leye.kernel.errors import NotFound
from leye.match.search import Asked, Found, Hit
from leye.match.search.reasons import Why, missing_skill, reasons_of
from leye.match.slots import Slot
from leye.office.published import published_snapshot
from leye.office.searches.bank import Bank, bank_now
from leye.office.searches.criteria import Criteria, asked_of
from leye.office.vacancies.parsing import code_title, parse
from leye.office.vacancies.queries import job_called

CODED_AT_MOST = 3
"""Occupations of a line that are looked for. # chosen by us: the coder's first three hold the right one in most cases"""


@dataclass(frozen=True, slots=True)
class Card:
    """One advert of an answer. job: its row · whys: at most three reasons · missing: a skill it requires and the line does not name · course: the
    nearest course that gives it, None where there is none."""

    job: dict[str, Any]
    hit: Hit
    whys: tuple[Why, ...]
    missing: str | None
    course: Any = None


@dataclass(frozen=True, slots=True)
class Answer:
    """found: hits, or the nearest when there are none · asked: what was understood · bank: of which adverts."""

    bank: Bank
    criteria: Criteria
    asked: Asked
    found: Found

    @property
    def hits(self) -> tuple[Hit, ...]:
        """What fits."""
        return self.found.hits


def look(criteria: Criteria) -> Answer:
    """Search what stands open now."""
    bank = bank_now()
    return look_in(bank, criteria)


def look_in(bank: Bank, criteria: Criteria) -> Answer:
    """The same in a given bank."""
    bare = asked_of(criteria, bank.city)
    asked = asked_of(criteria, bank.city, codes_of(bare.wish.words)) if bare.wish.words else bare
    return Answer(bank, criteria, asked, bank.jobs.look(asked))


@lru_cache(maxsize=2048)
def codes_of(words: str) -> tuple[str, ...]:
    """Occupations that the words name, where the coder is sure enough; none else."""
    found = code_title(words, "")
    return tuple(c.code for c in found[:CODED_AT_MOST] if not c.abstain) if found and not found[0].abstain else ()


def cards_of(answer: Answer, hits: Iterable[Hit]) -> list[Card]:
    """Cards of some hits, with reasons and the missing skill."""
    known = known_skills(answer.criteria.q)
    return [_card(answer, hit, known) for hit in hits]


def known_skills(line: str) -> frozenset[str]:
    """Labels of the skills that a line names."""
    from leye.match.skills import find

    return frozenset(f.skill.label for f in find(line))


def _card(answer: Answer, hit: Hit, known: frozenset[str]) -> Card:
    job = answer.bank.jobs.jobs.row(hit.row, named=True)
    slots = slots_of(str(job["title"] or ""), str(job["text"] or ""))
    whys = reasons_of(job, hit, answer.asked, on=answer.bank.on, slots=slots)
    missing = missing_skill(job, known)
    return Card(job, hit, tuple(whys), missing, course_for(missing, job, answer.bank) if missing else None)


def course_for(skill: str, job: dict[str, Any], bank: Bank) -> Any:
    """The nearest course that gives a skill; None where none is known."""
    from leye.match.transitions.courses import courses_for

    return next(iter(courses_for(skill, job.get("lat"), job.get("lon"), bank.on)), None)


@lru_cache(maxsize=4096)
def slots_of(title: str, text: str) -> tuple[Slot, ...]:
    """What was read in an advert, in order of its place; spans are those of the text."""
    names = ("slot", "value", "strength", "start", "end", "source", "confidence")
    found, _columns = parse(title, text)
    return tuple(sorted((Slot(**{n: s[n] for n in names if n in s}) for s in found), key=lambda s: (s.start, -s.end, s.slot)))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an advert's text; slot: what was read there, None for plain text."""

    text: str
    slot: Slot | None = None


def pieces_of(text: str, slots: Sequence[Slot]) -> list[Piece]:
    """The text cut at the readings; of overlapping ones the first and longest stands. Joined, the pieces are the text."""
    made, at = [], 0
    for slot in slots:
        if slot.start < at or slot.end > len(text):
            continue
        if slot.start > at:
            made.append(Piece(text[at : slot.start]))
        made.append(Piece(text[slot.start : slot.end], slot))
        at = slot.end
    return made + ([Piece(text[at:])] if at < len(text) else [])


@dataclass(frozen=True, slots=True)
class Shown:
    """One advert. job: its row · pieces: its text with the readings · record: what is known of the employer · closed: (zh, en) why nobody
    can apply."""

    job: dict[str, Any]
    pieces: tuple[Piece, ...]
    record: dict[str, Any]
    closed: tuple[str, str] | None


def shown_job(job_id: str) -> Shown:
    """One advert, open or not; flagged ones are not found. Raises NotFound (E_JOB_UNKNOWN)."""
    from leye.office.clock import now
    from leye.office.vacancies.queries import why_closed

    bank, snapshot = bank_now(), published_snapshot()
    job = job_called(job_id, snapshot, bank.on)
    if job is None or job.get("flags"):
        raise NotFound(
            "没有这个岗位",
            en="no such job",
            remedy_zh="可能已经撤下；请回到找工作页重新查",
            remedy_en="it may be gone; search again",
            code="E_JOB_UNKNOWN",
        )
    text = str(job["text"] or "")
    return Shown(
        job, tuple(pieces_of(text, slots_of(str(job["title"] or ""), text))), employer_record(job, bank), why_closed(job_id, now(), snapshot, bank.on)
    )


def employer_record(job: dict[str, Any], bank: Bank) -> dict[str, Any]:
    """What the bank itself knows of the employer: how many adverts stand open, of how many posts, since when."""
    import polars as pl

    mine = bank.jobs.jobs.filter(pl.col("firm_id") == job["firm_id"]) if job.get("firm_id") else bank.jobs.jobs.clear()
    return {
        "open": mine.height,
        "posts": int(mine["headcount"].fill_null(0).sum()),
        "since": mine["posted_on"].min(),
        "record": job.get("employer_record"),
    }
