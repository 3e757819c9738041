"""What promotion says of the demo city against what was planted in it, for several seeds."""

from datetime import date
from functools import cache

import polars as pl
import pytest

from leye.city.build import build_city
from leye.policy import shipped
from leye.policy.promote import compared, conflicts_in, effect_of, funnel, panels_of

ON = date(2025, 8, 31)
SEEDS = range(7, 13)


@cache
def city_of(seed):
    return build_city(20_000, seed=seed, on=ON)


@cache
def effects_of(seed):
    return {p.policy: effect_of(p, seed=1) for p in panels_of(city_of(seed).tables["eligible"])}


def size(seed, name):
    return next(p["size"] for p in city_of(seed).plants if p["id"] == name)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_planted_effect_of_a_notice_lies_in_its_interval_and_nothing_in_the_a_a(seed):
    notice, form_letter = effects_of(seed)["ss_flex_hard"], effects_of(seed)["startup_loan"]
    assert notice.total.low < size(seed, "effect_notice") < notice.total.high
    assert notice.is_seen
    assert notice.chance < 0.01
    assert form_letter.total.low < 0 < form_letter.total.high
    assert form_letter.chance > 0.05


@pytest.mark.parametrize("seed", SEEDS)
def test_effect_by_week_is_the_planted_one_and_the_weeks_before_are_quiet(seed):
    found = effects_of(seed)["ss_flex_hard"]
    planted = next(p for p in city_of(seed).plants if p["id"] == "effect_notice")["where"]["by_week"]
    assert all(e.low < truth < e.high for e, truth in zip(found.by_week, [*planted, 0.0], strict=False))
    assert all(e.low < 0 < e.high for e in found.leads)
    assert found.leads_chance > 0.05
    assert (found.grids, found.reached_grids) == (28, 24)


@pytest.mark.parametrize("seed", SEEDS)
def test_double_payments_are_found_all_and_no_others(seed):
    city = city_of(seed)
    planted = {frozenset(r) for r in city.truth["double_payments"].select("id_a", "id_b").iter_rows()}
    found = conflicts_in(city.tables["payments"], shipped())
    pairs = {frozenset(r) for r in found.pairs.select("payment_id", "conflicts_with").iter_rows()}
    assert pairs == planted
    assert found.unknown_policies == ()
    scopes = found.pairs.join(city.truth["double_payments"], left_on=["payment_id", "conflicts_with"], right_on=["id_b", "id_a"])
    assert (scopes["scope"] == scopes["reason"]).all()


def test_the_funnel_counts_what_the_table_says_and_hides_small_groups():
    city = city_of(7)
    notices = city.tables["notices"].filter(pl.col("policy") == "ss_flex_hard")
    (whole,) = funnel(notices)
    assert [s.people for s in whole.steps] == [notices.height, *(notices[f"{c}_on"].count() for c in ("delivered", "opened", "applied", "paid"))]
    by_grid = funnel(notices, by="grid_id")
    assert (
        sum(c.steps[0].people for c in by_grid if not c.is_hidden)
        + sum(notices.filter(pl.col("grid_id") == c.value).height for c in by_grid if c.is_hidden)
        == notices.height
    )
    by_sex = compared(funnel(notices, city.tables["people"], by="sex"), city.tables["eligible"].filter(pl.col("policy") == "ss_flex_hard"),
                      city.tables["people"], by="sex", seed=1)  # fmt: skip
    shown = {c.value: c for c in by_sex if not c.is_hidden}
    assert shown["F"].added is not None
    assert 0.03 < shown["F"].without < 0.05
    assert all(c.added.low < 0.08 < c.added.high for c in shown.values() if c.added)


def test_effects_do_not_depend_on_the_order_of_rows():
    panel = city_of(7).tables["eligible"]
    again = {p.policy: effect_of(p, seed=1) for p in panels_of(panel.sample(fraction=1, shuffle=True, seed=3))}
    assert again == effects_of(7)
