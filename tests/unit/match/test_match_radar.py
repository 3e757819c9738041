"""The skill radar: forecasts by hand, bands, verdicts, the table's refusals."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.match.radar import ahead, radar, read_counts, with_bands
from leye.match.radar.table import verdict


def rows(series: dict[str, list[float]], year: int = 2024) -> pl.DataFrame:
    out = [(s, date(year + m // 12, m % 12 + 1, 1), float(n)) for s, values in series.items() for m, n in enumerate(values)]
    return pl.DataFrame(out, schema={"skill": pl.String, "ds": pl.Date, "n": pl.Float64}, orient="row")


def test_share_times_level_by_hand() -> None:
    counts = np.array([[10.0] * 6 + [30.0], [30.0] * 6 + [10.0]])
    assert ahead(counts, 2).tolist() == [[30.0, 30.0], [10.0, 10.0]], "newest share of a level of 40"


def test_the_season_is_believed_by_half() -> None:
    total = [100.0] * 6 + [25.0] + [100.0] * 11
    assert total[6] == 25.0 and len(total) == 18
    assert ahead(np.array([total]), 1)[0, 0] == pytest.approx(100 * 0.25**0.5)


def test_months_without_ads_are_no_division_by_zero() -> None:
    assert ahead(np.zeros((3, 9)), 3).tolist() == np.zeros((3, 3)).tolist()
    mean, low, high = with_bands(np.zeros((3, 15)), 3)
    assert low is not None and high is not None and (low <= mean).all() and (mean <= high).all()


def test_no_band_without_origins_to_learn_from() -> None:
    assert with_bands(np.ones((2, 7)), 3)[1] is None
    found = radar(rows({"a": [5.0] * 7, "b": [9.0] * 7}))
    assert set(found["verdict"]) == {"unknown"} and found["lo-80"].null_count() == 6


@pytest.mark.parametrize(
    ("before", "mean", "band", "said"),
    [(100.0, 150.0, (140.0, 170.0), "rising"), (100.0, 60.0, (50.0, 70.0), "falling"), (100.0, 105.0, (101.0, 120.0), "steady"),
     (100.0, 114.0, (101.0, 120.0), "steady"), (0.0, 5.0, (1.0, 9.0), "rising"), (None, 1.0, (1.0, 2.0), "unknown"), (10.0, 10.0, None, "unknown")],
    ids=["far above", "far below", "above, not by its noise", "13 above, 18 needed", "from nothing", "no old month", "no band"],
)  # fmt: skip
def test_a_change_is_said_only_beyond_both_noises(before: float | None, mean: float, band: tuple[float, float] | None, said: str) -> None:
    assert verdict(before, mean, band) == said


def test_planted_changes_are_named_and_noise_is_not() -> None:
    dice = np.random.default_rng(7)
    calm = {f"s{i:02d}": dice.poisson(200, 30).astype(float).tolist() for i in range(40)}
    up = [200.0] * 24 + [240, 300, 380, 480, 560, 640]
    down = [200.0] * 24 + [160, 120, 90, 60, 40, 30]
    found = radar(rows({**calm, "up": up, "down": down})).group_by("skill").last()
    said = dict(found.select("skill", "verdict").iter_rows())
    assert (said["up"], said["down"]) == ("rising", "falling")
    assert sum(v != "steady" for k, v in said.items() if k.startswith("s")) <= 12, "one in five by chance, and the planted ones move the level"


def test_row_order_changes_nothing_and_scaling_scales() -> None:
    dice = np.random.default_rng(3)
    table = rows({f"s{i}": dice.poisson(30 * i + 1, 20).astype(float).tolist() for i in range(9)})
    assert radar(table).equals(radar(table.sample(fraction=1.0, shuffle=True, seed=5)))
    counts = dice.poisson(40, (6, 20)).astype(float)
    assert np.allclose(ahead(counts * 10, 3), 10 * ahead(counts, 3))


@pytest.mark.parametrize(
    ("text", "code"),
    [("skill,ds\na,2024-01-01\n", "E_COLUMN_MISSING"), ("skill,ds,n\na,2024-01-01,-1\n", "E_CELL"), ("skill,ds,n\na,Januar,1\n", "E_CELL"),
     ("skill,ds,n\na,2024-01-01,1\na,2024-01-15,1\n", "E_ROW_TWICE"), ("skill,ds,n\na,2024-01-01,viele\n", "E_CELL")],
)  # fmt: skip
def test_a_wrong_table_is_refused(text: str, code: str, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_counts(file)
    assert refused.value.code == code


def test_an_empty_table_and_a_far_horizon_are_refused() -> None:
    for table, horizon in ((rows({}), 3), (rows({"a": [1.0]}), 13)):
        with pytest.raises(BadInput):
            radar(table, horizon=horizon)


def test_the_line_to_beat_on_job_sdf() -> None:
    file = Path(os.environ.get("LEYE_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "match" / "jobsdf_r0.parquet"
    if not file.exists():
        pytest.skip("no shared data: Job-SDF is for development only")
    frame = pl.read_parquet(file)
    counts = frame.select(frame.columns[2:]).to_numpy().astype(float)
    ours = median = inside = 0.0
    for o in range(24, 34, 3):
        mean, low, high = with_bands(counts[:, :o], 3)
        real = counts[:, o : o + 3]
        ours += np.abs(real - mean).mean()
        median += np.abs(real - np.median(counts[:, o - 6 : o], axis=1)[:, None]).mean()
        assert low is not None and high is not None
        inside += ((real >= low) & (real <= high)).mean() / 4
    assert ours <= 0.85 * median and 0.75 <= inside <= 0.88
