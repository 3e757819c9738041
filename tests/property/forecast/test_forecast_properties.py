import sys
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.forecast import ALL, backtest, explain_en, explain_zh, run
from leye.kernel.errors import BadInput
from tests_support.panels import add_up, lively, months, table

PERIODS, HORIZON = 54, 4
few = settings(max_examples=12, deadline=None)
KINDS = ("lively", "lively", "lively", "zero", "constant", "late", "dead", "missing", "gaps")


def odd(row: np.ndarray, kind: str) -> np.ndarray:
    out = row.copy()
    if kind == "zero":
        out[:] = 0.0
    elif kind == "constant":
        out[:] = 5.0
    elif kind == "late":
        out[:40] = np.nan
    elif kind == "dead":
        out[36:] = 0.0
    elif kind == "missing":
        out[:] = np.nan
    elif kind == "gaps":
        out[[20, 33, 34]] = np.nan
    return out


@st.composite
def forests(draw):
    """A random forest with odd leaves: panel rows and the parent of each id."""
    size = draw(st.integers(3, 9))
    parent: dict[str, str | None] = {}
    for i in range(size):
        above = draw(st.integers(-1, i - 1)) if i else -1
        parent[f"s{i:02d}"] = None if above < 0 else f"s{above:02d}"
    rows = lively(draw(st.integers(0, 99)), size, PERIODS)
    inner = {above for above in parent.values() if above}
    leaves = {uid: odd(rows[uid], draw(st.sampled_from(KINDS))) for uid in parent if uid not in inner}
    if not any(np.nan_to_num(y).any() for y in leaves.values()):  # nothing but zeros and gaps has no size that could be multiplied
        leaves[next(iter(leaves))] = rows[next(iter(leaves))]
    return add_up(leaves, parent), parent


def tags_of(parent) -> pl.DataFrame:
    return pl.DataFrame({"unique_id": list(parent), "parent": list(parent.values())}, schema={"unique_id": pl.Utf8, "parent": pl.Utf8})


def means(result) -> dict[str, np.ndarray]:
    return {key[0]: part["mean"].to_numpy() for key, part in result.forecast.group_by("unique_id", maintain_order=True)}


@few
@given(forests())
def test_parents_are_the_sums_of_their_children(forest):
    rows, parent = forest
    result = run(table(rows), tags_of(parent), horizon=HORIZON)
    got = means(result)
    for uid in {above for above in parent.values() if above}:
        children = np.sum([got[c] for c, above in parent.items() if above == uid], axis=0)
        assert children == pytest.approx(got[uid], rel=1e-9, abs=1e-9)
    known = result.forecast.drop_nulls()
    assert (known["mean"] >= 0).all()
    assert ((known["lo-95"] <= known["lo-80"]) & (known["lo-80"] <= known["mean"])).all()
    assert ((known["mean"] <= known["hi-80"]) & (known["hi-80"] <= known["hi-95"])).all()


@few
@given(forests())
def test_terms_sum_to_the_forecast(forest):
    rows, parent = forest
    result = run(table(rows), tags_of(parent), horizon=HORIZON)
    sums = result.contributions.group_by("unique_id", "ds").agg(pl.col("value").sum())
    both = result.forecast.drop_nulls("mean").join(sums, on=["unique_id", "ds"], how="left")
    assert both["value"].null_count() == 0
    assert both["value"].to_numpy() == pytest.approx(both["mean"].to_numpy(), rel=1e-9, abs=1e-9)


@few
@given(forests(), st.integers(30, 48), st.integers(0, 99))
def test_nothing_after_the_origin_is_used(forest, cut, seed):
    rows, parent = forest
    origin = months(PERIODS)[cut]
    panel = table(rows)
    dice = np.random.default_rng(seed)
    changed = panel.with_columns(y=pl.when(pl.col("ds") > origin).then(pl.lit(pl.Series(dice.uniform(0, 1e6, panel.height)))).otherwise(pl.col("y")))
    shorter = panel.filter(pl.col("ds") <= origin)
    told = [run(p, tags_of(parent), horizon=HORIZON, origin=origin) for p in (panel, changed, shorter)]
    for other in told[1:]:
        assert told[0].forecast.equals(other.forecast)
        assert told[0].contributions.equals(other.contributions)
        assert told[0].models.equals(other.models)


@few
@given(forests(), st.randoms())
def test_the_order_of_rows_does_not_matter(forest, dice):
    rows, parent = forest
    mixed, tags = list(rows), list(parent)
    dice.shuffle(mixed)
    dice.shuffle(tags)
    one = run(table(rows), tags_of(parent), horizon=HORIZON)
    two = run(table({uid: rows[uid] for uid in mixed}), tags_of({uid: parent[uid] for uid in tags}), horizon=HORIZON)
    assert one.forecast.equals(two.forecast)
    assert one.contributions.equals(two.contributions)


@few
@given(forests(), st.sampled_from([1e-3, 0.5, 12.0, 1e4]))
def test_multiplying_the_panel_multiplies_the_forecast(forest, factor):
    rows, parent = forest
    one = run(table(rows), tags_of(parent), horizon=HORIZON).forecast.drop_nulls()
    two = run(table({uid: y * factor for uid, y in rows.items()}), tags_of(parent), horizon=HORIZON).forecast.drop_nulls()
    for column in ("mean", "lo-80", "hi-95"):
        assert two[column].to_numpy() == pytest.approx(one[column].to_numpy() * factor, rel=1e-6, abs=1e-6 * factor)


def test_equal_input_gives_equal_bytes(tmp_path):
    rows = lively(5, 5, PERIODS)
    for name in ("a", "b"):
        result = run(table(rows), horizon=HORIZON)
        result.forecast.write_csv(tmp_path / f"{name}.csv")
        result.contributions.write_parquet(tmp_path / f"{name}.parquet")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_gaps_are_forecast_from_the_rest():
    rows = lively(8, 6, 96)
    whole = means(run(table(rows), horizon=HORIZON))
    holed = dict(rows) | {"s02": np.where(np.isin(np.arange(96), [50, 51, 77]), np.nan, rows["s02"])}
    panel = table(holed)
    for variant in (panel, panel.drop_nulls()):
        got = means(run(variant, horizon=HORIZON))
        assert got["s02"] == pytest.approx(whole["s02"], rel=0.05)
        assert np.isfinite(np.concatenate(list(got.values()))).all()


@pytest.mark.parametrize(("step", "count"), [("1w", 200), ("1d", 120), ("1q", 48), ("1y", 30)])
def test_other_steps_are_forecast_too(step, count):
    dice = np.random.default_rng(1)
    days = pl.date_range(date(2012, 1, 2) if step == "1w" else date(2000, 1, 1), date(2050, 1, 1), step, eager=True)[: count + 3]
    panel = pl.concat([pl.DataFrame({"unique_id": u, "ds": days[:count], "y": 100 + np.cumsum(dice.normal(0, 1, count))}) for u in "ab"])
    made = run(panel, horizon=3)
    assert made.forecast.filter(pl.col("unique_id") == "a")["ds"].to_list() == days[count:].to_list()
    assert made.forecast["mean"].is_between(30, 170).all()


def test_negative_values_are_forecast_on_the_level():
    dice = np.random.default_rng(2)
    made = run(table({"a": np.cumsum(dice.normal(0, 1, 60)), "b": dice.normal(-5, 1, 60)}), horizon=3).forecast
    assert made["mean"].is_finite().all()
    assert made.filter(pl.col("unique_id") == "b")["mean"].is_between(-9, -1).all()


def test_the_sentence_adds_up_as_shown():
    import re

    result = run(table(lively(4, 6, 96)), horizon=HORIZON)
    for uid, ds in result.forecast.select("unique_id", "ds").iter_rows():
        said = explain_zh(result.contributions, uid, ds).replace(",", "").replace("＋", "+").replace("－", "-")
        total, rest = re.match(r"预测值([\d.]+) = (.*)", said).groups()
        head, tail = rest.split("，其中")
        base, change = re.search(r"水平([\d.]+)([+-][\d.]+)$", head).groups()
        shown = [float(v) for v in re.findall(r"[+-][\d.]*\d", tail)]
        assert float(base) + float(change) == pytest.approx(float(total), abs=0.06)
        assert sum(shown) == pytest.approx(float(change), abs=1e-6)
        assert explain_en(result.contributions, uid, ds).startswith("Forecast ")


def test_backtest_uses_what_was_known_and_keeps_every_point():
    rows = lively(6, 4, 84)
    origins = [months(84)[60], months(84)[70]]
    result = backtest(table(rows), horizon=HORIZON, origins=origins)
    again = run(table(rows), horizon=HORIZON, origin=origins[0]).forecast
    kept = result.errors.filter((pl.col("model") == "leye") & (pl.col("origin") == origins[0])).select("unique_id", "ds", "mean")
    assert kept.equals(again.select("unique_id", "ds", "mean"))
    assert result.errors.height == 2 * 2 * 4 * HORIZON
    assert result.summary["cpu_s"].null_count() == result.summary.height
    pooled = result.summary.filter((pl.col("model") == "leye") & pl.col("origin").is_null())["mase"].item()
    by_hand = result.errors.filter(pl.col("model") == "leye").select(((pl.col("y") - pl.col("mean")).abs() / pl.col("scale")).mean()).item()
    assert pooled == pytest.approx(by_hand)


@pytest.mark.parametrize("corrupt", [1e9, 0.0, -5.0])
def test_nothing_after_the_origin_is_used_by_the_slow_candidates_either(corrupt):
    pytest.importorskip("lightgbm", exc_type=ImportError)
    origin = months(PERIODS)[45]
    panel = table(lively(3, 4, PERIODS))
    changed = panel.with_columns(y=pl.when(pl.col("ds") > origin).then(corrupt).otherwise(pl.col("y")))
    one, two = (run(p, horizon=HORIZON, origin=origin, models=ALL) for p in (panel, changed))
    assert one.forecast.equals(two.forecast) and one.contributions.equals(two.contributions) and one.models.equals(two.models)


def test_without_the_library_the_slow_candidates_are_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(BadInput) as told:
        run(table(lively(3, 3, PERIODS)), horizon=HORIZON, models=ALL)
    assert told.value.code == "E_EXTRA"


def test_leaving_out_the_explanation_leaves_the_forecast_as_it_is():
    panel = table(lively(6, 4, PERIODS))
    whole, bare = run(panel, horizon=HORIZON), run(panel, horizon=HORIZON, explain=False)
    assert bare.contributions.is_empty()
    for column in ("mean", "lo-80", "hi-95"):
        assert bare.forecast[column].to_numpy() == pytest.approx(whole.forecast[column].to_numpy(), rel=1e-9)
