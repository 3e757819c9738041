"""Dynamic parameters: switches worked by hand, mistakes named, hindsight and what is written."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
import yaml

from leye.kernel.errors import BadInput
from leye.policy.dynamic import DynamicRule, Observed, Path, false_switches, observe, read_rule, simulate
from leye.policy.dynamic.false_switches import count
from leye.policy.dynamic.written import figures, parameter_values, path_table, report_zh, switch_table
from leye.policy.located import parse_located
from leye.policy.read_pack import shipped

BODY = """
dynamic: raise
name: 提高培训标准
parameter: place_fen
unit: fen
source: [{doc: 预案, article: 第三条}]
from: 2020-01-01
to: 2029-12-31
indicator: rate
base: 100
steps: [{enter: 5, leave: 4, value: 150}, {enter: 8, leave: 7, value: 250}]
cap: 250
"""


def rule(**more: object) -> DynamicRule:
    body = yaml.safe_load(BODY) | more
    return read_rule(parse_located(yaml.safe_dump({k: v for k, v in body.items() if v is not None}, allow_unicode=True)), shipped())


def seen(values: list[float | None], heads: float = 0.0) -> Observed:
    n = len(values)
    ds = pl.date_range(date(2020, 1, 1), date(2020 + (n - 1) // 12, (n - 1) % 12 + 1, 1), interval="1mo", eager=True)
    return Observed(ds, np.array([np.nan if v is None else v for v in values]), np.full(n, heads))


RUNS = [
    ({}, [3, 5, 5, 4, 3], [0, 1, 1, 1, 0], "on at 5, stays at 4, off below it"),
    ({}, [3, 4.9, 4.9], [0, 0, 0], "just below"),
    ({}, [9, 6, 7, 6], [2, 1, 1, 1], "straight to the second step and back to the first"),
    ({}, [9, 7, 6.9, 3.9], [2, 2, 1, 0], "the second is kept at 7"),
    ({"confirm": 2}, [5, 3, 5, 5, 3, 3], [0, 0, 0, 1, 1, 0], "twice in a row, up and down"),
    ({"confirm": 2}, [5, 9, 9], [0, 1, 2], "the level that both reach"),
    ({"lag": 1}, [5, 3, 3], [0, 1, 0], "known a period later"),
    ({"dwell": 3}, [5, 3, 3, 3], [1, 1, 1, 0], "three periods at least"),
    ({"dwell": 3}, [5, 9, 9, 9], [1, 1, 1, 2], "also before going on"),
    ({}, [5, None, 3], [1, 1, 0], "an unknown value changes nothing"),
    ({"confirm": 2}, [5, None, 5, 5], [0, 0, 0, 1], "and breaks the row"),
    ({"to": "2020-02-28"}, [5, 5, 5, 5], [1, 1, 0, 0], "ends by its day"),
    ({"from": "2020-03-01"}, [5, 5, 5, 3], [0, 0, 1, 0], "begins on its day"),
    ({"direction": "down", "steps": [{"enter": -5, "leave": -4, "value": 150}]}, [-3, -5, -4, -3.9], [0, 1, 1, 0], "low values are bad"),
]


@pytest.mark.parametrize(("more", "values", "levels", "why"), RUNS, ids=[r[-1] for r in RUNS])
def test_levels_by_hand(more: dict, values: list[float | None], levels: list[int], why: str) -> None:
    assert simulate(rule(**more), seen(values)).level.tolist() == levels


def test_values_are_capped_and_cost_what_is_above_the_base() -> None:
    path = simulate(rule(cost={"heads": 10}), seen([3, 5, 9, 3], heads=10))
    assert path.value.tolist() == [100, 150, 250, 100] and path.cost_fen.tolist() == [0, 500, 1500, 0] and path.total_fen == 2000
    assert [(s.before, s.after, s.why, s.x) for s in path.switches] == [(0, 1, "rose", 5), (1, 2, "rose", 9), (2, 0, "fell", 3)]


def test_a_spent_budget_ends_it_for_good() -> None:
    path = simulate(rule(cost={"heads": 10, "budget_fen": 900}), seen([5, 5, 5, 5], heads=10))
    assert path.level.tolist() == [1, 1, 0, 0] and path.switches[-1].why == "spent"


def test_unknown_heads_make_an_unknown_cost() -> None:
    path = simulate(rule(), Observed(seen([5, 5]).ds, np.array([5.0, 5.0]), np.array([np.nan, 2.0])))
    assert np.isnan(path.cost_fen[0]) and path.total_fen == 100


BEYOND = {"policy": "internship", "parameter": "months_max", "base": 12, "cap": 18, "steps": [{"enter": 5, "leave": 4, "value": 18}]}
MISTAKES = [
    ({"source": None}, "E_NO_SOURCE", "no source"),
    ({"to": None}, "E_NO_END", "no end"),
    ({"to": "2019-01-01"}, "E_DATES_ORDER", "ends before it begins"),
    ({"steps": []}, "E_STEPS", "no steps"),
    ({"steps": [{"enter": 5, "leave": 5, "value": 150}]}, "E_HYSTERESIS", "no band"),
    ({"steps": [{"enter": 5, "leave": 6, "value": 150}]}, "E_HYSTERESIS", "a band upside down"),
    ({"direction": "down"}, "E_HYSTERESIS", "a band for the other direction"),
    ({"steps": [{"enter": 8, "leave": 7, "value": 150}, {"enter": 5, "leave": 4, "value": 200}]}, "E_STEPS", "grave before mild"),
    ({"steps": [{"enter": 5, "leave": 4, "value": 200}, {"enter": 8, "leave": 7, "value": 150}], "cap": 300}, "E_STEPS", "less for worse"),
    ({"cap": 120, "steps": [{"enter": 5, "leave": 4, "value": 150}]}, "E_CAP", "above the cap"),
    ({"confirm": 0}, "E_PACK_FORM", "confirmed by nothing"),
    ({"direction": "sideways"}, "E_WORD_UNKNOWN", "no direction"),
    ({"indicator": {"series": "rate", "change": "week"}}, "E_WORD_UNKNOWN", "no such change"),
    ({"base": "1.5"}, "E_FRACTION", "half a fen"),
    ({"steps": [{"enter": "five", "leave": 4, "value": 150}]}, "E_PACK_FORM", "a word for a number"),
    ({"policy": "nowhere"}, "E_POLICY_UNKNOWN", "no such policy"),
    ({"policy": "internship"}, "E_PACK_FORM", "no such parameter"),
    (
        {"policy": "internship", "parameter": "months_max", "base": 12, "cap": 18, "steps": [{"enter": 5, "leave": 4, "value": 18}]},
        "E_CAP",
        "above the law",
    ),
]


@pytest.mark.parametrize(("more", "code", "why"), MISTAKES, ids=[m[-1] for m in MISTAKES])
def test_mistakes_in_a_rule(more: dict, code: str, why: str) -> None:
    body = yaml.safe_load(BODY) | ({"cap": 300} if code not in ("E_CAP",) else {}) | more
    with pytest.raises(BadInput) as caught:
        read_rule(parse_located(yaml.safe_dump({k: v for k, v in body.items() if v is not None}, allow_unicode=True), file="r.yaml"), shipped())
    said = caught.value
    assert said.code == code and said.zh and said.en and said.remedy_zh and said.remedy_en and said.places[0].file == "r.yaml"


def test_an_entitlement_only_goes_up() -> None:
    law = next(
        (p, name, v.value, q) for p in shipped().policies.values() if not p.discretionary for ver in p.versions for name, q in ver.parameters.items()
        for v in q.values if ver.region == "CN" and ver.in_force(date(2025, 1, 1)) and v.start <= date(2025, 1, 1) and v.value and v.value > 1
        and (q.low is None or q.low < v.value) and len(q.values) == 1
    )  # fmt: skip
    policy, name, value, _ = law
    more = {"policy": policy.id, "parameter": name, "from": "2025-01-01", "base": value, "cap": value}
    with pytest.raises(BadInput) as caught:
        rule(**more, direction="down", steps=[{"enter": 4, "leave": 5, "value": value - 1}])
    assert caught.value.code == "E_BELOW_RIGHT"


PANEL = pl.DataFrame({
    "unique_id": ["rate"] * 14 + ["all"] * 14 + ["people"] * 3,
    "ds": [date(2020 + m // 12, m % 12 + 1, 1) for m in range(14)] * 2 + [date(2020, m, 1) for m in (1, 2, 3)],
    "y": [float(v) for v in range(1, 15)] + [10.0] * 13 + [0.0] + [5.0, None, 7.0],
})  # fmt: skip


def test_the_indicator_is_read_as_it_is_over_another_or_against_a_year_before() -> None:
    assert observe(PANEL, rule()).x.tolist() == [float(v) for v in range(1, 15)]
    over = observe(PANEL, rule(indicator={"series": "rate", "over": "all"})).x
    assert over[0] == 0.1 and np.isnan(over[-1]), "nothing over nothing is unknown"
    year = observe(PANEL, rule(indicator={"series": "rate", "change": "year"})).x
    assert np.isnan(year[:12]).all() and year[12:].tolist() == [12.0, 6.0]
    heads = observe(PANEL, rule(cost={"heads": "people", "share": "1/2"})).heads
    assert heads[:3].tolist()[0::2] == [2.5, 3.5] and np.isnan(heads[1]) and np.isnan(heads[3])


def test_a_missing_period_is_there_and_unknown() -> None:
    holes = PANEL.filter(pl.col("ds") != date(2020, 3, 1))
    found = observe(holes, rule())
    assert len(found.ds) == 14 and np.isnan(found.x[2])


def test_an_unknown_series_is_answered_with_near_ones() -> None:
    with pytest.raises(BadInput, match="rate") as caught:
        observe(PANEL, rule(indicator="ratio"))
    assert caught.value.code == "E_SERIES_UNKNOWN"


def test_hindsight_counts_by_hand() -> None:
    path = simulate(rule(), seen([3, 5, 3, 3, 3, 5, 5, 5, 5, 3, 3]))
    hindsight = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0], dtype=bool)
    counted = count(path, hindsight)
    assert (counted.rises, counted.false, counted.seen, counted.missed, counted.delay, counted.reversed_soon) == (2, 1, 1, 0, 1.0, 2)
    assert count(path, np.zeros(11, dtype=bool)).false == 2
    missed = count(simulate(rule(confirm=3), seen([3, 5, 3, 3, 3, 3])), np.array([0, 1, 1, 0, 0, 0], dtype=bool))
    assert (missed.missed, missed.delay) == (1, None)


def noisy(seed: int = 1) -> Path:
    dice = np.random.default_rng(seed)
    level = np.where((np.arange(72) >= 30) & (np.arange(72) < 48), 6.0, 3.5)
    return simulate(rule(cost={"heads": 10}), seen((level + dice.normal(0, 1.0, 72)).tolist(), heads=10))


def test_more_caution_means_fewer_mistakes_and_more_delay() -> None:
    found = false_switches(rule(cost={"heads": 10}), noisy(), seed=1, draws=60)
    by_confirm = {v.confirm: v.counted for v in found.variants if v.band == 1.0}
    assert by_confirm[1].false > by_confirm[2].false > by_confirm[3].false - 1e-9
    assert (by_confirm[1].delay or 0) < (by_confirm[3].delay or 0)
    assert sum(v.is_own for v in found.variants) == 1 and len(found.variants) == 9
    assert found == false_switches(rule(cost={"heads": 10}), noisy(), seed=1, draws=60)


def test_what_is_written() -> None:
    path, of = noisy(), rule(cost={"heads": 10})
    mistakes = false_switches(of, path, seed=1, draws=20)
    table, switches = path_table(of, path), switch_table(path)
    assert table.columns == ["ds", "indicator", "known", "level", "value", "heads", "cost_fen"] and table.height == 72
    assert switches.height == len(path.switches) and table["cost_fen"].sum() == path.total_fen
    dated = yaml.safe_load(parameter_values(of, path))["values"]["CN"]
    assert len(dated) == switches.height + 1 and dated["2020-01-01"]["value"] == 100
    said = figures(of, path, mistakes)
    assert said["history"]["rises"] == sum(s.why == "rose" and s.before == 0 for s in path.switches) and len(said["variants"]) == 9
    text = report_zh(of, path, mistakes)
    assert "（现规则）" in text and "预案" not in text.split("##")[0] and "提高" in text


def test_a_raise_that_always_stands_is_doubted() -> None:
    path = simulate(rule(), seen([6.0] * 24))
    assert "启动线可能定得太低" in report_zh(rule(), path, false_switches(rule(), path, seed=1, draws=5))
    calm = simulate(rule(), seen([3.0] * 24))
    assert "没有达到过启动线" in report_zh(rule(), calm, false_switches(rule(), calm, seed=1, draws=5))
