"""Titles to answers: ranked codes with probabilities, or a question to the person and the upper class that is safe to say meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leye.match.occupations.cleaning import clean_title
from leye.match.occupations.corrections import NEAR_AGREE, Corrected, Corrections, Override
from leye.match.occupations.model import Model
from leye.match.occupations.table import Class, Entry, Table

BATCH = 512
"""Titles scored at once: 512 × 2,047 classes × 4 heads take 17 MB."""
EXACT = 0.95
"""Probability of a name published after the edition that was written out exactly. # chosen by us: no labelled titles exist for it yet"""
NO_TITLE = "没有可读的职位名称"


@dataclass(frozen=True, slots=True)
class Answer:
    """One code of a title. p: probability that it is the class, 0–1, two decimals can be relied on · note: an entry or correction behind it."""

    code: str
    name: str
    p: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Coded:
    """What is said of a title. abstain: ask the person `question` before using the first answer · upper: the nearest upper class of the first answer
    that is as sure as answers must be, None when there is none · source: model, entry, correction or empty (no readable title).
    """

    answers: tuple[Answer, ...]
    abstain: bool
    question: str
    upper: Class | None
    source: str


def code_titles(titles: Sequence[str], model: Model, table: Table, *, top: int = 5, overrides: Sequence[Override] = ()) -> list[Coded]:
    """Code titles in order. Equal titles are coded once; an empty one, or one of markup alone, has no answer and abstains.

    Corrections in force in the table's month come first, then names published after the edition, then the model; where a person corrected a
    near-equal title, the model's answer is drawn towards that class.
    """
    cleans = [clean_title(t) for t in titles]
    distinct = sorted(set(cleans) - {""})
    known: dict[str, Coded] = {"": Coded((), True, NO_TITLE, None, "")}
    for at in range(0, len(distinct), BATCH):
        part = distinct[at : at + BATCH]
        known |= dict(zip(part, _by_model(part, model, table, top), strict=True))
    entries = {e.name.lower(): e for e in table.entries if e.stage_in(table.month) != "proposed"}
    corrections = Corrections(overrides, table)
    for clean in distinct:
        if said := corrections.equal(clean):
            known[clean] = _set(known[clean], Answer(said.held.code, said.held.name, 1.0, said.note), top)
        elif clean in entries:
            known[clean] = _set(known[clean], _of_entry(entries[clean], table), top, source="entry")
        elif said := corrections.near(clean):
            known[clean] = _drawn(known[clean], said, model.abstain_below, top)
    return [known[c] for c in cleans]


def _by_model(cleans: Sequence[str], model: Model, table: Table, top: int) -> list[Coded]:
    found = model.candidates(cleans)
    p = model.stage.probabilities(found)
    order = np.lexsort((found.klass, -p, found.title))
    ends = np.searchsorted(found.title[order], np.arange(len(cleans) + 1))
    return [
        _coded([(model.classes.codes[found.klass[i]], float(p[i])) for i in order[ends[t] : ends[t + 1]]], model.abstain_below, table, top)
        for t in range(len(cleans))
    ]


def _coded(ranked: Sequence[tuple[str, float]], below: float, table: Table, top: int) -> Coded:
    known = [(table.classes[c], p) for c, p in ranked if c in table.classes]
    answers = tuple(Answer(c.code, c.name, round(p, 4)) for c, p in known[:top])
    abstain = not answers or known[0][1] < below
    if not abstain:
        return Coded(answers, False, "", None, "model")
    return Coded(answers, True, question_of([c.name for c, _p in known[:5]]), _upper(known, below, table), "model")


def _upper(known: Sequence[tuple[Class, float]], below: float, table: Table) -> Class | None:
    """Nearest upper class of the first answer whose candidates together reach the wished probability."""
    for upper in table.ancestors(known[0][0].code) if known else ():
        inside = sum(p for c, p in known if c.code == upper.code or upper in table.ancestors(c.code))
        if inside >= below:
            return upper
    return None


def question_of(names: Sequence[str]) -> str:
    """The question to the person, in words that can be read aloud.

    >>> question_of(["会计专业人员", "审计专业人员"])
    '平时主要做的是哪一种：会计专业人员、审计专业人员，还是都不是？'
    """
    return f"平时主要做的是哪一种：{'、'.join(names)}，还是都不是？"


def _of_entry(entry: Entry, table: Table) -> Answer:
    held = table.classes[entry.code if entry.code in table.classes else entry.placed_in]
    return Answer(held.code, held.name, EXACT, f"{entry.name}（{entry.published_on or entry.entered_on} 公布）")


def _set(coded: Coded, first: Answer, top: int, *, source: str = "correction") -> Coded:
    """The answer in front; the others keep their order and share what it leaves."""
    rest = [a for a in coded.answers if a.code != first.code]
    left = 1.0 - first.p
    held = tuple(Answer(a.code, a.name, round(a.p * left, 4)) for a in rest)
    return Coded((first, *held)[:top], False, "", None, source)


def _drawn(coded: Coded, said: Corrected, below: float, top: int) -> Coded:
    """The model's answers mixed with the class of a near-equal corrected title, by how often near-equal titles mean one class."""
    p = {a.code: (a.name, (1 - NEAR_AGREE) * a.p) for a in coded.answers}
    own = p.get(said.held.code, ("", 0.0))[1]
    p[said.held.code] = (said.held.name, own + NEAR_AGREE)
    ranked = sorted(p.items(), key=lambda x: (-x[1][1], x[0]))
    note = f"近似“{said.clean}”的{said.note or '更正'}"
    answers = tuple(Answer(c, name, round(q, 4), note if c == said.held.code else "") for c, (name, q) in ranked)[:top]
    if answers[0].p >= below:
        return Coded(answers, False, "", None, "correction")
    return Coded(answers, True, question_of([a.name for a in answers[:5]]), coded.upper, "correction")
