"""Skills of the board that people's own words name: all texts in one pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import polars as pl

from leye.match.ranking.profile import Profile
from leye.match.ranking.words import private_forms


def told_skills(people: list[Profile], skills: Iterable[str]) -> list[frozenset[str]]:
    """For each person the skills (as `words.skill_name`) whose forms stand in the free text, after every protected statement is taken out."""
    of_form: defaultdict[str, list[str]] = defaultdict(list)
    for skill in sorted(skills):
        for form in private_forms(skill):
            of_form[form].append(skill)
    if not of_form or not any(p.told for p in people):
        return [frozenset() for _ in people]
    texts = pl.Series([p.told for p in people], dtype=pl.String)
    found = texts.to_frame("t").select(pl.col("t").str.extract_many(sorted(of_form), overlapping=True))["t"].to_list()
    return [frozenset(s for form in set(hits or ()) for s in of_form[form]) for hits in found]
