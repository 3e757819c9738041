"""Nothing about who somebody is moves a list by a byte, and the tables that judge the matching can tell when something does."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from leye.match.columns import JOBS, PEOPLE
from leye.office.matches import auditing
from leye.office.matches.listing import jobs_frame, matched
from leye.office.matches.people import people_frame

pytestmark = pytest.mark.django_db
ON = date(2025, 8, 31)


def test_flipping_who_everybody_is_changes_no_byte(city_data: Path, tmp_path: Path) -> None:
    """The city's own table of people, turned over: sex, birth, hukou, ethnicity, name, marriage of everybody."""
    people, jobs = people_frame(city_data, ON), jobs_frame(city_data, ON)
    before = matched(people, jobs, ON)
    turned = tmp_path / "turned"
    (turned / "city").mkdir(parents=True)
    for name in ("seekers", "jobs", "firms", "grids"):
        (turned / "city" / f"{name}.parquet").write_bytes((city_data / "city" / f"{name}.parquet").read_bytes())
    table = pl.read_parquet(city_data / "city" / "people.parquet")
    table.with_columns(
        pl.when(pl.col("sex") == "M").then(pl.lit("F")).otherwise(pl.lit("M")).alias("sex"), pl.lit(date(1961, 1, 1)).alias("birth"),
        pl.when(pl.col("hukou_type") == "rural").then(pl.lit("urban")).otherwise(pl.lit("rural")).alias("hukou_type"), pl.lit("李招娣").alias("name"),
        (~pl.col("hukou_local")).alias("hukou_local"), pl.lit(4).alias("disability_grade"),
    ).write_parquet(turned / "city" / "people.parquet")  # fmt: skip
    after = matched(people_frame(turned, ON), jobs_frame(turned, ON), ON)
    assert before.height > 100 and before.write_ndjson() == after.write_ndjson()


def test_the_order_of_rows_changes_no_byte(city_data: Path) -> None:
    people, jobs = people_frame(city_data, ON), jobs_frame(city_data, ON)
    assert matched(people.reverse(), jobs.reverse(), ON).equals(matched(people, jobs, ON))


def test_no_protected_column_reaches_the_ranking(city_data: Path) -> None:
    named = {"name", "sex", "birth", "ethnicity", "hukou_type", "hukou_local", "disability_grade"}
    assert not named & (set(people_frame(city_data, ON).columns) | set(PEOPLE) | set(JOBS))


def lists(influence: dict[str, float]) -> pl.DataFrame:
    import json

    rows = [(p, json.dumps({"person": {"items": [{"feature": "pay", "contribution": v}]}, "employer": {"items": []}})) for p, v in influence.items()]
    return pl.DataFrame(rows, schema=["person_id", "reasons"], orient="row")


def test_the_probe_finds_a_planted_proxy_and_passes_noise() -> None:
    dice = np.random.Generator(np.random.PCG64(5))
    ids = [f"P{k:03d}" for k in range(200)]
    grouped = pl.DataFrame({"person_id": ids, "sex": ["F", "M"] * 100, "hukou": ["rural"] * 200})
    noise = {p: float(dice.normal()) for p in ids}
    planted = {p: v + (3.0 if k % 2 else 0.0) for k, (p, v) in enumerate(noise.items())}
    verdicts = [auditing.probe(grouped, lists(found))["verdict"].to_list() for found in (noise, planted)]
    assert verdicts == [["not_told", "too_few"], ["told", "too_few"]]


def test_a_group_that_gets_fewer_lists_is_flagged_and_a_small_one_hidden() -> None:
    ids = [f"P{k:03d}" for k in range(410)]
    grouped = pl.DataFrame(
        {"person_id": ids, "sex": ["F"] * 200 + ["M"] * 200 + ["X"] * 10, "age_band": ["25-44"] * 405 + ["60+"] * 5, "hukou": ["rural"] * 410}
    )
    served = [p for k, p in enumerate(ids) if k >= 200 or k % 2 == 0]
    found = pl.DataFrame([(p, r, 0.5) for p in served for r in (1, 2, 3)], schema=["person_id", "rank", "score"], orient="row")
    rates, _means = auditing.four_fifths(grouped, found)
    verdicts = {r["group"]: r["verdict"] for r in rates.filter(pl.col("grouping") == "sex").to_dicts()}
    assert verdicts["F"] == "flagged"
    small = rates.filter(pl.col("grouping") == "age_band", pl.col("group") == "60+").row(0, named=True)
    assert small["is_shielded"] and small["n"] is None


def test_a_ranking_that_looked_at_sex_would_be_seen(city_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import leye.match.ranking as ranking

    honest = ranking.rank

    def crooked(people: pl.DataFrame, jobs: pl.DataFrame, **more: Any) -> pl.DataFrame:
        found = honest(people.select(list(PEOPLE)), jobs, **more)
        women = people.filter(pl.col("sex") == "F")["person_id"].to_list()
        return found.filter(~(pl.col("person_id").is_in(women) & (pl.col("rank") == 1)))

    def guarded(people: pl.DataFrame, jobs: pl.DataFrame, **more: Any) -> pl.DataFrame:
        return crooked(people, jobs, **more) if "sex" in people.columns else honest(people, jobs, **more)

    monkeypatch.setattr(ranking, "rank", guarded)
    people, jobs = people_frame(city_data, ON), jobs_frame(city_data, ON)
    changed = dict(auditing.flips(people, jobs, ON, most=5).select("attribute", "changed").iter_rows())
    assert changed.pop("sex") > 0 and set(changed.values()) == {0}


def test_the_probes_arithmetic_is_that_of_scikit_learn() -> None:
    from sklearn.linear_model import Ridge
    from sklearn.metrics import roc_auc_score

    dice = np.random.Generator(np.random.PCG64(3))
    x, y = dice.normal(size=(60, 4)), dice.integers(0, 2, 60)
    fold = auditing._folds(y, dice)
    said = auditing._said_unseen(x, y, fold)
    slow = np.zeros(60)
    for k in range(auditing.FOLDS):
        slow[fold == k] = Ridge(alpha=1.0).fit(x[fold != k], 2.0 * y[fold != k] - 1).predict(x[fold == k])
    assert np.allclose(said, slow)
    tied = np.round(said, 1)
    assert abs(auditing._auc(auditing._mid_ranks(tied), y) - roc_auc_score(y, tied)) < 1e-12
    assert all(abs(np.bincount(fold[y == label]) - (y == label).sum() / auditing.FOLDS).max() < 1 for label in (0, 1))
