"""The dispatcher of the demo city is unfair on purpose; the report has to find it with the size that was put in."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leye.city.build import build_city
from leye.kernel.errors import NotFound
from leye.kernel.period import Quarter
from leye.office.fairness.measure import measure
from leye.office.fairness.orders import decisions_of, quarters_with_orders

SEEDS = (7, 8, 9, 10)
ON = date(2025, 8, 31)


@pytest.fixture(scope="module", params=SEEDS)
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, float]]:
    """A folder with the three tables, and the planted sizes by id."""
    made = build_city(8_000, seed=request.param, on=ON)
    folder = tmp_path_factory.mktemp(f"city{request.param}")
    (folder / "city").mkdir()
    for name in ("orders", "workers", "people"):
        made.tables[name].write_parquet(folder / "city" / f"{name}.parquet")
    return folder, {p["id"]: p["size"] for p in made.plants}


def women(table: pl.DataFrame) -> dict[str, Any]:
    return dict(table.filter((pl.col("grouping") == "sex") & (pl.col("group") == "女")).to_dicts()[0])


def test_the_interval_holds_the_planted_ratio_and_shuts_out_equality(city: tuple[Path, dict[str, float]]) -> None:
    folder, planted = city
    found = measure(decisions_of(folder, Quarter.of(ON)))
    share, wait = women(found.rates), women(found.means)
    truth = 1 + planted["dispatch_premium"], 1 + planted["dispatch_wait"]
    assert truth == (0.70, 1.25)
    assert share["impact_lo"] <= truth[0] <= share["impact_hi"] < 1, (share["impact_lo"], share["impact_hi"])
    assert wait["ratio_lo"] <= truth[1] <= wait["ratio_hi"] and wait["ratio_lo"] > 1, (wait["ratio_lo"], wait["ratio_hi"])
    assert share["verdict"] == "flagged" and share["p_holm"] < 0.001


def test_age_was_not_planted_and_is_not_found(city: tuple[Path, dict[str, float]]) -> None:
    rates = measure(decisions_of(city[0], Quarter.of(ON))).rates.filter(pl.col("grouping") == "age_band")
    assert "flagged" not in rates["verdict"].to_list()


def test_the_command_gives_the_same_figures(city: tuple[Path, dict[str, float]], tmp_path: Path) -> None:
    orders = decisions_of(city[0], Quarter.of(ON))
    orders.write_parquet(tmp_path / "d.parquet")
    words = ["audit", "d.parquet", "--groups", "sex,age_band", "--out", "o", "--mean", "wait_s:low", "--cluster", "worker_id", "--json"]
    done = subprocess.run([sys.executable, "-m", "leye", "trust", *words], cwd=tmp_path, capture_output=True, text=True, check=True)
    found = measure(orders)
    assert json.loads(done.stdout)["rows"] == found.summary["rows"] == orders.height
    for name, mine in (("rates", found.rates), ("means", found.means)):
        theirs = pl.read_csv(tmp_path / "o" / f"{name}.csv", schema_overrides={"group": pl.String})
        shown = [i for i, hidden in enumerate(mine["is_shielded"].to_list()) if not hidden]
        assert len(shown) > 5
        for column in ("grouping", "group", *(c for c in theirs.columns if theirs[c].dtype.is_numeric())):
            assert theirs[shown][column].to_list() == mine[shown][column].to_list(), (name, column)


def test_groups_of_fewer_than_ten_persons_keep_only_their_name(city: tuple[Path, dict[str, float]]) -> None:
    orders = decisions_of(city[0], Quarter.of(ON))
    found = measure(orders)
    persons = dict(orders.drop_nulls("age_band").group_by("age_band").agg(pl.col("worker_id").n_unique()).iter_rows())
    few = {band for band, n in persons.items() if n < 10}
    for row in found.rates.filter(pl.col("grouping") == "age_band").to_dicts():
        assert row["is_shielded"] == (row["group"] in few)
        if row["is_shielded"]:
            assert row["selection_rate"] is row["n"] is row["impact_ratio"] is None and row["verdict"] == "cannot_judge"


def test_a_quarter_without_orders_is_said_to_have_none(city: tuple[Path, dict[str, float]]) -> None:
    assert quarters_with_orders(city[0]) == [Quarter(2025, 3)]
    with pytest.raises(NotFound, match="没有订单数据"):
        decisions_of(city[0], Quarter(2025, 2))
