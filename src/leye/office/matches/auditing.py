"""How the matching is judged: four fifths between groups, flips of what must not count, and whether a group can be told from what influenced a list.

Protected attributes are joined to finished lists here and nowhere else; the ranking never sees them.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from leye.match.columns import JOBS, PEOPLE
from leye.office.fairness.shield import shield
from leye.trust.audit import Measure, audit, check_decisions
from leye.trust.audit.clusters import LEAST_PERSONS

GROUPS = ("sex", "age_band", "hukou")
LISTED = 3
"""Somebody counts as served whose list has at least so many jobs: what the person's page shows first."""
FLIPPED_PEOPLE = 40
"""People whose list is made anew with other attributes, every night. # chosen by us: a second of work; tests flip everybody"""
FLIPS: dict[str, tuple[str, str]] = {
    "sex": ("M", "F"), "birth": ("1962-03-01", "2003-09-30"), "hukou": ("rural", "urban"),
    "name": ("王建国", "李招娣"), "ethnicity": ("汉族", "壮族"),
    "marital": ("已婚", "未婚"),
}  # fmt: skip
BESIDE = "\x1f"
"""Between a person's id and the number of a copy; no id holds a control character."""
FOLDS = 5
PROBE = {"grouping": pl.String, "people": pl.Int64, "auc": pl.Float64, "chance_95": pl.Float64, "verdict": pl.String}
FLIP = {"attribute": pl.String, "people": pl.Int64, "changed": pl.Int64}
MEASURES = (Measure("jobs"), Measure("score_3"))
SHUFFLES = 200


def audit_tables(data: Path, people: pl.DataFrame, jobs: pl.DataFrame, found: pl.DataFrame, on: date) -> dict[str, pl.DataFrame]:
    """`rates` (gate: share of seekers with at least LISTED jobs), `means` (exposure: jobs in the list, mean score of the first LISTED), `flips`,
    `probe`. Groups of fewer than ten persons keep their name and lose their figures."""
    grouped = grouped_people(data, people, on)
    rates, means = four_fifths(grouped, found)
    return {"rates": rates, "means": means, "flips": flips(people, jobs, on), "probe": probe(grouped, found)}


def grouped_people(data: Path, people: pl.DataFrame, on: date) -> pl.DataFrame:
    """`person_id` and GROUPS of everybody who was matched; unknown is null."""
    file = data / "city" / "people.parquet"
    if not file.exists():
        return people.select("person_id", *(pl.lit(None, dtype=pl.String).alias(g) for g in GROUPS))
    age = (pl.lit(on) - pl.col("birth")).dt.total_days() / 365.2425
    band = pl.when(age < 25).then(pl.lit("16-24")).when(age < 45).then(pl.lit("25-44")).when(age < 60).then(pl.lit("45-59")).otherwise(pl.lit("60+"))
    known = pl.scan_parquet(file).select(
        "person_id", "sex", pl.when(pl.col("birth").is_not_null()).then(band).alias("age_band"), pl.col("hukou_type").alias("hukou")
    )
    return people.select("person_id").join(known.collect(), on="person_id", how="left", maintain_order="left")


def four_fifths(grouped: pl.DataFrame, found: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(rates, means) of the trust room's audit over the lists of all who were matched; small groups shielded."""
    first = pl.col("score").filter(pl.col("rank") <= LISTED).mean()
    lists = found.group_by("person_id").agg(pl.len().cast(pl.Float64).alias("jobs"), first.alias("score_3"))
    rows = grouped.join(lists, on="person_id", how="left", maintain_order="left").with_columns(
        pl.col("jobs").fill_null(0.0), pl.col("score_3").fill_null(0.0)
    )
    rows = rows.with_columns((pl.col("jobs") >= LISTED).cast(pl.Int64).alias("selected"), pl.col("score_3").alias("score"))
    made = audit(check_decisions(rows, GROUPS, measures=MEASURES, cluster="person_id", name="matches"))
    assert made.means is not None
    rates = shield(made.rates, pl.col("persons") < LEAST_PERSONS)
    names = rates.select("grouping", "group", "is_shielded")
    return rates, shield(made.means.join(names, on=["grouping", "group"], how="left", maintain_order="left"), pl.col("is_shielded"))


def flips(people: pl.DataFrame, jobs: pl.DataFrame, on: date, *, most: int = FLIPPED_PEOPLE) -> pl.DataFrame:
    """For each protected attribute, how many rows differ when everybody has its one value and then its other; 0 is the only good answer."""
    from leye.match.ranking import rank

    some = people.head(most).select(list(PEOPLE)).with_columns(pl.lit(values[0]).alias(name) for name, values in FLIPS.items())
    others = [some.with_columns(pl.lit(second).alias(name)) for name, (_first, second) in FLIPS.items()]
    # one ranking of all: a list does not depend on who else is in the file, and the jobs are read once instead of seven times
    named = [frame.with_columns(pl.concat_str("person_id", pl.lit(f"{BESIDE}{k}"))) for k, frame in enumerate((some, *others))]
    ranked = rank(pl.concat(named), jobs.select(list(JOBS)), on=on, top=LISTED)
    copy_of = pl.col("person_id").str.split(BESIDE).list
    ranked = ranked.with_columns(copy_of.last().alias("copy"), copy_of.first())
    one, *rest = [ranked.filter(pl.col("copy") == str(k)).drop("copy") for k in range(len(named))]
    rows = [
        (name, some.height, 0 if one.equals(other) else max(1, one.join(other, on=one.columns, how="anti").height))
        for name, other in zip(FLIPS, rest, strict=True)
    ]
    return pl.DataFrame(rows, schema=FLIP, orient="row")


def probe(grouped: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Whether a group can be told from what influenced the lists: area under the curve of a cross-validated linear model over the features' mean
    contributions, beside what shuffled groups reach (95 % of them stay below `chance_95`).

    Verdicts: `not_told`, `told` (a proxy may be at work: people look), `too_few`. Wishes differ between groups, so that `told` is no proof of wrong.
    """
    influence, ids = _influence(found)
    rows = []
    for name in ("sex", "hukou"):
        labels = dict(grouped.select("person_id", name).iter_rows())
        known = [k for k, person in enumerate(ids) if labels.get(person) is not None]
        values = sorted({labels[ids[k]] for k in known})
        y = np.array([labels[ids[k]] == values[-1] for k in known], dtype=int) if len(values) == 2 else np.zeros(0, dtype=int)
        rows.append((name, len(known), *_told(influence[known], y)))
    return pl.DataFrame(rows, schema=PROBE, orient="row")


def _influence(found: pl.DataFrame) -> tuple[Any, list[str]]:
    """(people x features) mean contribution over each list, and whose rows they are."""
    sums: dict[str, dict[str, float]] = {}
    size: dict[str, int] = {}
    for person, text in found.select("person_id", "reasons").iter_rows():
        mine, read = sums.setdefault(person, {}), json.loads(text)
        size[person] = size.get(person, 0) + 1
        for side in ("person", "employer"):
            for item in read[side]["items"]:
                name = f"{side}.{item['feature']}"
                mine[name] = mine.get(name, 0.0) + item["contribution"]
    names = sorted({n for mine in sums.values() for n in mine})
    ids = sorted(sums)
    return np.array([[sums[p].get(n, 0.0) / size[p] for n in names] for p in ids]).reshape(len(ids), len(names)), ids


def _told(x: Any, y: Any) -> tuple[float | None, float | None, str]:
    if y.size == 0 or min(y.sum(), (1 - y).sum()) < 2 * FOLDS or x.shape[1] == 0:
        return None, None, "too_few"
    scaled = (x - x.mean(axis=0)) / np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
    dice = np.random.Generator(np.random.PCG64(0))
    ranks = _mid_ranks(_said_unseen(scaled, y, _folds(y, dice)))
    chance = sorted(_auc(ranks, dice.permutation(y)) for _ in range(SHUFFLES))
    auc, bound = round(_auc(ranks, y), 4), round(chance[int(0.95 * SHUFFLES)], 4)
    return auc, bound, "told" if auc > bound else "not_told"


def _folds(y: Any, dice: np.random.Generator) -> Any:
    """(n,) fold of each row; both labels are spread evenly."""
    fold = np.zeros(y.size, dtype=int)
    for label in (0, 1):
        mine = dice.permutation(np.flatnonzero(y == label))
        fold[mine] = np.arange(mine.size) % FOLDS
    return fold


def _said_unseen(x: Any, y: Any, fold: Any) -> Any:
    """(n,) score of each row by ridge regression on the labels as -1 and 1, penalty 1, from the other folds alone.

    In numpy: scikit-learn's import alone cost a quarter of the night's step, for a closed form of two lines.
    """
    said, target = np.zeros(y.size), 2.0 * y - 1.0
    for k in range(FOLDS):
        seen = fold != k
        middle, mean = x[seen].mean(axis=0), target[seen].mean()
        centred = x[seen] - middle
        weights = np.linalg.solve(centred.T @ centred + np.eye(x.shape[1]), centred.T @ (target[seen] - mean))
        said[~seen] = (x[~seen] - middle) @ weights + mean
    return said


def _auc(ranks: Any, y: Any) -> float:
    """Area under the curve from mid-ranks (Mann and Whitney 1947)."""
    ones = int(y.sum())
    return float((ranks[y == 1].sum() - ones * (ones + 1) / 2) / (ones * (y.size - ones)))


def _mid_ranks(scores: Any) -> Any:
    """(n,) ranks from 1, equal scores share the mean of theirs."""
    _values, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place]
