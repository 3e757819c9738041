"""The national pack against the development fact sheet: the same policies, and the same verdict, amount, months and missing facts for everybody."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from leye.policy import Evaluator, PackSet, bind, load
from leye.policy.pack import ClauseNode, Note
from tests_support.policy_edge_people import days_around, edge_people
from tests_support.policy_sheet import Outcome, Sheet, read_sheet

SHARED = Path(os.environ.get("LEYE_SHARED", Path(__file__).parents[3].parent / "shared")) / "data" / "policy"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the development fact sheet lies outside the repository; set LEYE_SHARED")
A_POLICY = 120
"""People drawn towards each policy; they are held against it and four others."""
SEED = 20_250_831


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return read_sheet(SHARED)


@pytest.fixture(scope="module")
def pack() -> PackSet:
    return load(["cn"])


def edges(sheet: Sheet) -> list[date]:
    """First and last days of every version, their neighbours, and two plain days."""
    ends = {day for p in sheet.policies for v in p["versions"] for day in (v["from"], v["to"]) if day is not None}
    return [*days_around(ends), date(2025, 8, 31), date(2026, 3, 1)]


def drawn(pack: PackSet, sheet: Sheet) -> Iterator[tuple[dict[str, Any], date, list[str]]]:
    """People with their day and the policies to ask, the same in every run."""
    dice = Random(SEED)
    for policy in pack.policies.values():
        cases = [*policy.cases, *(c for c in policy.cases if c.expect["verdict"] == "符合")]  # yes's twice: few people meet all clauses
        seeds = [({k: pack.facts[k].from_text(v) for k, v in c.facts.items()}, c.on) for c in cases]
        for person, on in edge_people(pack.facts, seeds, edges(sheet), dice, A_POLICY):
            yield person, on, [policy.id, *dice.sample(list(pack.policies), 4)]


def test_every_answer_is_that_of_the_sheet(pack: PackSet, sheet: Sheet) -> None:
    evaluator = cache(lambda on, region: Evaluator(bind(pack, on, region)))
    seen: defaultdict[str, Counter[bool | None]] = defaultdict(Counter)
    for person, on, asked in drawn(pack, sheet):
        ours, theirs = evaluator(on, person.get("region", "CN")), sheet.outcomes(person, on, asked)
        env = ours.env(person)
        for name in asked:
            found = ours.answer(env, name)
            assert Outcome(found.verdict, found.amount_fen, found.months, found.missing) == theirs[name], f"{name} on {on} for {person}"
            seen[name][found.verdict] += 1
    thin = {name: dict(found) for name, found in seen.items() if min(found[v] for v in (True, False, None)) < 10}
    assert thin == {}, f"too few people of a kind to say that the answers agree: {thin}"


def test_the_sheet_has_the_same_policies_versions_and_days(pack: PackSet, sheet: Sheet) -> None:
    assert set(pack.policies) == {p["id"] for p in sheet.policies}
    for theirs in sheet.policies:
        ours = pack.policies[theirs["id"]]
        assert (ours.name, ours.about, ours.pays, ours.status) == (theirs["zh"], theirs["about"], theirs["pays"], theirs["status"]), ours.id
        assert [(v.start, v.end, v.region, v.dates, v.unit) for v in ours.versions] == [
            (v["from"], v["to"], v["region"], v["dates"], v["unit"]) for v in theirs["versions"]
        ], ours.id


def test_the_sheet_has_the_same_derived_facts(pack: PackSet, sheet: Sheet) -> None:
    assert set(pack.derived) == set(sheet.derived)
    regional = {(f.region, name) for name, d in pack.derived.items() for f in d.forms if f.region != "CN"}
    assert regional == {(region, name) for region, forms in sheet.regional.items() for name in forms}


def test_quoted_words_stand_in_the_development_notes(pack: PackSet) -> None:
    """Nothing in quotation marks is our own invention: each quote was read, and stands in the notes it was read from."""
    files = (SHARED / "open_points.md", SHARED / "policy_ids.yaml", SHARED.parents[1] / "notes" / "policy.md")
    read = "".join(p.read_text(encoding="utf-8") for p in files)
    versions = [(p, v) for p in pack.policies.values() for v in p.versions]
    quotes = {s.quote for p, v in versions for s in (*p.sources, *v.sources) if s.quote}
    notes = {n for _, v in versions for n in (*v.notes, *notes_of(v.who))}
    quotes |= {quote for note in notes for quote in re.findall("“([^”]+)”", note.zh + note.source)}
    assert len(quotes) > 15
    assert [q for q in quotes if q not in read] == []


def notes_of(node: ClauseNode) -> Iterator[Note]:
    """Notes of a clause tree."""
    if node.note is not None:
        yield node.note
    for part in getattr(node, "parts", ()):
        yield from notes_of(part)
