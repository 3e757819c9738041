"""The night's record: published forecasts are found in earlier runs, and back-tests are taken over where nothing has changed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from leye import forecast
from leye.lake import open_lake
from leye.office.nightly import record_step as step
from leye.office.nightly.panel_step import KEYS, Panels

AT = datetime(2025, 9, 1, tzinfo=UTC)


def panels(months: int) -> Panels:
    dice = np.random.default_rng(5)
    days = [date(2020 + i // 12, i % 12 + 1, 1) for i in range(60)]
    rows = [(u, d, float(v)) for u in "ab" for d, v in zip(days, 100 + dice.normal(0, 5, 60).cumsum(), strict=True) if d <= days[months - 1]]
    keys = pl.DataFrame([{"unique_id": u, "indicator": "postings"} for u in "ab"], schema=KEYS)
    return Panels(pl.DataFrame(rows, schema={"unique_id": pl.String, "ds": pl.Date, "y": pl.Float64}, orient="row"), keys, pl.DataFrame())


def night(data: Path, number: int, of: Panels, code: str = "c") -> step.Recorded:
    """A run that forecasts and keeps its record, as the nightly does."""
    lake = open_lake(data)
    with lake.begin(f"20250901T00000{number}-0000000{number}", at=AT, on="2025-08-31", code_hash=code) as run:
        run.notes["kind"] = "panel"
        run.write("panel", of.panel, step="panels")
        run.write("forecast", forecast.run(of.panel, of.tags, horizon=3).forecast, step="forecast")
        made = step.record_step(lake, run, of)
        run.notes[step.KEPT] = made.keys
        run.write("backtest", made.errors, step="backtest")
        run.publish(AT)
    return made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[date]]:
    """Origins that the back-test was asked for, one list a call."""
    calls: list[list[date]] = []
    real = forecast.backtest

    def counted(*args: Any, **kwargs: Any) -> Any:
        calls.append(list(kwargs["origins"]))
        return real(*args, **kwargs)

    monkeypatch.setattr(forecast, "backtest", counted)
    return calls


def test_the_first_run_has_no_published_forecast_and_the_next_month_has(tmp_path: Path) -> None:
    first, second = night(tmp_path, 1, panels(48)), night(tmp_path, 2, panels(50))
    assert first.published.is_empty() and set(first.record["kind"]) == {"backtest"}
    assert second.published["h"].unique().to_list() == [1, 2], "two months have come since"
    assert set(second.published["run_id"]) == {"20250901T000001-00000001"}
    assert set(second.record["kind"]) == {"backtest", "published"}


def test_of_two_runs_from_one_origin_the_newest_speaks(tmp_path: Path) -> None:
    night(tmp_path, 1, panels(48))
    night(tmp_path, 2, panels(48))
    assert set(night(tmp_path, 3, panels(49)).published["run_id"]) == {"20250901T000002-00000002"}


def test_a_night_without_news_takes_over_and_gives_the_same_bytes(tmp_path: Path, asked: list[list[date]]) -> None:
    first, second = night(tmp_path, 1, panels(48)), night(tmp_path, 2, panels(48))
    assert [len(c) for c in asked] == [step.ORIGINS]
    assert second.errors.equals(first.errors) and second.record.equals(first.record)


def test_a_new_month_asks_only_where_something_changed(tmp_path: Path, asked: list[list[date]]) -> None:
    night(tmp_path, 1, panels(48))
    taken = night(tmp_path, 2, panels(49))
    assert len(asked[1]) == step.BACKTEST_HORIZON, "the origins that look at the new month"
    fresh = night(tmp_path / "other", 1, panels(49))
    assert taken.errors.equals(fresh.errors), "taken over or made anew, the points are the same"


def test_a_revision_or_new_code_asks_again(tmp_path: Path, asked: list[list[date]]) -> None:
    night(tmp_path, 1, panels(48))
    night(tmp_path, 2, panels(48), code="d")
    revised = panels(48)
    early = pl.when(pl.col("ds") == date(2020, 1, 1)).then(pl.col("y") + 1).otherwise(pl.col("y"))
    night(tmp_path, 3, Panels(revised.panel.with_columns(early.alias("y")), revised.keys, revised.cells), code="d")
    assert [len(c) for c in asked] == [step.ORIGINS] * 3
