"""The profile as a whole: nothing of the future in it, contributions that add up, known chances found again, short tables named."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from threadpoolctl import threadpool_limits

from leye.city.working_lives import draw_lives
from leye.forecast.hazard import Register, profile, shipped_rules
from leye.forecast.hazard.cohort import cohort_of
from leye.forecast.hazard.profiling import person_months
from leye.kernel.errors import BadInput

ON, CUT = date(2025, 8, 31), date(2025, 2, 28)


@pytest.fixture(scope="module")
def lives():
    return draw_lives(4_000, seed=5, on=ON, months=36)


@pytest.fixture(scope="module")
def register(lives):
    t = lives.tables
    return Register(t["people"], t["unemployment"], t["insurance_months"], t["firms"], t["indicators"])


@pytest.fixture(scope="module")
def months(register):
    with threadpool_limits(1):
        return person_months(register, ON, shipped_rules())


def spoilt_after(register: Register, day: date) -> Register:
    """The same registers with everything after a day turned upside down."""
    late = pl.col("month") > day
    return Register(
        register.people.with_columns(
            pl.when(pl.col("graduated_on") > day).then(pl.lit(date(2030, 1, 1))).otherwise(pl.col("graduated_on")).alias("graduated_on")
        ),
        pl.concat(
            [
                register.unemployment.filter(pl.col("registered_on") <= day).with_columns(
                    pl.when(pl.col("ended_on") > day).then(None).otherwise(pl.col("ended_on")).alias("ended_on")
                ),
                register.unemployment.filter(pl.col("registered_on") > day).with_columns(pl.lit("firm_closed").alias("reason")).head(7),
            ]
        ),
        register.insurance.with_columns(pl.when(late).then(1).otherwise(pl.col("base_fen")).alias("base_fen")).filter(
            ~late | (pl.col("base_fen") == 1)
        ),
        register.firms,
        pl.concat([register.indicators, pl.DataFrame({"unique_id": ["claims/440605/all/all/all"], "ds": [date(2025, 7, 1)], "y": [9e9]})]),
    )


def test_nothing_after_the_day_changes_a_byte(register):
    first, second = profile(register, CUT), profile(spoilt_after(register, CUT), CUT)
    assert first.risk.height > 1_000
    for name in ("risk", "figures", "bins", "gaps", "model", "learned", "drift", "notices"):
        assert getattr(first, name).equals(getattr(second, name)), name
    assert first.risk.drop("up", "down").write_csv() == second.risk.drop("up", "down").write_csv()


def test_the_cohort_of_a_past_month_is_the_profile_of_that_day(register, months):
    _, rows = months
    with threadpool_limits(1):
        late = cohort_of(rows["job_loss"], int(rows["job_loss"].month.max()) - 6)
        then = cohort_of(person_months(register, CUT, shipped_rules())[1]["job_loss"], late.month)
    assert np.array_equal(late.probability[12], then.probability[12]), "the back-test states what a run of that month would have stated"


def test_contributions_add_up_to_the_log_odds(months):
    _, rows = months
    with threadpool_limits(1):
        for one in rows.values():
            hazard = cohort_of(one, int(one.month.max())).fits.whole
            now = one.at(one.month == one.month.max())
            _, terms = hazard.contributions(now)
            turned = 1 if one.is_feared else -1
            assert terms.sum(axis=1) + turned * hazard.coef[0] == pytest.approx(hazard.log_odds(now), abs=1e-9)


def test_known_chances_are_found_again_at_both_horizons(lives, months):
    facts, rows = months
    for question, one in rows.items():
        with threadpool_limits(1):
            cohort = cohort_of(one, facts.calendar.months - 13 - one.lag)
        ids = facts.calendar.people["person_id"][cohort.rows.person].str.slice(1).cast(pl.Int64).to_numpy()
        for h in (6, 12):
            truth = lives.true_chance(ids, np.full(ids.size, cohort.month), h, question=question)
            assert abs(float((cohort.probability[h] - truth).mean())) < 0.04, (question, h)  # some three standard errors of 4,000 people
            assert np.corrcoef(cohort.probability[h], truth)[0, 1] > 0.6, (question, h)
            assert cohort.calibrations[h].blocks.people.sum() > 100, "learned from people of its own"
        assert cohort.calibrations[6].line != cohort.calibrations[12].line, "each horizon is corrected by its own outcomes"


def test_a_level_that_moved_is_seen_by_the_calibration_of_both_horizons(months):
    """The model is told the truth and the outcomes are made worse: both horizons must go up with them."""
    _, rows = months
    one = rows["job_loss"]
    month = int(one.month.max()) - 13 - one.lag
    dice = np.random.default_rng(2)
    more = {h: np.where(np.isfinite(y), np.maximum(y, dice.random(y.size) < 0.05), y) for h, y in one.happened.items()}
    with threadpool_limits(1):
        as_it_was, worse = cohort_of(one, month), cohort_of(replace(one, happened=more), month)
    for h in (6, 12):
        assert np.array_equal(as_it_was.raw[h], worse.raw[h])
        assert float((worse.probability[h] - as_it_was.probability[h]).mean()) == pytest.approx(0.05, abs=0.02), h


def test_shares_levels_and_reasons_are_sound(register):
    found = profile(register, ON).risk
    assert set(found["question"].unique()) == {"job_loss", "no_job"}
    assert found.select("person_id", "question").is_duplicated().sum() == 0
    for h in (6, 12):
        assert ((found[f"low_{h}"] <= found[f"p_{h}"]) & (found[f"p_{h}"] <= found[f"high_{h}"])).all()
    losing, finding = found.filter(pl.col("question") == "job_loss"), found.filter(pl.col("question") == "no_job")
    assert (losing["p_6"] <= losing["p_12"]).all()
    assert (finding["p_6"] >= finding["p_12"]).all()
    for row in found.head(200).to_dicts():
        terms = json.loads(row["contributions"])
        assert all(terms[c] >= 0.05 for c in row["up"]) and all(terms[c] <= -0.05 for c in row["down"])
        assert "sex" not in terms and "hukou" not in terms and "disability" not in terms


def test_small_groups_have_no_figures(register):
    gaps = profile(register, ON).gaps
    hidden = gaps.filter(pl.col("is_shielded"))
    assert (gaps.filter(~pl.col("is_shielded"))["people"] >= 10).all()
    assert hidden.select("people", "stated", "happened", "gap").null_count().row(0) == (hidden.height,) * 4


def test_short_and_quiet_tables_are_named_not_guessed(register):
    short = profile(replace(register, insurance=register.insurance.filter(pl.col("month") > date(2024, 9, 1))), ON)
    assert short.risk.is_empty()
    assert set(short.notices["code"]) == {"E_RISK_SHORT"}
    quiet = profile(replace(register, unemployment=register.unemployment.head(5)), ON)
    assert set(quiet.notices["code"]) == {"E_RISK_EVENTS"}


def test_a_table_without_a_column_is_refused(register):
    with pytest.raises(BadInput) as refused:
        replace(register, insurance=register.insurance.drop("kind"))
    assert refused.value.code == "E_RISK_COLUMN"
    assert "kind" in refused.value.zh
