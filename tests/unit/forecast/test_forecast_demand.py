"""Demand for skills: worked by hand, adding up, and verdicts that chance does not give away."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.forecast.demand import FALLING, LEAST_ADS, POOLED, RISING, STEADY, UNKNOWN, intensity, outlook, pooled, shift, skill_panel

ADS = pl.DataFrame(
    {"occupation": ["cook", "cook", "driver", "clerk"], "heads": [3, 1, 2, 5], "skills": [["health"], ["health", "pastry"], ["licence"], []]},
    schema_overrides={"skills": pl.List(pl.String)},
)


def test_shares_are_posts_not_ads() -> None:
    assert intensity(ADS).rows() == [("health", "cook", 1.0), ("licence", "driver", 1.0), ("pastry", "cook", 0.25)]


def test_a_skills_posts_are_those_of_its_occupations_and_a_gap_stays_a_gap() -> None:
    posts = pl.DataFrame(
        {"occupation": ["cook", "cook", "driver"], "ds": [date(2025, 1, 1), date(2025, 2, 1), date(2025, 1, 1)], "y": [40.0, None, 8.0]}
    )
    assert skill_panel(posts, intensity(ADS)).rows() == [
        ("health", date(2025, 1, 1), 40.0),
        ("health", date(2025, 2, 1), None),
        ("licence", date(2025, 1, 1), 8.0),
        ("pastry", date(2025, 1, 1), 10.0),
        ("pastry", date(2025, 2, 1), None),
    ]


def test_rare_skills_become_one_and_are_asked_for_once_an_ad() -> None:
    often = [["office"]] * LEAST_ADS
    ads = pl.DataFrame({"skills": [*often, ["welding", "plc", "office"]]}, schema={"skills": pl.List(pl.String)})
    assert pooled(ads)["skills"].to_list() == [*often, ["office", POOLED]]


def series(values: list[float | None]) -> pl.DataFrame:
    days = [date(2023 + (8 + k) // 12, (8 + k) % 12 + 1, 1) for k in range(len(values))]
    return pl.DataFrame({"unique_id": ["s"] * len(values), "ds": days, "y": values}, schema_overrides={"y": pl.Float64})


VERDICTS = [
    (10.0, 11.0, 12.0, 14.0, RISING, "even the low end is above"),
    (10.0, 9.0, 12.0, 14.0, STEADY, "the interval holds a year ago"),
    (10.0, 10.0, 12.0, 14.0, STEADY, "the edge is not beyond"),
    (10.0, 6.0, 7.0, 9.5, FALLING, "even the high end is below"),
    (None, 6.0, 7.0, 9.5, UNKNOWN, "nothing to hold it against"),
]


@pytest.mark.parametrize(("year_ago", "low", "mean", "high", "verdict", "why"), VERDICTS, ids=[v[-1] for v in VERDICTS])
def test_verdicts(year_ago: float | None, low: float, mean: float, high: float, verdict: str, why: str) -> None:
    ahead = pl.DataFrame(
        {"unique_id": ["s", "s"], "ds": [date(2025, 9, 1), date(2026, 8, 1)], "mean": [1.0, mean], "lo-80": [0.5, low], "hi-80": [2.0, high]}
    )
    row = outlook(series([*[5.0] * 23, year_ago]), ahead).row(0, named=True)
    assert (row["verdict"], row["ds"], row["year_ago"], row["before"]) == (verdict, date(2026, 8, 1), year_ago, 60.0)
    assert row["last"] == (None if year_ago is None else 65.0), "a missing month is no nought"


def yearly(early: tuple[int, int], late: tuple[int, int], occupation: str = "cook") -> pl.DataFrame:
    """(asking, all) ads of both halves."""
    rows = [(date(2025, m, 1), occupation, ["x"] if k < asking else []) for m, (asking, n) in ((1, early), (2, late)) for k in range(n)]
    return pl.DataFrame(rows, schema={"month": pl.Date, "occupation": pl.String, "skills": pl.List(pl.String)}, orient="row")


def test_a_shift_by_hand() -> None:
    """Shares .2 and .6 of 50: pooled .4, error sqrt(.24 × 2/50) = .098, so 4.08 errors apart."""
    assert shift(yearly((10, 50), (30, 50))).rows() == [("x", 40, 0.2, 0.6, RISING)]
    assert shift(yearly((30, 50), (10, 50)))["verdict"].item() == FALLING
    assert shift(yearly((10, 50), (14, 50)))["verdict"].item() == STEADY, ".08 of an error of .086"
    assert shift(yearly((10, 50), (0, 0)))["verdict"].item() == UNKNOWN


def test_a_change_of_the_mix_is_no_shift() -> None:
    """Cooks ask in nine of ten ads, clerks in one of ten; the cooks double and the clerks halve, nobody asks for more."""
    ads = pl.concat([yearly((45, 50), (90, 100)), yearly((10, 100), (5, 50), "clerk")])
    row = shift(ads).row(0, named=True)
    assert row["verdict"] == STEADY and row["early"] == pytest.approx(row["late"])


def test_chance_alone_gives_the_promised_share_of_verdicts() -> None:
    dice = np.random.default_rng(0)
    said = [shift(yearly((int(dice.binomial(60, 0.3)), 60), (int(dice.binomial(60, 0.3)), 60)))["verdict"].item() for _ in range(400)]
    assert 0.05 < np.mean([v != STEADY for v in said]) < 0.16


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 9), st.sets(st.sampled_from("xyz"))), min_size=1, max_size=40))
def test_no_skill_has_more_posts_than_its_occupations(rows: list[tuple[str, int, set[str]]]) -> None:
    ads = pl.DataFrame(
        [(o, h, sorted(s)) for o, h, s in rows], schema={"occupation": pl.String, "heads": pl.Int64, "skills": pl.List(pl.String)}, orient="row"
    )
    posts = pl.DataFrame({"occupation": list("abc"), "ds": [date(2025, 1, 1)] * 3, "y": [7.0, 11.0, 13.0]})
    made = dict(skill_panel(posts, intensity(ads)).select("unique_id", "y").iter_rows())
    for skill, y in made.items():
        reach = {o for o, _, s in rows if skill in s}
        assert 0 < y <= sum(v for o, v in zip("abc", (7.0, 11.0, 13.0), strict=True) if o in reach) + 1e-9
