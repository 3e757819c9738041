"""The skill side of the board: what each post asks for, what its text names besides, its project skills and its title."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from leye.match.fold import fold
from leye.match.ranking.coded import Coded, Ragged, coded, ragged
from leye.match.ranking.words import EDGE, GAP, forms, pairs, searchable, skill_name

REQUIRED, PREFERRED = 0, 1


@dataclass(frozen=True)
class SkillBoard:
    """ids: skill to number · asked: per post (skill, kind, how many of that kind, least level or 0) · mentioned, projects: skills per post ·
    needed: (n,) number of required skills · titles, title_pairs: distinct titles, pairs of characters of each, and who holds a pair."""

    ids: dict[str, int]
    asked: Ragged
    needed: np.ndarray[Any, np.dtype[np.int32]]
    mentioned: Ragged
    projects: Ragged
    titles: Coded
    title_sizes: np.ndarray[Any, np.dtype[np.int32]]
    with_pair: dict[str, np.ndarray[Any, Any]]


def skill_board(jobs: pl.DataFrame, vocabulary: frozenset[str]) -> SkillBoard:
    """jobs: as `tables.read_jobs` gives it, in board order. vocabulary: skills looked for in the texts."""
    ids: dict[str, int] = {}
    asked, projects, written, needed = [], [], [], []
    columns = ("skills_required", "skill_level_min", "skills_preferred", "project_skills")
    for required, levels, preferred, used in zip(*(jobs[c].to_list() for c in columns), strict=True):
        row, names = _asked(required or (), levels or (), preferred or (), ids)
        asked.append(row)
        written.append(names)
        needed.append(sum(kind == REQUIRED for _, kind, _, _ in row))
        projects.append([(ids.setdefault(s, len(ids)),) for s in dict.fromkeys(skill_name(x) for x in used or ())])
    for skill in sorted(vocabulary):
        ids.setdefault(skill, len(ids))
    mentioned = _mentioned(jobs, vocabulary, written, ids)
    titles = coded(t or "" for t in jobs["title"].to_list())
    in_titles = [pairs(searchable(t)) for t in titles.values]
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for place, found in enumerate(in_titles):
        for pair in found:
            holders[pair].append(place)
    return SkillBoard(
        ids, ragged(asked, 4), np.array(needed, dtype=np.int32), mentioned, ragged(projects, 1), titles,
        np.array([len(x) for x in in_titles], dtype=np.int32), {k: np.array(v, dtype=np.int64) for k, v in holders.items()},
    )  # fmt: skip


def _asked(required: Any, levels: Any, preferred: Any, ids: dict[str, int]) -> tuple[list[tuple[int, ...]], frozenset[int]]:
    """Entries of one post, as `Advert.required` and `Advert.preferred` read it, and every skill of its lists."""
    least: dict[str, int] = {}
    for k, word in enumerate(required):
        name, level = skill_name(word), max(levels[k] or 0, 0) if levels else 0
        least[name] = level if name not in least or level == 0 else min(level, least[name] or level)
    liked = [s for s in dict.fromkeys(skill_name(x) for x in preferred) if s not in least]
    row: list[tuple[int, ...]] = [(ids.setdefault(s, len(ids)), REQUIRED, len(least), level) for s, level in least.items()]
    row += [(ids.setdefault(s, len(ids)), PREFERRED, len(liked), 0) for s in liked]
    return row, frozenset(s for s, *_ in row)


def _mentioned(jobs: pl.DataFrame, vocabulary: frozenset[str], written: list[frozenset[int]], ids: dict[str, int]) -> Ragged:
    """Skills of the vocabulary that a post's title or text names and its lists do not."""
    of_form: defaultdict[str, list[str]] = defaultdict(list)
    for skill in sorted(vocabulary):
        for form in forms(skill):
            of_form[form].append(skill)
    if not of_form:
        return ragged([[] for _ in written], 1)
    found = jobs.select(pl.concat_str(_fenced("title"), pl.lit(GAP), _fenced("text")).str.extract_many(sorted(of_form), overlapping=True).alias("f"))
    rows = []
    for hits, names in zip(found["f"].to_list(), written, strict=True):
        numbers = {ids[s] for form in set(hits or ()) for s in of_form[form]}
        rows.append([(i,) for i in sorted(numbers - names)])
    return ragged(rows, 1)


@cache
def _folding() -> dict[str, str]:
    """Characters that `fold` changes, and into what."""
    return {c: folded for c in map(chr, range(0x10000)) if not 0xD800 <= ord(c) < 0xE000 and (folded := fold(c)) != c}


def _fenced(column: str) -> pl.Expr:
    """`words.fenced` of a whole column."""
    table = _folding()
    folded = pl.col(column).fill_null("").str.replace_many(list(table), list(table.values()))
    return folded.str.replace_all(r"[\s\x1c-\x1f]+", "").str.replace_all(r"([a-z0-9+#.]+)", f"{EDGE}${{1}}{EDGE}")
