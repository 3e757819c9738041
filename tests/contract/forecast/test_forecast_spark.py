"""The same panels on Spark: 3,000 series in a hierarchy and the real employment panel, equal to the local run to 1e-4 relative."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polars as pl
import pytest

from leye import forecast
from tests_support.panels import distribution_panel, largest_difference
from tests_support.policy_engines import spark_session

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # Spark's own client is not held to our rule
TOLERANCE = 1e-4
SHARED = Path(os.environ.get("LEYE_SHARED", Path(__file__).parents[3].parent / "shared")) / "data" / "forecast"
shared = pytest.mark.skipif(not SHARED.exists(), reason="the development data lie outside the repository; set LEYE_SHARED")


@pytest.fixture(autouse=True)
def same_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers need the packages that this process has."""
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)


def test_three_thousand_series_on_spark_are_those_of_one_machine() -> None:
    panel, tags = distribution_panel(series=3_000, months=96, with_tags=True)
    whole = forecast.run(panel, tags, horizon=12, explain=False)
    with spark_session():
        spread = forecast.run(panel, tags, horizon=12, explain=False, engine="spark", parts=4)
    assert largest_difference(whole.forecast, spread.forecast) <= TOLERANCE
    assert spread.models.select("unique_id", "fallback").equals(whole.models.select("unique_id", "fallback"))


@shared
def test_the_real_hierarchy_on_spark() -> None:
    panel = pl.read_parquet(SHARED / "us_employment" / "panel.parquet")
    tags = pl.read_csv(SHARED / "us_employment" / "tags.csv")
    whole = forecast.run(panel, tags, horizon=12)
    with spark_session():
        spread = forecast.run(panel, tags, horizon=12, engine="spark", parts=3)
    assert largest_difference(whole.forecast, spread.forecast) <= TOLERANCE
