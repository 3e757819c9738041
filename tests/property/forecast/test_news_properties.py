"""News of a forecast: effects sum to the change, tie to the runs, and fall on the release that caused them."""

import os
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.forecast import run
from leye.forecast.frozen import freeze
from leye.forecast.news import KINDS, news
from leye.forecast.news_words import effects_of, news_en, news_zh
from leye.kernel.errors import BadInput, NotFound
from tests_support.panels import add_up, lively, months, table

HORIZON, PERIODS = 4, 60
SHARED = Path(os.environ.get("LEYE_SHARED", Path(__file__).parents[3].parent / "shared")) / "data" / "forecast"
few = settings(max_examples=10, deadline=None)
TAGS = {"all": None, "s00": "all", "s01": "all", "s02": "all"}


def hierarchy(seed: int) -> pl.DataFrame:
    return table(add_up(lively(seed, 3, PERIODS), TAGS))


def tags() -> pl.DataFrame:
    return pl.DataFrame({"unique_id": list(TAGS), "parent": list(TAGS.values())})


def cut(panel: pl.DataFrame, back: int) -> pl.DataFrame:
    return panel.filter(pl.col("ds") <= months(PERIODS)[PERIODS - 1 - back])


def sums(found: pl.DataFrame) -> pl.DataFrame:
    return found.group_by("unique_id", "ds").agg(pl.col("value").sum(), pl.col("before").first(), pl.col("after").first())


@few
@given(st.integers(0, 200), st.integers(0, 3), st.booleans(), st.sampled_from([None, 0.97, 1.1]), st.booleans())
def test_effects_sum_to_the_change_and_tie_to_the_runs(seed: int, back: int, has_tree: bool, factor: float | None, is_late: bool) -> None:
    new = hierarchy(seed)
    old = cut(new, back)
    if factor is not None:
        old = old.with_columns(
            y=pl.when((pl.col("unique_id") == "s01") & (pl.col("ds") > date(2014, 6, 1))).then(pl.col("y") * factor).otherwise("y")
        )
    if is_late:  # one series comes a period later than the rest
        new = new.with_columns(y=pl.when((pl.col("unique_id") == "s02") & (pl.col("ds") == months(PERIODS)[-1])).then(None).otherwise("y"))
    tree = tags() if has_tree else None
    found = news(old, new, tree, horizon=HORIZON)
    told = sums(found)
    assert (told["value"] - (told["after"] - told["before"])).abs().max() <= 1e-9
    after, said = run(new, tree, horizon=HORIZON).forecast, run(old, tree, horizon=HORIZON).forecast
    further = run(old, tree, horizon=HORIZON + back).forecast.join(said, on=["unique_id", "ds"], how="anti")
    before = pl.concat([said, further])  # what the old run said where it spoke of a date, a longer one for the rest
    ends = told.join(after, on=["unique_id", "ds"]).join(before, on=["unique_id", "ds"], suffix="_old")
    assert ends.height == told.height == 4 * HORIZON
    assert ends["after"].to_list() == ends["mean"].to_list() and ends["before"].to_list() == ends["mean_old"].to_list()
    assert set(found["kind"]) <= set(KINDS)
    assert found.equals(news(old, new, tree, horizon=HORIZON)), "equal input, equal bytes"


def test_equal_vintages_have_no_news() -> None:
    panel = hierarchy(1)
    found = news(panel, panel, tags(), horizon=HORIZON)
    assert found.filter(pl.col("release").is_not_null()).is_empty()
    assert found["value"].abs().max() is None or found["value"].abs().max() < 1e-9


def test_a_revision_of_one_series_is_laid_to_that_series_alone() -> None:
    new = hierarchy(2)
    old = new.with_columns(y=pl.when((pl.col("unique_id") == "s01") & (pl.col("ds") == months(PERIODS)[-1])).then(pl.col("y") * 1.05).otherwise("y"))
    found = news(old, new, None, horizon=HORIZON)
    assert set(found["release"].drop_nulls()) == {"s01"} and set(found.filter(pl.col("release").is_not_null())["kind"]) == {"revision"}
    own = found.filter((pl.col("unique_id") == "s01") & (pl.col("kind") == "revision"))
    assert (own["value"] < 0).all(), "the newest figure was taken down, and so are the forecasts from it"
    row = own.row(0, named=True)
    assert row["period"] == months(PERIODS)[-1] and row["expected"] == pytest.approx(row["actual"] * 1.05)


def test_a_series_that_was_not_revised_is_never_said_to_be() -> None:
    new = hierarchy(8)
    old = cut(new, 2).with_columns(
        y=pl.when((pl.col("unique_id") == "s01") & (pl.col("ds") == date(2014, 1, 1))).then(pl.col("y") * 1.05).otherwise("y")
    )
    found = news(old, new, None, horizon=HORIZON)
    assert set(found.filter(pl.col("kind") == "revision")["release"]) == {"s01"}


def test_a_surprise_above_what_was_expected_lifts_the_forecast() -> None:
    new = hierarchy(3)
    new = new.with_columns(y=pl.when((pl.col("unique_id") == "s00") & (pl.col("ds") == months(PERIODS)[-1])).then(pl.col("y") * 1.2).otherwise("y"))
    found = news(cut(new, 1), new, None, horizon=HORIZON).filter((pl.col("kind") == "new") & (pl.col("release") == "s00"))
    own = found.filter(pl.col("unique_id") == "s00")
    assert (own["actual"] > own["expected"]).all() and (own["value"] > 0).all()


@pytest.mark.parametrize("has_tree", [True, False], ids=["hierarchy", "none"])
def test_the_lag_models_held_still_are_linear_in_the_data(has_tree: bool) -> None:
    """Weight times surprise: of two changes at once the effect is the sum of both (the clip of the robust form is far away)."""
    from leye.forecast.engine import fit
    from leye.forecast.panel import known_at
    from leye.forecast.scale import fill_from_past

    panel = known_at(hierarchy(4), tags() if has_tree else None)
    fitted = fit(panel, horizon=HORIZON, levels=(80,))
    raw = fitted.scale.forward(panel.y)
    x = fill_from_past(raw, season=12)
    frozen = freeze(fitted, x, np.isfinite(raw), has_tree=has_tree)
    assert np.allclose(frozen.crossing(x) + frozen.own(x), fitted.x, rtol=0, atol=1e-10), "held still, it says what the run said"
    one, two = x.copy(), x.copy()
    one[0, -1] += 1e-4
    two[1, -3] -= 2e-4
    both = one + two - x
    apart = frozen.crossing(one) + frozen.crossing(two) - 2 * frozen.crossing(x)
    assert np.allclose(frozen.crossing(both) - frozen.crossing(x), apart, rtol=0, atol=1e-12)


def test_the_sentences_add_up_and_name_the_release() -> None:
    new = hierarchy(5)
    found = news(cut(new, 1), new, tags(), horizon=HORIZON)
    day = found["ds"].min()
    for said in (news_zh(found, "s01", day), news_en(found, "s01", day)):
        assert "s01" in said and str(day) in said
        changes = [float(w.replace("＋", "").replace("－", "-").replace(",", "")) for w in _signed(said)]
        assert changes[0] == pytest.approx(sum(changes[1:]), abs=1e-6)
    assert effects_of(found, "s01", day)[0].value != 0
    with pytest.raises(NotFound):
        news_zh(found, "nobody", day)


def _signed(said: str) -> list[str]:
    import re

    return re.findall(r"[＋－][\d,]+\.\d+", said)


def test_the_old_vintage_must_not_be_the_newer() -> None:
    panel = hierarchy(6)
    with pytest.raises(BadInput, match="E_NEWS_ORDER"):
        news(panel, cut(panel, 2), None, horizon=HORIZON)


def test_a_series_that_only_one_vintage_knows_is_a_release_but_is_not_explained() -> None:
    new = hierarchy(7)
    found = news(cut(new, 1).filter(pl.col("unique_id") != "s02"), new, None, horizon=HORIZON)
    assert set(found["unique_id"]) == {"all", "s00", "s01"}


@pytest.mark.skipif(not SHARED.exists(), reason="the development data lie outside the repository; set LEYE_SHARED")
def test_weekly_vintages_of_postings_are_explained_exactly() -> None:
    files = [SHARED / "indeed" / "us_state_vintages" / f"{day}.parquet" for day in ("2024-06-24", "2024-07-02")]
    panels = [pl.read_parquet(f).select(unique_id=pl.col("state").cast(pl.String), ds="date", y="indeed_job_postings_index") for f in files]
    told = sums(news(panels[0], panels[1], None, horizon=3))
    assert told.height == 51 * 3
    assert (told["value"] - (told["after"] - told["before"])).abs().max() <= 1e-9
