"""What must hold for every roll-out, notice and small table."""

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.policy.promote.channels import Channel, Size
from leye.policy.promote.fitting import fitted
from leye.policy.promote.robust import robust
from leye.policy.promote.said import Said
from leye.policy.promote.schedule import NOT_YET, draw_schedule
from leye.policy.promote.shares import LEAST_SHOWN, hidden, wilson
from leye.policy.promote.wedge import wedge


@st.composite
def roll_outs(draw):
    grids, weeks = draw(st.integers(6, 12)), draw(st.integers(3, 7))
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    at_risk = dice.integers(1, 60, (grids, weeks))
    applied = dice.binomial(at_risk, dice.uniform(0.01, 0.4))
    reached = dice.integers(1, weeks + 1, grids)
    reached[0], reached[1] = 1, weeks
    return at_risk, applied, reached


@given(roll_outs(), st.floats(-0.5, 0.5))
@settings(max_examples=60, deadline=None)
def test_a_rate_added_in_every_cell_changes_no_effect(made, shift):
    found = wedge(*made, range(0, 2))
    moved = found.weights @ (found.rate + shift)
    assert np.allclose(moved, found.weights @ found.rate, atol=1e-9)


@given(roll_outs())
@settings(max_examples=60, deadline=None)
def test_an_effect_put_into_reached_cells_comes_out_whole(made):
    found = wedge(*made, range(0, 2))
    seen = found.counted > 0
    lifted = found.weights @ (found.rate + np.where(found.column == 0, 0.1, 0.0) + np.where(found.column == 1, 0.02, 0.0))
    assert np.allclose((lifted - found.weights @ found.rate)[seen], np.array([0.1, 0.02])[seen], atol=1e-9)


@given(roll_outs(), st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_order_of_grids_does_not_matter(made, dice):
    at_risk, applied, reached = made
    order = list(range(reached.size))
    dice.shuffle(order)
    one, other = wedge(*made, range(0, 1)), wedge(at_risk[order], applied[order], reached[order], range(0, 1))
    assert np.allclose(one.thetas, other.thetas, equal_nan=True)
    if one.counted[0] > 0:
        a, b = robust(one, np.ones((1, 1))), robust(other, np.ones((1, 1)))
        assert np.allclose(a.covariance, b.covariance)
        assert np.allclose(a.degrees, b.degrees, equal_nan=True)


def test_a_grid_that_fitting_takes_whole_adds_no_rounding_to_the_degrees():
    """One reached grid against five: its residuals are nothing but rounding, and the order of the others must not show in the degrees."""
    dice = np.random.default_rng(1767)
    at_risk = dice.integers(1, 60, (6, 6))
    applied, reached = dice.binomial(at_risk, 0.2), np.array([1, 6, 6, 6, 6, 6])
    found = []
    for _ in range(300):
        order = dice.permutation(6)
        found.append(robust(wedge(at_risk[order], applied[order], reached[order], range(0, 1)), np.ones((1, 1))).degrees[0])
    assert np.allclose(found, found[0])


@given(st.dictionaries(st.text("AB01", min_size=1, max_size=6), st.integers(0, 500), min_size=6, max_size=40), st.integers(1, 5), st.integers(0, 99))
@settings(max_examples=80, deadline=None)
def test_every_grid_gets_one_turn_and_steps_differ_by_one_grid_at_most(people, steps, seed):
    turns = draw_schedule(people, start=date(2025, 9, 1), steps=steps, seed=seed)
    assert {t.grid: t.people for t in turns} == people
    count = [sum(t.step == s for t in turns) for s in [*range(steps), NOT_YET]]
    assert max(count) - min(count) <= 1


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
@settings(max_examples=200, deadline=None)
def test_hidden_cells_cannot_be_had_by_subtraction(sizes):
    hide = hidden(sizes)
    gone = [n for n, h in zip(sizes, hide, strict=True) if h]
    assert all(h or n == 0 or n >= LEAST_SHOWN for n, h in zip(sizes, hide, strict=True))
    if gone and any(n and not h for n, h in zip(sizes, hide, strict=True)):
        assert len(gone) >= 2
        assert sum(gone) >= LEAST_SHOWN


@given(st.integers(1, 5_000), st.data())
def test_an_interval_holds_its_share_and_lies_in_zero_to_one(n, data):
    k = data.draw(st.integers(0, n))
    low, high = wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1


WORDS = st.text("甲乙丙丁戊，、", min_size=1, max_size=80).filter(lambda t: max(map(len, t.replace("、", "，").split("，"))) <= 30)


@given(st.dictionaries(st.sampled_from(["maybe", "gives", "until", "bring", "where", "ask"]), WORDS, min_size=1), st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_messages_keep_their_room_and_lose_no_word(sentences, parts):
    size = Size(part=70, joined_part=67, parts=parts)
    channel = Channel("x", Said("x"), tuple(sentences), tuple(s for s in ("bring", "where") if s in sentences), size, size)
    laid = fitted(channel, sentences, head="", language="zh")
    if laid is None:
        return
    texts, dropped = laid
    assert len(texts) <= parts
    assert all(len(t) <= (70 if len(texts) == 1 else 67) for t in texts)
    kept = "".join(v.rstrip("。. ") + "。" for k, v in sentences.items() if k not in dropped)
    assert "".join(texts) == kept
    assert set(dropped) <= {"bring", "where"}
