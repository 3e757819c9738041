"""What must hold of every audit: agreement with a slow obvious version, intervals that hold their estimates, no effect of row order."""

from __future__ import annotations

import math
import statistics
from typing import Any

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.trust.audit import audit, check_decisions
from leye.trust.audit.bootstrap import resample
from leye.trust.audit.intervals import log_ratio, wilson

SEX, AGE = st.sampled_from(["女", "男", None]), st.sampled_from(["16-24", "25-34", "55+", None])
SCORE = st.one_of(st.none(), st.integers(-3, 3).map(float), st.floats(-5, 5))
ROW = st.tuples(SEX, AGE, st.integers(0, 1), SCORE, st.sampled_from([0, 1, None]))


def frame(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"sex": pl.String, "age": pl.String, "selected": pl.Int64, "score": pl.Float64, "label": pl.Int64}, orient="row")


def slowly(rows: list[tuple[Any, ...]], pick: Any) -> dict[str, dict[str, Any]]:
    """The formula sheet in loops."""
    scores = [r[3] for r in rows if r[3] is not None]
    median = statistics.median(scores) if scores else None
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for r in rows:
        key = pick(r)
        if all(part is not None for part in key):
            groups.setdefault("+".join(key), []).append(r)
    out = {}
    for name, mine in groups.items():
        scored = [r[3] for r in mine if r[3] is not None]
        out[name] = {
            "n": len(mine), "selected": sum(r[2] for r in mine), "selection_rate": sum(r[2] for r in mine) / len(mine), "scored": len(scored),
            "scoring_rate": sum(s > median for s in scored) / len(scored) if scored and median is not None else None,
            "left_out": len(mine) / len(rows) < 0.02,
        }  # fmt: skip
    for rate, ratio in (("selection_rate", "impact_ratio"), ("scoring_rate", "scoring_impact_ratio")):
        best = max((g[rate] for g in out.values() if not g["left_out"] and g[rate] is not None), default=0)
        for g in out.values():
            g[ratio] = g[rate] / best if best and g[rate] is not None else None
    return out


@given(st.lists(ROW, min_size=1, max_size=120))
@settings(max_examples=150, deadline=None)
def test_agrees_with_the_sheet_in_loops(rows: list[tuple[Any, ...]]) -> None:
    found = audit(check_decisions(frame(rows), ["sex", "age"]))
    for name, pick in (("sex", lambda r: (r[0],)), ("age", lambda r: (r[1],)), ("sex+age", lambda r: (r[0], r[1]))):
        mine = {r["group"]: r for r in found.rates.filter(pl.col("grouping") == name).to_dicts()}
        expected = slowly(rows, pick)
        assert set(mine) == set(expected)
        for group, figures in expected.items():
            for column, value in figures.items():
                got = mine[group][column]
                assert got == value or (value is not None and got is not None and math.isclose(got, value, rel_tol=1e-12)), (name, group, column)


@given(st.lists(ROW, min_size=1, max_size=120), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_every_interval_holds_its_estimate(rows: list[tuple[Any, ...]], seed: int) -> None:
    for draws in (0, 50):
        found = audit(check_decisions(frame(rows), ["sex", "age"]), draws=draws, seed=seed)
        for value, low, high in (
            ("selection_rate", "selection_lo", "selection_hi"), ("scoring_rate", "scoring_lo", "scoring_hi"),
            ("impact_ratio", "impact_lo", "impact_hi"),
            ("scoring_impact_ratio", "scoring_impact_lo", "scoring_impact_hi"),
        ):  # fmt: skip
            known = found.rates.filter(pl.col(value).is_not_null())
            assert known.filter((pl.col(low) <= pl.col(value)) & (pl.col(value) <= pl.col(high))).height == known.height, value
            assert found.rates.filter(pl.col(value).is_null())[low].null_count() == found.rates.height - known.height
        ends = found.gaps.filter(pl.col("lo").is_not_null())
        assert (ends["lo"] <= ends["value"]).all() and (ends["value"] <= ends["hi"]).all()


@given(st.lists(ROW, min_size=1, max_size=60), st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_does_not_matter(rows: list[tuple[Any, ...]], dice: Any) -> None:
    mixed = list(rows)
    dice.shuffle(mixed)
    one, two = (audit(check_decisions(frame(r), ["sex", "age"]), draws=20, seed=1) for r in (rows, mixed))
    assert one.rates.equals(two.rates) and one.summary == two.summary


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8), st.integers(1, 60), st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_intervals_are_ordered_and_finite(pairs: list[tuple[int, int]], n2: int, k2: int) -> None:
    n = np.array([max(a, b) for a, b in pairs])
    k = np.array([min(a, b) for a, b in pairs])
    low, high = wilson(k, n)
    assert np.all((low <= high) | (n == 0)) and np.nanmin(np.r_[low, 0]) >= 0 and np.nanmax(np.r_[high, 1]) <= 1
    found = log_ratio(k, n, min(k2, n2), n2)
    assert np.all((found.lo <= found.hi) | (n == 0)) and np.all(np.isfinite(found.hi) | (n == 0))


def test_resampling_in_blocks_has_the_moments_of_resampling_at_once(monkeypatch: Any) -> None:
    from leye.trust.audit import bootstrap

    k, n = np.array([30, 50, 0, 10]), np.array([100, 100, 0, 40])
    monkeypatch.setattr(bootstrap, "BLOCK", 4000 * 2)  # two groups a block
    parts = [share for _, share in resample(np.random.default_rng(5), k, n, rows=300, draws=4000)]
    assert [p.shape for p in parts] == [(4000, 2), (4000, 2)]
    share = np.concatenate(parts, axis=1)
    assert np.isnan(share[:, 2]).all()
    for at in (0, 1, 3):
        p = k[at] / n[at]
        assert abs(np.nanmean(share[:, at]) - p) < 4 * math.sqrt(p * (1 - p) / n[at] / 4000)
        assert abs(np.nanstd(share[:, at]) / math.sqrt(p * (1 - p) / n[at]) - 1) < 0.08
