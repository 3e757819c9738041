"""From the text of an ad to its slots: rules of the pack, places, skills; then what one reading says about another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from leye.match import skills
from leye.match.adverts.clauses import Clauses
from leye.match.adverts.corrections import corrected
from leye.match.adverts.named import certificate, majors
from leye.match.adverts.original import Plain, make_plain
from leye.match.adverts.pay import is_believed
from leye.match.adverts.places import find_places
from leye.match.adverts.readers import READERS
from leye.match.adverts.rules import Rule, rules
from leye.match.adverts.settling import settle
from leye.match.slots import Slot, Strength

LONGEST_READ = 20_000
"""Code points of an ad that are read; no ad is longer, and a 2 MB paste must not hold a desk up (chosen by us)."""
_EDGES = " :、，。；/\n"
_OWN_STRENGTH = {"pay", "age_demand", "gender_demand", "protected_demand", "headcount"}
_SAID_WITH_ITS_NO = {"employment_form", "outsourced"}
_NO = ("非", "不是", "不走", "不做", "无", "拒绝", "绝非", "不属于", "不外")
"""Words that open a match and turn it round: 非派遣, 拒绝外包, 不外包."""


def parse_advert(text: str) -> list[Slot]:
    """Every slot of an advert by place in the text; an empty text gives none. Spans are code points of `text` itself.

    >>> [(s.slot, s.value, s.strength) for s in parse_advert("本科以上，有驾照优先")]
    [('education', 'bachelor', 'hard'), ('licence', 'C1', 'soft')]
    """
    plain = make_plain(text[:LONGEST_READ])
    if not plain.text.strip():
        return []
    clauses = Clauses(plain.text)
    found = [slot for group in rules().values() for slot in _group(clauses, group)]
    found += [*find_places(plain.text), *_skills(clauses)]
    placed = [_in_original(slot, plain) for slot in settle(corrected(found, plain.text), plain.text)]
    return sorted(placed, key=lambda s: (s.start, s.end, s.slot, str(s.value)))


def _in_original(slot: Slot, plain: Plain) -> Slot:
    if plain.places is None:
        return slot
    start, end = plain.span(slot.start, slot.end)
    return replace(slot, start=start, end=end)


def _group(clauses: Clauses, group: tuple[Rule, ...]) -> Iterator[Slot]:
    """Slots of one group of rules; an earlier rule, and a blocking one, keeps later ones off its span."""
    taken = bytearray(len(clauses.text))
    for rule in group:
        for match in rule.find.finditer(clauses.text):
            start, end = match.span()
            if start == end or taken.find(1, start, end) >= 0 or not _holds(rule, clauses, match):
                continue
            if rule.blocks:
                taken[start:end] = b"\x01" * (end - start)
                continue
            read = list(_read(rule, match))
            if read:
                taken[start:end] = b"\x01" * (end - start)
            for a, b, value in read:
                yield _slot(clauses, rule, (a, b), value)


def _holds(rule: Rule, clauses: Clauses, match: re.Match[str]) -> bool:
    if not rule.fits(clauses.text, match):
        return False
    if rule.not_clause is None and rule.only_clause is None:
        return True
    clause = clauses.clause(*match.span())
    return not (rule.not_clause and rule.not_clause.search(clause)) and not (rule.only_clause and not rule.only_clause.search(clause))


def _read(rule: Rule, match: re.Match[str]) -> Iterator[tuple[int, int, Any]]:
    """(start, end, value) in the plain text; a list of names gives several."""
    if rule.reads in ("certificate", "major"):
        said, at = match["w"], match.start("w")
        named = majors(said) if rule.reads == "major" else [c for c in [certificate(said)] if c]
        yield from ((at + a, at + a + len(name), name) for a, name in named)
        return
    value = rule.value if rule.reads is None else READERS[rule.reads](match)
    if value is not None:
        start, end = match.span("w") if rule.reads in ("name", "language") else match.span()
        yield start, end, value


def _slot(clauses: Clauses, rule: Rule, span: tuple[int, int], value: Any) -> Slot:
    said = clauses.text[span[0] : span[1]]
    span = (span[0] + len(said) - len(said.lstrip(_EDGES)), span[1] - len(said) + len(said.rstrip(_EDGES + "(")))
    name: str = rule.slot
    strength: Strength = rule.strength or ("hard" if name in _OWN_STRENGTH else clauses.strength(*span))
    if rule.strength is None and name in _SAID_WITH_ITS_NO and clauses.text.startswith(_NO, span[0]):
        strength = "negated"
    if name == "pay" and not is_believed(value):
        name, strength = "pay_doubtful", "soft"
    return Slot(name, value, strength, *span, rule.id)


def _skills(clauses: Clauses) -> Iterator[Slot]:
    """Skills of the table, the words as written, once each."""
    told: set[str] = set()
    for found in skills.find(clauses.text):
        words = clauses.text[found.start : found.end]
        if words.lower() not in told:
            told.add(words.lower())
            yield Slot("skills", words, clauses.strength(found.start, found.end), found.start, found.end, f"skills.{found.skill.id}")
