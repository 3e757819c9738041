"""Channels: what is missing is left out and said, never read as zero; weights come from calibration; breaks of definition are no shock."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.watch import scan
from leye.watch.drivers import aligned
from leye.watch.fusion import Fusion, fuse, learn_fusion
from tests_support.watch_panels import calm, long_form, month

ALONE = np.zeros(2, dtype=bool)


def fusion(weight: float, corr: float) -> Fusion:
    table = np.eye(3)
    table[0, 2] = table[2, 0] = corr
    return Fusion(("factor", "claims"), np.array([[0.0, 0.0], [weight, weight]]), table, 1.0, ALONE)


ANSWERS = [
    (2.0, 1.0, 0.0, (2 + 0.5) / np.sqrt(1.25), "unrelated channels"),
    (2.0, 1.0, 1.0, (2 + 0.5) / 1.5, "channels that are one"),
    (2.0, np.nan, 1.0, 2.0, "a missing channel is left out of both sums"),
    (2.0, 0.0, 0.0, 2 / np.sqrt(1.25), "a channel at its usual value is no missing one"),
]


@pytest.mark.parametrize(("own", "claims", "corr", "answer", "_why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_fused_answers(own: float, claims: float, corr: float, answer: float, _why: str) -> None:
    score, _ = fuse(np.array([own, own]), fusion(0.5, corr), np.array([[claims, claims]]))
    assert score == pytest.approx(answer)


def test_a_channel_that_leads_downturns_gets_weight_and_noise_gets_none() -> None:
    dice = np.random.default_rng(0)
    begins = np.zeros((240, 8), dtype=bool)
    for start in (30, 80, 130, 180):
        begins[start : start + 6] = True
    z = dice.normal(0, 1, begins.shape) + 1.0 * begins
    good, noise = dice.normal(0, 1, begins.shape) + 1.0 * begins, dice.normal(0, 1, begins.shape)
    learned = learn_fusion(z, np.stack([good, noise]), ("claims", "calls"), ~begins, begins, np.zeros(8, dtype=bool))
    claims, calls = learned.weight[1:].mean(axis=1)
    assert 0.2 < claims <= 0.5 and calls < 0.1


def test_the_cell_s_own_channel_comes_before_the_region_s() -> None:
    ids = ["claims/440600/all/all/all", "claims/440604/C/all/all", "postings/440604/C/all/all", "postings/440600/H/all/all"]
    z = np.arange(4.0)[None]
    names, table = aligned(ids, ids[2:], z, {}, {})
    assert names == ("claims",) and table[0, 0].tolist()[0] == 1.0 and table[0, 0].tolist()[1] == 0.0


def panel_with_claims(stop: int = 120) -> pl.DataFrame:
    dice = np.random.default_rng(5)
    y = calm(10, 120, seed=5, noise=0.01)
    shock = np.zeros(120)
    for start in (30, 60, 104):
        shock[start : start + 6] = 0.05
    y *= np.exp(-np.cumsum(shock))[:, None]
    claims = 500 * np.exp(np.cumsum(dice.normal(0, 0.02, 120) + 3 * shock))
    claims[stop:] = np.nan
    return pl.concat([long_form(y), long_form(claims[:, None], ids=["claims"])])


def rows(stop: int = 120, end: int = 120) -> pl.DataFrame:
    frame = panel_with_claims(stop).filter(pl.col("ds") < month(end))
    return scan(frame, calibrate_before=month(96), nominal=0.25, seasonal=False, drivers={"claims": "claims"}, direction={"claims": "up"})


def test_a_stale_channel_is_flagged_and_the_rest_goes_on() -> None:
    fresh, stale = rows(), rows(stop=103)
    told = [json.loads(e) for e in fresh.filter(pl.col("unique_id") != "claims")["evidence"]]
    assert any(t["weights"].get("claims", 0) > 0 for t in told) and not any("claims" in t["missing"] for t in told)
    late = stale.filter(pl.col("unique_id") != "claims", pl.col("ds") >= month(104))
    told = [json.loads(e) for e in late["evidence"]]
    assert told and all(t["missing"] == ["claims"] and "claims" not in t["weights"] and t["channels"]["claims"] is None for t in told)
    assert all("缺数" in t["zh"] and "re-weighted" in t["en"] for t in told)


@pytest.mark.parametrize("end", [100, 106, 112])
def test_channels_know_no_future(end: int) -> None:
    assert rows(end=end).equals(rows().filter(pl.col("ds") < month(end)))


def test_an_unknown_driver_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        scan(panel_with_claims(), calibrate_before=month(96), nominal=0.25, seasonal=False, drivers={"claims": "nobody"})
    assert refused.value.code == "E_DRIVER"


@pytest.mark.parametrize("at", [80, 100], ids=["in calibration", "after it"])
@pytest.mark.parametrize("seasonal", [True, False])
def test_a_new_definition_is_no_shock(at: int, seasonal: bool) -> None:
    y = calm(8, 130, seed=9, noise=0.01) if seasonal else calm(8, 130, seed=9, noise=0.01) / calm(8, 130, noise=0.0) * 1000
    broken = y.copy()
    broken[at:, 0] *= 0.6
    asked = {"calibrate_before": month(96), "nominal": 0.25, "seasonal": seasonal}
    told = scan(long_form(broken), breaks=[("s00", month(at))], **asked)  # type: ignore[arg-type]
    own = told.filter(pl.col("unique_id") == "s00", pl.col("ds") == month(at))
    assert own.is_empty()
    if at > 96:
        lit = scan(long_form(broken), **asked)  # type: ignore[arg-type]
        silent = lit.filter(pl.col("unique_id") == "s00", pl.col("ds") == month(at))
        assert silent.height, "without the table of breaks the step lights"
        cut = scan(long_form(broken[:at]), breaks=[("s00", month(at))], **asked)  # type: ignore[arg-type]
        assert cut.equals(told.filter(pl.col("ds") < month(at)))
