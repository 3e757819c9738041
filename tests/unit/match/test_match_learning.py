"""Weights learned from outcomes: planted ones come back, the future changes nothing, chance changes nothing, order is never turned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
import yaml

from leye.kernel.errors import BadInput
from leye.match.learning import Gate, Verdict, Watch, from_steps, learn, read_events
from leye.match.learning.asof import Versions
from leye.match.learning.contributions import GROUPS, chances, contributions
from leye.match.learning.events import end_of, known, outcomes
from leye.match.learning.fairness import four_fifths, groups_of, told_by
from leye.match.learning.fit import fit_curve, fit_scales
from leye.match.learning.learn import Learned
from leye.match.learning.pack import breaks_of_order, floors, hand_pack, scaled
from leye.match.learning.quality import calibration_error, ndcg_by_person, sure_gain
from leye.match.learning.slices import slices
from leye.match.ranking.weights import AS_WRITTEN, made_weights
from tests_support.outcomes import BASE, hand_base, planted, read
from tests_support.outcomes import town as made_town

UNTIL, WATCH = date(2025, 12, 31), Watch(7, 14)
Town = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]


@pytest.fixture(scope="module")
def town() -> Town:
    """events, people, jobs, groups (drawn by lot)."""
    events, people, jobs = made_town()
    sex = pl.Series("sex", np.random.default_rng(3).choice(["f", "m"], people.height))
    return events, people, jobs, people.select("person_id").with_columns(sex)


@pytest.fixture(scope="module")
def learned(town: Town) -> Learned:
    events, people, jobs, groups = town
    return learn(events, people, jobs, until=UNTIL, watch=WATCH, groups=groups)


def gates(made: Learned) -> Mapping[str, Gate]:
    return {g.name: g for g in made.verdict.gates}


@pytest.mark.parametrize("side", ["person", "employer"])
def test_planted_weights_come_back(town: Town, side: str) -> None:
    events, people, jobs, _ = town
    x = np.tile(contributions(read(events.head(800), people, jobs), side), (30, 1))
    y = (np.random.default_rng(4).random(len(x)) < 1 / (1 + np.exp(-(BASE[side] + x @ planted(side))))).astype(float)
    found = fit_scales(x, y, hand_base(side), floors(hand_pack(), side))
    told = np.flatnonzero(x.std(0) > 0.2)  # a group that hardly varies keeps the hand weight
    assert len(told) >= 5
    assert np.abs(found.scale[told] - planted(side)[told]).max() < 0.25
    assert abs(found.base - BASE[side]) < 0.1


def test_learning_from_true_outcomes_ranks_better_and_says_so(learned: Learned) -> None:
    found = gates(learned)
    assert found["ranking"].holds and (found["ranking"].figure or 0) > 0
    assert found["monotone"].figure == 0 and found["range"].holds
    after = learned.pack["learned"]["before_and_after"]
    assert after["ndcg"]["learned"] > after["ndcg"]["hand"]
    assert after["calibration_person"]["learned"] < after["calibration_person"]["hand"]


def test_the_future_changes_nothing(town: Town, learned: Learned) -> None:
    events, people, jobs, groups = town
    cut = end_of(UNTIL)
    after = events.head(400).with_columns(pl.lit(cut + timedelta(days=1)).cast(events["shown_at"].dtype).alias("shown_at"))
    after = after.with_columns((pl.col("shown_at") + timedelta(hours=1)).alias(c) for c in ("applied_at", "hired_at"))
    unborn = events["hired_at"].is_null() & events["applied_at"].is_not_null()
    late = events.with_columns(pl.when(unborn).then(pl.lit(cut + timedelta(days=2))).otherwise(pl.col("hired_at")).alias("hired_at"))
    grown = people.with_columns(pl.lit(date(2026, 1, 1)).alias("as_of"), pl.lit([], dtype=pl.List(pl.String)).alias("skills"))
    grown = grown.with_columns(pl.lit(None, dtype=people["skill_levels"].dtype).alias("skill_levels"))
    versions = pl.concat([people.with_columns(pl.lit(date(2020, 1, 1)).alias("as_of")), grown.select(*people.columns, "as_of")])
    made = learn(pl.concat([late, after]), versions, jobs, until=UNTIL, watch=WATCH, groups=groups)
    assert yaml.safe_dump(made.pack) == yaml.safe_dump(learned.pack)


def test_permuted_outcomes_keep_the_hand_weights(town: Town) -> None:
    events, people, jobs, groups = town
    order = np.random.default_rng(8).permutation(events.height)
    days = {c: (events[c] - events["shown_at"])[order] for c in ("applied_at", "hired_at")}
    mixed = events.with_columns((events["shown_at"] + d).alias(c) for c, d in days.items())
    made = learn(mixed, people, jobs, until=UNTIL, watch=WATCH, groups=groups)
    assert not made.verdict.holds and not gates(made)["ranking"].holds
    with pytest.raises(BadInput, match="E_RANK_WEIGHTS"):
        made_weights(made.pack, "learned.yaml")


def test_no_weight_turns_its_sign_whatever_the_outcomes(town: Town) -> None:
    events, people, jobs, _ = town
    pairs = read(events.head(200), people, jobs)
    for side in ("person", "employer"):
        x = contributions(pairs, side)
        against = (x.sum(1) < np.median(x.sum(1))).astype(float)  # the less speaks for a pair, the more often the answer is yes
        found = fit_scales(x, against, hand_base(side), floors(hand_pack(), side))
        assert found.scale.min() >= 0.0
        made = scaled(hand_pack(), {side: found}, dict.fromkeys(("person", "employer"), (0.0, 1.0)))
        assert breaks_of_order(hand_pack(), made) == []
    assert fit_curve(np.linspace(-3, 3, 200), (np.linspace(-3, 3, 200) < 0).astype(float))[1] > 0


def test_a_lost_order_is_named() -> None:
    bad = hand_pack()
    bad["person"]["pay"]["least"] = -1.0
    bad["employer"]["skill_levels"]["short"] = -2.0
    assert breaks_of_order(hand_pack(), bad) == ["person.pay.least", "employer.skill_levels.short"]


def test_the_pack_scores_as_the_fit_did(town: Town, learned: Learned) -> None:
    events, people, jobs, _ = town
    pairs = read(events.head(200), people, jobs)
    w = made_weights(learned.pack | {"verdict": {"holds": True}}, "learned.yaml")
    for side, p in zip(("person", "employer"), chances(pairs, w), strict=True):
        scale = np.array([learned.pack["learned"]["scales"][side][g.name] for g in GROUPS[side]])
        curve = learned.pack["calibration"][side]
        logit = learned.pack[side]["base"] + contributions(pairs, side) @ scale
        assert np.abs(p - 1 / (1 + np.exp(-(curve["offset"] + curve["slope"] * logit)))).max() < 2e-3  # entries are rounded to whole units


def test_every_entry_of_the_pack_stands_in_one_group() -> None:
    for side, groups in GROUPS.items():
        entries = [e for g in groups for e in g.entries]
        assert sorted(entries) == sorted(k for k in hand_pack()[side] if k != "base" and k not in AS_WRITTEN)
        assert len({f for g in groups for f in g.features}) == sum(len(g.features) for g in groups)


def test_protected_columns_reach_no_feature(town: Town) -> None:
    events, people, jobs, _ = town
    marked = people.with_columns(pl.lit("女").alias("sex"), pl.lit("回族").alias("ethnicity"), pl.lit("农村").alias("hukou"))
    for side in ("person", "employer"):
        one, other = (contributions(read(events.head(100), table, jobs), side) for table in (people, marked))
        assert np.array_equal(one, other)


def test_without_groups_the_verdict_does_not_hold(town: Town) -> None:
    from leye.match.learning.learn import _fairness

    events = town[0].head(50)
    only = _fairness(events["person_id"].to_list(), {"hand": np.ones(50), "learned": np.ones(50)}, {})
    assert [(g.name, g.figure, g.holds) for g in only] == [("four_fifths", None, False)]


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2025, 3, day, hour, tzinfo=end_of(UNTIL).tzinfo)


def row(*times: datetime | None, person: str = "p") -> dict[str, Any]:
    steps = ("shown_at", "applied_at", "answered_at", "hired_at", "left_at")
    return {"person_id": person, "job_id": "j"} | dict(zip(steps, (*times, *[None] * (5 - len(times))), strict=True))


OUTCOMES = [
    (row(at(1)), (False, None, 0.0), "silence is no"),
    (row(at(1), at(3)), (True, False, 1.0), "applied, no hire"),
    (row(at(1), at(9)), (False, None, 0.0), "applied after the watch"),
    (row(at(1), at(3), None, at(12)), (True, True, 3.0), "hired"),
    (row(at(1), at(3), None, at(20)), (True, False, 1.0), "hired after the watch"),
    (row(at(1), at(3), None, at(12), at(20)), (True, True, 1.0), "hired and soon gone"),
    (row(at(1), at(3), None, at(12), at(30)), (True, True, 3.0), "gone after the cut"),
]


@pytest.mark.parametrize(("event", "wanted", "why"), OUTCOMES, ids=[o[-1] for o in OUTCOMES])
def test_outcomes_at_a_cut(event: dict[str, Any], wanted: tuple[bool, bool | None, float], why: str) -> None:
    made = outcomes(read_events(pl.DataFrame([event])), at(28), Watch(7, 14))
    assert made.select("applied", "accepted", "gain").row(0) == wanted


def test_a_watch_that_is_not_over_is_no_outcome() -> None:
    events = read_events(pl.DataFrame([row(at(1), at(2), None, at(3)), row(at(20))]))
    assert outcomes(events, at(15), Watch(7, 14)).is_empty()
    assert known(events, at(2, 12))["hired_at"].to_list() == [None]


def test_slices_share_no_person_and_no_day(town: Town) -> None:
    found = slices(read_events(town[0]), end_of(UNTIL), WATCH)
    parts = (found.fit, found.calibrate, found.judge)
    people = [set(p["person_id"]) for p in parts]
    assert not people[0] & people[1] and not people[0] & people[2] and not people[1] & people[2]
    assert found.fit["shown_at"].max() < found.calibrate["shown_at"].min() < found.judge["shown_at"].min()  # type: ignore[operator]
    assert (found.fit["shown_at"] + WATCH.whole).max() <= found.fit_until  # type: ignore[operator]


def test_tables_are_read_as_they_were_on_the_day() -> None:
    table = pl.DataFrame({"person_id": ["a", "a"], "as_of": [date(2025, 5, 1), date(2025, 1, 1)], "education": ["bachelor", "junior_college"]})
    found = Versions(table, "person_id", "people")
    assert [found.on("a", d) and found.on("a", d)[1]["education"] for d in (date(2024, 12, 31), date(2025, 4, 30), date(2025, 5, 1))] == [  # type: ignore[index]
        None, "junior_college", "bachelor",
    ]  # fmt: skip


def test_figures_by_hand() -> None:
    found = ndcg_by_person(["a", "a", "b", "c", "c"], np.array([1.0, 2.0, 1.0, 1.0, 1.0]), np.array([3.0, 0.0, 3.0, 1.0, 0.0]))
    assert found == pytest.approx({"a": 1 / np.log2(3), "c": (1 + 1 / np.log2(3)) / 2})  # b has nothing to order; ties share their places
    assert calibration_error(np.array([0.2, 0.2, 0.8, 0.8]), np.array([0.0, 0.0, 1.0, 1.0])) == pytest.approx(0.0)
    assert calibration_error(np.full(10, 0.9), np.zeros(10)) == pytest.approx(0.9)
    assert sure_gain({"a": 0.5, "b": 0.5}, {"a": 0.6, "b": 0.6}) == pytest.approx(0.1) and sure_gain({}, {}) == -np.inf


def test_four_fifths_and_what_a_score_tells() -> None:
    people = [f"p{k}" for k in range(80)]
    group = {p: "f" if k % 2 else "m" for k, p in enumerate(people)}
    even, apart = np.arange(80) // 2 * 1.0, np.array([k % 2 * 1.0 for k in range(80)])
    assert four_fifths(people, even, group) == 1.0 and told_by(people, even, group) == pytest.approx(0.0)
    assert four_fifths(people, apart, group) == 0.0 and told_by(people, apart, group) == 0.5
    assert four_fifths(people, even, {p: g for p, g in group.items() if g == "f"}) is None
    born = pl.DataFrame({"person_id": ["a", "b"], "birth": ["1970-01-01", None]})
    assert groups_of(born, UNTIL) == {"age_band": {"a": "45_and_over"}}
    with pytest.raises(BadInput, match="E_LEARN_GROUPS"):
        groups_of(born.drop("person_id"), UNTIL)


def test_a_gate_without_a_figure_does_not_hold() -> None:
    assert not Verdict((Gate("x", None, 0.0, "least", "", ""),)).holds
    assert not Gate("x", float("nan"), 0.0, "most", "", "").holds and Gate("x", 0.0, 0.0, "most", "", "").holds


REFUSALS = [
    ({"person_id": ["a"], "shown_at": ["2025-01-01"]}, "E_LEARN_EVENTS", "no post"),
    ({"person_id": [None], "job_id": ["j"], "shown_at": ["2025-01-01"]}, "E_LEARN_EVENTS", "no person"),
    ({"person_id": ["a"], "job_id": ["j"], "shown_at": ["gestern"]}, "E_RANK_VALUE", "no time"),
    ({"person_id": ["a"], "job_id": ["j"], "shown_at": ["2025-01-02"], "applied_at": ["2025-01-01"]}, "E_LEARN_ORDER", "applied before shown"),
]


@pytest.mark.parametrize(("columns", "code", "why"), REFUSALS, ids=[r[-1] for r in REFUSALS])
def test_events_that_cannot_be_read(columns: dict[str, list[str | None]], code: str, why: str) -> None:
    with pytest.raises(BadInput, match=code):
        read_events(pl.DataFrame(columns))


def test_too_short_and_too_few(town: Town) -> None:
    events, people, jobs, _ = town
    with pytest.raises(BadInput, match="E_LEARN_SPAN"):
        learn(events, people, jobs, until=date(2025, 2, 1), watch=WATCH)
    with pytest.raises(BadInput, match="E_LEARN_FEW"):
        learn(events.head(90), people, jobs, until=UNTIL, watch=WATCH)
    with pytest.raises(BadInput, match="E_LEARN_WATCH"):
        Watch(0, 1)


def test_steps_of_the_office_are_laid_beside_the_first_showing() -> None:
    said = [
        ("a", "j", "sent", 2), ("a", "j", "offer", 5), ("a", "j", "accept", 6), ("a", "j", "gone_30", 20), ("b", "j", "sent", 1),
        ("b", "j", "accept", 9), ("c", "j", "invited", 3), ("c", "j", "welcome", 4), ("c", "j", "refuse", 8), ("d", "j", "sent", 4),
    ]  # fmt: skip
    steps = pl.DataFrame([(p, j, e, at(d)) for p, j, e, d in said], schema=["person_id", "job_id", "event", "at"], orient="row")
    shown = pl.DataFrame(
        [(p, "j", at(d)) for p, d in (("a", 1), ("a", 4), ("b", 2), ("c", 1))], schema=["person_id", "job_id", "shown_at"], orient="row"
    )
    made = {r[0]: [None if t is None else t.day for t in r[2:]] for r in read_events(from_steps(steps, shown)).iter_rows()}
    assert made == {"a": [1, 2, 5, 6, 20], "b": [2, None, None, None, None], "c": [1, 4, 8, None, None]}  # d was never shown the post
