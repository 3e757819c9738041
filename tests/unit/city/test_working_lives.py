"""The forward register: equal arguments, equal tables; what happens is as frequent as the stated chances say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from leye.city.working_lives import OLDER_FROM, draw_lives

ON = date(2025, 8, 31)


@pytest.fixture(scope="module")
def lives():
    return draw_lives(20_000, seed=3, on=ON, months=36)


def test_equal_arguments_give_equal_tables():
    one, two = (draw_lives(500, seed=9, on=ON, months=24) for _ in range(2))
    assert all(one.tables[name].equals(two.tables[name]) for name in one.tables)


@pytest.mark.parametrize("question", ["job_loss", "no_job"])
def test_frequencies_are_the_stated_chances(lives, question):
    month, state = 20, 1 if question == "job_loss" else 0
    who = np.flatnonzero(lives.state[:, month] == state)
    stays = (lives.state[who, month : month + 13] == state).all(axis=1)
    came = ~stays if question == "job_loss" else stays
    p = lives.true_chance(who, np.full(who.size, month), 12, question=question)
    error = np.sqrt((p * (1 - p)).sum()) / who.size
    assert abs(came.mean() - p.mean()) < 4 * error
    top = p > np.quantile(p, 0.8)
    assert abs(came[top].mean() - p[top].mean()) < 4 * np.sqrt((p[top] * (1 - p[top])).sum()) / top.sum()


def test_the_older_find_work_later(lives):
    month = 20
    who = np.flatnonzero(lives.state[:, month] == 0)
    old = (lives.first + month - lives.born[who]) / 12 >= OLDER_FROM
    p = lives.true_chance(who, np.full(who.size, month), 12, question="no_job")
    assert p[old].mean() > p[~old].mean() + 0.1


def test_insurance_and_registration_tell_one_story(lives):
    insured = lives.tables["insurance_months"]
    assert insured.height == int(lives.state.sum())
    assert insured.select("person_id", "month").is_duplicated().sum() == 0
    spells = lives.tables["unemployment"]
    ended = spells.drop_nulls("ended_on")
    assert (ended["ended_on"] > ended["registered_on"]).all()
    assert spells["ended_on"].null_count() == int((lives.state[:, -1] == 0).sum()), "who is without work at the end has one open spell"
