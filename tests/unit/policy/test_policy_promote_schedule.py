"""The lottery's order, its power before the start, shares and small cells; the funnel by hand."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.policy.promote.funnel import compared, funnel
from leye.policy.promote.panel import Panel
from leye.policy.promote.power import Rates, power_of, rates_of
from leye.policy.promote.schedule import NOT_YET, balance, draw_schedule, reach_weeks
from leye.policy.promote.shares import hidden, wilson
from leye.policy.promote.tables import funnel_table, plan_row, turn_table

START = date(2025, 9, 1)
PEOPLE = {f"G{i:02d}": 20 + i for i in range(28)}


def test_every_block_holds_one_grid_of_each_step():
    turns = draw_schedule(PEOPLE, start=START, steps=6, seed=3)
    for block in range(4):
        mine = [t for t in turns if t.block == block]
        assert sorted(t.step for t in mine) == [NOT_YET, 0, 1, 2, 3, 4, 5]
        sizes = [t.people for t in mine]
        assert max(sizes) - min(sizes) == 6
    steps = balance(turns)
    assert [s.step for s in steps] == [0, 1, 2, 3, 4, 5, NOT_YET]
    assert max(s.people for s in steps) - min(s.people for s in steps) <= 24


def test_days_follow_the_quiet_weeks_a_week_apart():
    turns = draw_schedule(PEOPLE, start=START, steps=6, seed=3, quiet_weeks=2)
    assert {t.step: t.on for t in turns} == {
        **{k: date(2025, 9, 15) if k == 0 else date.fromordinal(date(2025, 9, 15).toordinal() + 7 * k) for k in range(6)},
        NOT_YET: None,
    }
    people, reached, block = reach_weeks(turns, start=START, weeks=8)
    assert reached.tolist() == [8 if t.step == NOT_YET else t.step + 2 for t in turns]
    assert people.tolist() == [t.people for t in turns]
    assert sorted(set(block.tolist())) == [0, 1, 2, 3]


def test_seed_and_people_decide_everything_and_the_order_of_the_list_nothing():
    again = draw_schedule(dict(reversed(PEOPLE.items())), start=START, steps=6, seed=3)
    assert again == draw_schedule(PEOPLE, start=START, steps=6, seed=3)
    assert again != draw_schedule(PEOPLE, start=START, steps=6, seed=4)


def test_nobody_is_kept_when_nobody_is_to_be_kept():
    assert all(t.on for t in draw_schedule(PEOPLE, start=START, steps=7, seed=1, keep_last=False))


@pytest.mark.parametrize(("people", "steps"), [({"G1": 3}, 1), (PEOPLE, 0), (PEOPLE, 28), ({**PEOPLE, "G99": -1}, 6)])
def test_plans_that_cannot_be_are_refused(people, steps):
    with pytest.raises(BadInput, match="E_ROLLOUT_PLAN"):
        draw_schedule(people, start=START, steps=steps, seed=1)


def test_turns_as_a_table():
    table = turn_table(draw_schedule(PEOPLE, start=START, steps=6, seed=3))
    assert table.columns == ["grid_id", "people", "block", "step", "deliver_on"]
    assert table.filter(pl.col("step").is_null()).height == 4 == table["deliver_on"].null_count()


def simulated(dice, people, reached, rates, effect):
    """Share of simulated roll-outs in which the interval leaves out zero."""
    from leye.policy.promote.effect import estimates_of
    from leye.policy.promote.power import SHAPE
    from leye.policy.promote.robust import robust
    from leye.policy.promote.wedge import since_reached, wedge

    weeks, since = 8, since_reached(reached, 8)
    added = np.zeros_like(since, dtype=float)
    for k, share in enumerate(SHAPE):
        added[since == k] = effect * share
    seen = 0
    for _ in range(400):
        level = rates.mean + rates.between_sd * dice.standard_normal(people.size)
        left, at_risk, applied = people.copy(), np.zeros((people.size, weeks), np.int64), np.zeros((people.size, weeks), np.int64)
        for t in range(weeks):
            at_risk[:, t] = left
            applied[:, t] = dice.binomial(left, np.clip(level + added[:, t], 0, 1))
            left = left - applied[:, t]
        found = wedge(at_risk, applied, reached, range(0, 4))
        (total,) = estimates_of(found.thetas, np.ones((1, 4)), robust(found, np.ones((1, 4))))
        seen += total.low > 0 or total.high < 0
    return seen / 400


@pytest.mark.parametrize(("effect", "sd"), [(0.0, 0.003), (0.05, 0.002), (0.08, 0.004)])
def test_power_is_what_simulated_roll_outs_show(effect, sd):
    people, reached, _ = reach_weeks(draw_schedule(PEOPLE, start=START, steps=6, seed=3), start=START, weeks=8)
    rates = Rates(0.012, sd)
    told = power_of(people, reached, 8, rates, effect=max(effect, 1e-9))
    assert simulated(np.random.default_rng(5), people, reached, rates, effect) == pytest.approx(told.at, abs=0.075)


def test_more_people_see_smaller_effects_and_no_controls_see_nothing():
    people, reached, _ = reach_weeks(draw_schedule(PEOPLE, start=START, steps=6, seed=3), start=START, weeks=8)
    small, large = (power_of(n, reached, 8, Rates(0.01, 0.0), effect=0.05) for n in (people, people * 4))
    assert large.smallest < 0.6 * small.smallest
    assert large.at > small.at
    blind = power_of(people, np.full(28, 2), 8, Rates(0.01, 0.0), effect=0.05)
    assert np.isnan(blind.smallest)
    assert plan_row(blind, [])["power"] is None


def test_rates_of_the_weeks_before_by_hand():
    at_risk = np.full((3, 2), 100)
    panel = Panel(
        "p", ("a", "b", "c"), (START, date(2025, 9, 8)), at_risk, np.array([[2, 90], [2, 2], [2, 2]]), np.array([1, 2, 2]), np.zeros(3, np.int64)
    )
    assert rates_of(panel) == Rates(pytest.approx(0.02), 0.0)
    spread = Panel("p", panel.grids, panel.weeks, at_risk, np.array([[20, 0], [0, 0], [0, 0]]), panel.reached, panel.block)
    assert rates_of(spread).between_sd > 0.05


WILSON = [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (2, 6, 0.0968, 0.7), (50, 100, 0.4038, 0.5962)]


@pytest.mark.parametrize(("k", "n", "low", "high"), WILSON)
def test_wilson_answers(k, n, low, high):
    assert wilson(k, n) == pytest.approx((low, high), abs=6e-5)


def test_nobody_has_no_share():
    assert wilson(0, 0) is None


HIDDEN = [
    ([40, 31], [False, False], "none is small"),
    ([40, 12, 7, 31], [False, True, True, False], "a small one takes the next smallest with it"),
    ([40, 6, 7], [False, True, True], "two small ones that make ten together stand alone"),
    ([40, 3, 4], [True, True, True], "two small ones of seven need a third"),
    ([0, 40], [False, False], "nobody is nothing to hide"),
    ([5], [True], "one cell alone"),
]


@pytest.mark.parametrize(("sizes", "hide"), [h[:2] for h in HIDDEN], ids=[h[2] for h in HIDDEN])
def test_small_cells(sizes, hide):
    assert hidden(sizes) == hide


def notices(n, **stages):
    """n reached people; the first `delivered`, `opened` … of them came that far."""
    day = {"delivered": 2, "opened": 3, "applied": 5, "paid": 9}
    return pl.DataFrame(
        [
            {"grid_id": "G1", "person_id": f"p{i}", **{f"{s}_on": date(2025, 9, day[s]) if i < stages.get(s, 0) else None for s in day}}
            for i in range(n)
        ],
        schema={"grid_id": pl.String, "person_id": pl.String, **{f"{s}_on": pl.Date for s in day}},
    )


def test_the_funnel_by_hand():
    (cell,) = funnel(notices(40, delivered=38, opened=20, applied=5, paid=2))
    assert [s.people for s in cell.steps] == [40, 38, 20, 5, 2]
    assert [s.share for s in cell.steps] == [1, 0.95, 0.5, 0.125, 0.05]
    assert [s.of_before for s in cell.steps[1:]] == [0.95, 20 / 38, 0.25, 0.4]
    assert cell.steps[3].interval == wilson(5, 40)


def test_groups_that_are_small_are_hidden_with_a_neighbour():
    groups = pl.DataFrame({"person_id": [f"p{i}" for i in range(40)], "sex": ["F"] * 24 + ["M"] * 11 + [None] * 5})
    cells = funnel(notices(40, delivered=40), groups, by="sex")
    assert {c.value: c.is_hidden for c in cells} == {"F": False, "M": True, "未知": True}
    assert all(not c.steps for c in cells if c.is_hidden)
    table = funnel_table(cells)
    assert table.filter(pl.col("hidden"))["reached"].null_count() == 2


def test_groups_need_their_column_and_dates_their_order():
    with pytest.raises(BadInput, match="sex"):
        funnel(notices(3), by="sex")
    with pytest.raises(BadInput, match="两次"):
        funnel(pl.concat([notices(2), notices(1)]))
    with pytest.raises(BadInput, match="paid_on"):
        funnel(notices(3, paid=1))


def test_a_group_without_enough_grids_gets_no_effect():
    cells = funnel(notices(40, delivered=40))
    panel = pl.DataFrame(
        {"grid_id": ["G1"] * 2, "person_id": ["p1"] * 2, "week": [START, date(2025, 9, 8)], "notified": [False, True], "applied": [False, False]}
    )
    assert compared(cells, panel, seed=1)[0].added is None
