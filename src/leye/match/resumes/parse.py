"""A résumé's text to slots: entities by the model, closed readings by rules, skills by the table, in the order of the text."""

from __future__ import annotations

from leye.match.fold import half_width, whole
from leye.match.resumes.entities import EntityModel, shipped
from leye.match.resumes.lexicon import spots
from leye.match.resumes.papers import contacts, papers
from leye.match.resumes.rules import by_rules
from leye.match.resumes.wishes import pay_wishes, place_wishes, title_wishes
from leye.match.skills import find
from leye.match.slots import Slot


def parse_resume(text: str, model: EntityModel | None = None) -> list[Slot]:
    """Slots by place, then name; equal text, equal slots; an empty text gives none. Spans are code points of the text as given.

    Entities (`name, org, title, education, major, location, nationality, ethnicity`) hold the words as written; the other slots are closed values.
    A skill inside the name of a firm or school is that name's (电梯 in 广州电梯有限公司), and is left out.
    """
    text = whole(text)
    folded = half_width(text)
    read = [Slot(e.slot, text[e.start : e.end], "hard", e.start, e.end, "model", e.confidence) for e in (model or shipped()).entities(text)]
    closed = [*by_rules(folded), *pay_wishes(folded), *place_wishes(folded), *title_wishes(folded), *papers(folded), *contacts(folded)]
    read = [s for s in read if not _is_doubtful(s, closed)]
    read += _ethnicities(folded, read)
    firms = [(s.start, s.end) for s in read if s.slot == "org"]
    read += [
        *closed,
        *(
            Slot("skills", f.skill.label, "hard", f.start, f.end, "skill.table")
            for f in find(text)
            if not any(start <= f.start and f.end <= end for start, end in firms)
        ),
    ]
    return sorted(read, key=lambda s: (s.start, s.end, s.slot, s.source))


def parse_closed(text: str) -> list[Slot]:
    """Only the closed readings and skills, without the model: for short texts of many people, far faster."""
    text = whole(text)
    folded = half_width(text)
    closed = [*by_rules(folded), *pay_wishes(folded), *place_wishes(folded), *title_wishes(folded), *papers(folded)]
    skills = [Slot("skills", f.skill.label, "hard", f.start, f.end, "skill.table") for f in find(text)]
    return sorted([*closed, *skills], key=lambda s: (s.start, s.end, s.slot, s.source))


def _ethnicities(text: str, read: list[Slot]) -> list[Slot]:
    """Names of the 56 where the model saw nothing; 回族 in 宁夏回族自治区 is a place."""
    found = [(a, b) for a, b in spots(text, "ethnicity") if not text.startswith("自治", b) and not any(s.start < b and a < s.end for s in read)]
    return [Slot("ethnicity", text[a:b], "hard", a, b, "ethnicity.word") for a, b in found]


DOUBT = 0.6
"""Confidence below which a rule that reads the same place is believed instead. # chosen by us: the corpus has no wishes like 佛山、广州"""
_SURE = frozenset({"city", "certificate", "language", "pay", "shift", "employment_form", "licence", "phone", "email"})


def _is_doubtful(entity: Slot, closed: list[Slot]) -> bool:
    sure = entity.confidence is None or entity.confidence >= DOUBT
    return not sure and any(c.slot in _SURE and c.start < entity.end and entity.start < c.end for c in closed)
