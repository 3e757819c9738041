"""The tables of promotion: what was planted is found by a plain estimate, and rows never contradict the person's other dates."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest

from leye.city.build import build_city
from leye.city.programmes import HALF_YEAR, WINDOW

C = pl.col
ON = date(2025, 8, 31)
SEEDS = (7, 8, 9)


@cache
def city_of(seed: int):
    return build_city(20_000, seed=seed, on=ON)


@pytest.fixture(params=SEEDS)
def town(request):
    return city_of(request.param)


def size(town, name: str) -> float:
    return next(p["size"] for p in town.plants if p["id"] == name)


def cells(programmes: pl.DataFrame) -> pl.DataFrame:
    """Age band, diploma and months band of every row."""
    band = sum((C("age") >= a).cast(pl.Int64) for a in (25, 35, 45))
    return programmes.with_columns(cell=band * 6 + C("graduate") * 3 + (C("months_unemployed") >= 3) + (C("months_unemployed") >= 6))


def adjusted(programmes: pl.DataFrame, name: str) -> float:
    """Difference of shares at work within cells, weighted by those who took part."""
    means = cells(programmes).group_by("cell", "programme").agg(n=pl.len(), m=C("employed_6m").mean())
    both = means.filter(C("programme") == name).join(means.filter(C("programme") == "none"), on="cell", suffix="_none")
    return float(((both["m"] - both["m_none"]) * both["n"]).sum() / both["n"].sum())


@pytest.mark.parametrize(
    ("programme", "plant"), [("training", "effect_training"), ("internship", "effect_internship"), ("job_fair_voucher", "placebo_voucher")]
)
def test_effects_of_programmes_are_found_within_cells(town, programme, plant):
    assert adjusted(town.tables["programmes"], programme) == pytest.approx(size(town, plant), abs=0.035)


def test_plain_shares_mislead_because_people_were_not_chosen_at_random(town):
    share = dict(town.tables["programmes"].group_by("programme").agg(C("employed_6m").mean()).iter_rows())
    assert share["training"] - share["none"] < size(town, "effect_training") - 0.015
    assert share["job_fair_voucher"] - share["none"] > 0.01


def test_programmes_are_many_enough_for_an_interval_that_leaves_out_zero(town):
    count = dict(town.tables["programmes"]["programme"].value_counts().iter_rows())
    half_width = 1.96 * np.sqrt(0.25 / count["training"] + 0.25 / count["none"])
    assert half_width < 0.6 * size(town, "effect_training")


def test_every_row_is_followed_to_its_end_and_stands_once(town):
    rows = town.tables["programmes"]
    assert rows["person_id"].n_unique() == rows.height
    assert rows["started_on"].min() >= ON - timedelta(days=WINDOW)
    assert rows["started_on"].max() < ON - timedelta(days=HALF_YEAR)
    assert rows["age"].min() >= 16


def test_outcomes_agree_with_registered_spells(town):
    both = town.tables["programmes"].join(town.tables["unemployment"], on="person_id")
    assert both.height > 700
    assert (both["registered_on"] <= both["started_on"]).all()
    ended = both.filter(C("ended_on").is_not_null())
    assert (ended["started_on"] < ended["ended_on"]).all()
    found = (C("ended_on") - C("started_on")).dt.total_days().le(HALF_YEAR).fill_null(False)
    assert both.select((found == C("employed_6m")).all()).item()


def test_outcomes_agree_with_the_hire_and_the_insurance_months(town):
    both = town.tables["programmes"].join(town.tables["people"].select("person_id", "hire_on"), on="person_id").filter(C("hire_on").is_not_null())
    assert (both["started_on"] < both["hire_on"]).all()
    assert ((both["hire_on"] - both["started_on"]).dt.total_days().le(HALF_YEAR) == both["employed_6m"]).all()
    paid = town.tables["insurance_months"].filter(C("kind") == "employee").join(town.tables["programmes"], on="person_id")
    without = paid.filter(C("month") > C("started_on"), C("month").dt.month_end() < C("started_on").dt.offset_by(f"{HALF_YEAR}d"), ~C("employed_6m"))
    assert without.height == 0


def rates(town, policy: str) -> pl.DataFrame:
    """Weekly rate by exposure week, reached grids less those of the same week not yet reached."""
    rows = town.tables["eligible"].filter(C("policy") == policy)
    reached = rows.filter(C("notified")).group_by("grid_id").agg(first=C("week").min())
    rows = rows.join(reached, on="grid_id", how="left").with_columns(since=(C("week") - C("first")).dt.total_days() // 7)
    control = rows.filter(~C("notified")).group_by("week").agg(control=C("applied").mean())
    return rows.filter(C("notified")).join(control, on="week").group_by("since").agg(diff=(C("applied").mean() - C("control").mean())).sort("since")


@pytest.mark.parametrize(("policy", "plant"), [("ss_flex_hard", "effect_notice"), ("startup_loan", "placebo_notice")])
def test_the_notice_raises_applications_and_the_form_letter_does_not(town, policy, plant):
    by_week = rates(town, policy)
    assert by_week["since"].to_list()[:4] == [0, 1, 2, 3]
    assert float(by_week["diff"][:4].sum()) == pytest.approx(size(town, plant), abs=0.035)


def test_notices_and_the_panel_tell_the_same_story(town):
    notices, panel = town.tables["notices"], town.tables["eligible"]
    key = ["policy", "person_id"]
    told = panel.filter(C("notified")).select(key).unique()
    assert told.join(notices, on=key, how="anti").height == 0 == notices.join(told, on=key, how="anti").height
    applied = panel.filter(C("applied"), C("notified")).join(notices, on=key)
    assert applied.height == notices["applied_on"].count()
    assert (applied["applied_on"] - applied["week"]).dt.total_days().is_between(0, 6).all()
    assert panel.group_by(key).agg(C("applied").sum())["applied"].max() == 1
    order = notices.select((C("delivered_on") <= C("opened_on")).alias("a"), (C("applied_on") < C("paid_on")).alias("b"))
    assert order["a"].drop_nulls().all()
    assert order["b"].drop_nulls().all()


def test_controls_stand_in_every_week_and_reach_is_by_whole_grids(town):
    panel = town.tables["eligible"]
    assert panel["week"].n_unique() == 8
    assert panel["week"].max() + timedelta(days=6) == ON
    assert panel.group_by("policy", "week").agg((~C("notified")).sum()).filter(C("notified") == 0).height == 0
    assert panel.group_by("policy", "grid_id", "week").agg(C("notified").n_unique())["notified"].max() == 1
    people = town.tables["people"].select("person_id", home="grid_id")
    assert panel.join(people, on="person_id").filter(C("home") != C("grid_id")).height == 0


def test_payments_fit_the_facts(town):
    paid, people = town.tables["payments"], town.tables["people"]
    pairs = town.truth["double_payments"]
    doubled = paid.filter(C("payment_id").is_in(pl.concat([pairs["id_a"], pairs["id_b"]]).implode()))["person_id"].implode()
    plain = paid.filter(~C("person_id").is_in(doubled))
    months = plain.filter(C("policy").str.starts_with("ss_")).group_by("person_id").agg(n=pl.len(), policy=C("policy").first())
    subsidised = months.join(people, on="person_id")
    assert subsidised.height > 60
    assert (subsidised["n"] == subsidised["subsidised_months"].clip(upper_bound=24)).all()
    assert (subsidised["policy"] == subsidised["ss_subsidy_this_month"]).all()
    drawn = plain.filter(C("policy") == "ui_benefit").group_by("person_id").len("n").join(people, on="person_id")
    assert (drawn["n"] == drawn["ui_claimed_months"].clip(upper_bound=24)).all()
    cert = plain.filter(C("cert_no").is_not_null()).join(people, on="person_id")
    assert (cert["policy"] == cert["cert_paid_by"]).all()
    assert (cert["paid_on"].dt.year() == cert["cert_on"].dt.year()).all()
    assert (cert["paid_on"] >= cert["cert_on"]).all()


def test_hires_and_grants_are_paid_after_what_they_are_for(town):
    both = town.tables["payments"].join(town.tables["people"].drop("firm_id"), on="person_id")
    assert both.filter(C("policy") == "hire_once", C("paid_on") < C("hire_on")).height == 0
    assert both.filter(C("policy") == "startup_once", C("paid_on") < C("business_registered_on").dt.offset_by("1y")).height == 0
    assert both.filter(C("month") > C("paid_on")).height == 0
    assert both["paid_on"].max() <= ON
    assert (both["amount_fen"] > 0).all()


def test_double_payments_are_pairs_of_one_person(town):
    pairs, paid = town.truth["double_payments"], town.tables["payments"]
    assert pairs.height / paid.height == pytest.approx(size(town, "double_payments"), abs=0.001)
    assert set(pairs["reason"]) == {"same_certificate", "same_month", "same_hire", "once"}
    both = pairs.join(paid, left_on="id_a", right_on="payment_id").join(paid, left_on="id_b", right_on="payment_id", suffix="_b")
    assert both.height == pairs.height
    assert (both["person_id"] == both["person_id_b"]).all()
    assert (both["paid_on"] <= both["paid_on_b"]).all()
    assert (both.filter(C("reason") == "same_certificate")["cert_no"] == both.filter(C("reason") == "same_certificate")["cert_no_b"]).all()
    assert pl.concat([pairs["id_a"], pairs["id_b"]]).n_unique() == 2 * pairs.height


def test_ids_are_unique_and_in_order(town):
    paid = town.tables["payments"]
    assert paid["payment_id"].is_sorted()
    assert paid["payment_id"].n_unique() == paid.height
    assert paid["payment_id"].str.contains(r"^B\d{8}$").all()
    assert paid["paid_on"].is_sorted()


@pytest.mark.parametrize("people", [500, 2_000])
def test_small_cities_have_the_tables_too(people):
    small = build_city(people, seed=3, on=date(2026, 3, 10))
    for name in ("programmes", "notices", "eligible", "payments"):
        assert small.tables[name].height > 0
