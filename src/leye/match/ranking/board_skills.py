"""The skill side of the board: what each post asks for, what its text names besides, its project skills and its title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from leye.match.fold import fold
from leye.match.ranking.coded import Coded, Ragged, coded_rows, smallest
from leye.match.ranking.postings import MENTIONED, PREFERRED, PROJECT, REQUIRED, Postings, make_postings
from leye.match.ranking.words import EDGE, GAP, forms, pairs, searchable, skill_name

PIECE = 100_000
"""Texts searched at once: the words found stand in memory as lists until they are numbered."""


@dataclass(frozen=True)
class SkillBoard:
    """ids: skill to number · asked: per post (skill, kind, how many of that kind, least level or 0) · mentioned, projects: skills per post ·
    needed: (n,) number of required skills · named, used: posts by skill that list or mention it, and by skill of their projects ·
    titles, title_pairs: distinct titles, pairs of characters of each, and who holds a pair."""

    ids: dict[str, int]
    asked: Ragged
    needed: np.ndarray[Any, Any]
    mentioned: Ragged
    projects: Ragged
    named: Postings
    used: Postings
    titles: Coded
    title_sizes: np.ndarray[Any, np.dtype[np.int32]]
    with_pair: dict[str, np.ndarray[Any, Any]]


def skill_board(jobs: pl.DataFrame, vocabulary: frozenset[str]) -> SkillBoard:
    """jobs: as `tables.read_jobs` gives it, in board order. vocabulary: skills looked for in the texts."""
    ids = _numbered(jobs, vocabulary)
    asked = _asked(jobs, ids)
    mentioned = _mentioned(jobs, vocabulary, asked, ids)
    projects = _entries(jobs, "project_skills", ids).unique(["row", "id"]).sort("row", "id").with_columns(of=pl.len().over("row"))
    titles = coded_rows(jobs.select("title"), lambda t: t or "")
    in_titles = [pairs(searchable(t)) for t in titles.values]
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for place, found in enumerate(in_titles):
        for pair in found:
            holders[pair].append(place)
    n = len(jobs)
    required = asked.filter(kind=REQUIRED)["row"].to_numpy()
    named = pl.concat([asked, mentioned.with_columns(kind=MENTIONED, of=1, least=0).select(asked.columns).cast(asked.schema)])
    used = projects.with_columns(kind=PROJECT, least=0).select(asked.columns).cast(asked.schema)
    return SkillBoard(
        ids, _ragged(asked, n, "kind", "of", "least"), smallest(np.bincount(required, minlength=n), int(asked["of"].max() or 0) + 1),  # type: ignore[arg-type]
        _ragged(mentioned, n), _ragged(projects, n), make_postings(named, len(ids)), make_postings(used, len(ids)), titles,
        np.array([len(x) for x in in_titles], dtype=np.int32), {k: np.array(v, dtype=np.int64) for k, v in holders.items()},
    )  # fmt: skip


def _numbered(jobs: pl.DataFrame, vocabulary: frozenset[str]) -> dict[str, int]:
    """A number for every skill of the posts' lists and of the vocabulary."""
    found = set(vocabulary)
    for column in ("skills_required", "skills_preferred", "project_skills"):
        found |= {skill_name(w) for w in jobs[column].explode(empty_as_null=False, keep_nulls=False).unique()}
    return {skill: k for k, skill in enumerate(sorted(found))}


def _entries(jobs: pl.DataFrame, column: str, ids: dict[str, int], *beside: pl.Expr) -> pl.DataFrame:
    """`row`, `id` (and what stands aligned beside) for every word of a list, in the order written."""
    lists = jobs.select(pl.int_range(pl.len(), dtype=pl.Int32).alias("row"), pl.col(column).alias("id"), *beside)
    flat = lists.filter(pl.col("id").list.len() > 0).explode(lists.columns[1:])
    number = {w: ids[skill_name(w)] for w in flat["id"].unique()}
    return flat.with_columns(pl.col("id").replace_strict(number, return_dtype=pl.Int32) if number else pl.lit(0, pl.Int32).alias("id"))


def _asked(jobs: pl.DataFrame, ids: dict[str, int]) -> pl.DataFrame:
    """`row, id, kind, of, least` by row, as `Advert.required` and `Advert.preferred` read it."""
    levels = pl.col("skill_level_min")
    unknown = pl.lit(0, pl.Int64).repeat_by(pl.col("skills_required").list.len())
    least = pl.when(levels.list.len() > 0).then(levels).otherwise(unknown).alias("least")
    required = _levelled(_entries(jobs, "skills_required", ids, least).with_columns(pl.col("least").fill_null(0).clip(lower_bound=0)))
    preferred = _entries(jobs, "skills_preferred", ids).unique(["row", "id"]).join(required, on=["row", "id"], how="anti")
    both = pl.concat([required.with_columns(kind=REQUIRED), preferred.with_columns(kind=PREFERRED, least=pl.lit(0, pl.Int64))], how="diagonal")
    made = both.select("row", "id", pl.col("kind").cast(pl.Int32), pl.len().over("row", "kind").cast(pl.Int32).alias("of"), "least")
    return made.sort("row", "kind", "id")


def _levelled(required: pl.DataFrame) -> pl.DataFrame:
    """One entry for a skill that a post names twice: of its levels the lowest after the last that says none."""
    twice = pl.struct("row", "id").is_duplicated()
    found: dict[tuple[int, int], int] = {}
    for row, skill, level in required.filter(twice).iter_rows():
        before = found.get((row, skill), 0)
        found[row, skill] = min(level, before or level)
    once = pl.DataFrame([(*k, v) for k, v in found.items()], schema=required.schema, orient="row")
    return pl.concat([required.filter(~twice), once])


def _mentioned(jobs: pl.DataFrame, vocabulary: frozenset[str], written: pl.DataFrame, ids: dict[str, int]) -> pl.DataFrame:
    """`row, id`: skills of the vocabulary that a post's title or text names and its lists do not."""
    named = [(form, ids[skill]) for skill in sorted(vocabulary) for form in forms(skill)]
    of_form = pl.DataFrame(named, schema={"form": pl.String, "id": pl.Int32}, orient="row")
    parts = [pl.DataFrame(schema={"row": pl.Int32, "id": pl.Int32})]
    for first in range(0, len(jobs) if named else 0, PIECE):
        parts.append(_found(jobs.slice(first, PIECE), of_form["form"].unique().sort(), of_form, first))
    return pl.concat(parts).join(written, on=["row", "id"], how="anti").sort("row", "id")


def _found(jobs: pl.DataFrame, sought: Iterable[str], of_form: pl.DataFrame, first: int) -> pl.DataFrame:
    """The same for some rows, lists or not."""
    text = pl.concat_str(_fenced("title"), pl.lit(GAP), _fenced("text"))
    hits = jobs.select(
        (pl.int_range(pl.len(), dtype=pl.Int32) + first).alias("row"), text.str.extract_many(list(sought), overlapping=True).alias("form")
    )
    flat = hits.filter(pl.col("form").list.len() > 0).explode("form")
    return flat.join(of_form, on="form").select("row", "id").unique()


def _ragged(entries: pl.DataFrame, n: int, *beside: str) -> Ragged:
    """Entries sorted by `row` as lists of n rows."""
    starts = np.concatenate([[0], np.cumsum(np.bincount(entries["row"].to_numpy(), minlength=n))]).astype(np.int32)
    return Ragged(starts, entries["id"].to_numpy(), tuple(smallest(entries[c].to_numpy(), int(entries[c].max() or 0) + 1) for c in beside))  # type: ignore[arg-type]


@cache
def _folding() -> dict[str, str]:
    """Characters that `fold` changes, and into what."""
    return {c: folded for c in map(chr, range(0x10000)) if not 0xD800 <= ord(c) < 0xE000 and (folded := fold(c)) != c}


def _fenced(column: str) -> pl.Expr:
    """`words.fenced` of a whole column."""
    table = _folding()
    folded = pl.col(column).fill_null("").str.replace_many(list(table), list(table.values()))
    return folded.str.replace_all(r"[\s\x1c-\x1f]+", "").str.replace_all(r"([a-z0-9+#.]+)", f"{EDGE}${{1}}{EDGE}")
