"""The facts of a person agree with each other and with other tables. Each rule looks at rows where it can be read; unknowns are passed over."""

from datetime import date

import polars as pl
import pytest

ON = date(2025, 8, 31)
TODAY = pl.lit(ON)
C = pl.col


def years(column: str, n: float) -> pl.Expr:
    return C(column) + pl.duration(days=int(n * 365.25))


RULES = {
    "the retirement base is a woman's": (C("sex") == "F") | C("female_retire_base").is_null(),
    "nobody is born after the day": C("birth") <= TODAY,
    "an employed person has a firm": (C("employment_status") == "employed") == C("firm_id").is_not_null(),
    "only the employed were hired": C("hire_on").is_null() | (C("employment_status") == "employed"),
    "hired by the day": C("hire_on") <= TODAY,
    "hired at sixteen or later": C("hire_on") >= years("birth", 15.9),
    "graduated where there is a diploma": C("graduated_on").is_null() | C("graduate"),
    "graduated in the early twenties": C("graduated_on").is_between(years("birth", 20), years("birth", 25.1)),
    "a diploma to come is the last school year": (C("graduated_on") > TODAY) == C("in_graduation_school_year"),
    "hired after graduation": C("hire_on") > C("graduated_on"),
    "students are young": (C("employment_status") != "student") | (C("birth") > date(1989, 1, 1)),
    "a registration has its date": C("registered_unemployed_since").is_null() | C("registered_unemployed"),
    "registered by the day": C("registered_unemployed_since") <= TODAY,
    "registered before the hire": C("registered_unemployed_since") < C("hire_on"),
    "registered are unemployed or were before the hire": ~C("registered_unemployed") | C("employment_status").is_in(["unemployed", "employed"]),
    "wages are for work": (C("monthly_wage_fen") > 0) == C("employment_status").is_in(["employed", "flexible"]),
    "the employed earn the minimum wage": (C("employment_status") != "employed") | (C("monthly_wage_fen") >= C("local_min_wage_fen")),
    "a term needs a contract": (C("contract_months") == 0) | C("contract_signed"),
    "a signed contract has a term": ~C("contract_signed") | (C("contract_months") > 0),
    "a contract is of the employed": ~C("contract_signed") | (C("employment_status") == "employed"),
    "insured months fit the job": C("hire_ss_months") <= (ON.year - C("hire_on").dt.year()) * 12 + ON.month - C("hire_on").dt.month() + 1,
    "months with the firm are part of all": C("hire_ss_months") <= C("ui_total_months"),
    "months that count are part of all": C("ui_contribution_months") <= C("ui_total_months"),
    "all months fit the life": (C("ui_total_months") == 0) | (C("ui_total_months") <= (TODAY - C("birth")).dt.total_days() / 30.4 - 15.9 * 12),
    "who draws benefit is registered": ~C("ui_claiming") | C("registered_unemployed"),
    "who draws benefit paid a year": ~C("ui_claiming") | (C("ui_contribution_months") >= 12),
    "who draws benefit did not resign": ~C("ui_claiming") | ~C("left_job_reason").is_in(["resigned", "never_employed"]),
    "benefit months are counted": ~C("ui_claiming") | (C("ui_claimed_months") >= 1),
    "no last job, no months of it": (C("left_job_reason") != "never_employed") | (C("last_job_months") == 0),
    "jobless since school means no months": ~C("jobless_since_graduation") | (C("ui_total_months") == C("hire_ss_months")),
    "jobless since school means a diploma": ~C("jobless_since_graduation") | C("graduate"),
    "shares are of the employed": (C("ss_personal_share_fen") == 0) | (C("employment_status") == "employed"),
    "own payments are of the flexible": (C("ss_paid_month_fen") > 0) == C("pension_paid_personally"),
    "own pension is flexible work": ~C("pension_paid_personally") | (C("employment_status") == "flexible"),
    "a subsidy has months": (C("ss_subsidy_this_month") == "none") == (C("subsidised_months") == 0),
    "first approval by the day": C("first_approved_on") <= TODAY,
    "first approval not before the month of the hire": C("first_approved_on").dt.month_start() >= C("hire_on").dt.month_start(),
    "no first approval without months": C("first_approved_on").is_null() | (C("subsidised_months") > 0),
    "a public post counts as one": ~C("on_public_post") | (C("public_post_times") >= 1),
    "quarter subsidy months are of that subsidy": (C("quarter_subsidy_months") == 0) | (C("ss_subsidy_this_month") == "ss_quarter"),
    "a certificate has its day": C("cert_on").is_null() | (C("cert_level") > 0),
    "certified as an adult": C("cert_on").is_between(years("birth", 17.9), TODAY),
    "a paid certificate is the best paid": (C("cert_paid_by") == "none") | (C("cert_best_paid_level") == C("cert_level")),
    "a subsidy of the year is for a certificate of the year": (C("skill_up_times_year") == 0) | (C("cert_on") >= date(2025, 1, 1)),
    "days of a course are of someone in it": (C("training_days") > 0) == C("in_training"),
    "a business is of the self-employed": ~C("business_registered") | (C("employment_status") == "self_employed"),
    "a business has its day": C("business_registered_on").is_null() | C("business_registered"),
    "business facts need a business": C("business_registered") | ~(C("business_first") | C("business_operating") | C("startup_once_received")),
    "a loan has a term": (C("loan_applied_fen") > 0) | C("loan_term_months").is_null(),
    "a platform worker has a number": C("gig_worker") == C("worker_id").is_not_null(),
    "orders are of platform workers": (C("gig_orders_month") == 0) | C("gig_worker"),
    "the pilot is for platform workers": ~C("gig_platform_pilot") | C("gig_worker"),
    "children do not work": (C("birth") < date(2009, 9, 1)) | C("employment_status").is_in(["student", "inactive"]),
    "who cannot work is not employed": C("work_able") | (C("employment_status") != "employed"),
    "who wants work can": ~C("job_search_willing") | C("work_able"),
    "registered people want work": ~(C("registered_unemployed") & (C("employment_status") == "unemployed")) | C("job_search_willing"),
    "a hire subsidy is for a hire": ~C("hire_once_received") | C("contract_signed"),
}


@pytest.mark.parametrize("rule", RULES, ids=RULES.keys())
def test_facts_of_a_person_agree(city, rule):
    second = city.truth["duplicates"]["id_b"].implode()  # second records carry planted errors
    people = city.tables["people"].filter(~C("person_id").is_in(second))
    broken = people.filter(~RULES[rule])
    assert broken.height == 0, broken.select("person_id", *set(RULES[rule].meta.root_names())).head(3)


@pytest.fixture(scope="module")
def months(tables):
    number = (C("month").dt.year() * 12 + C("month").dt.month()).alias("m")
    return tables["insurance_months"].with_columns(number)


def test_one_row_a_person_and_month_in_order(months):
    key = months.select("person_id", "month")
    assert key.n_unique() == key.height
    assert key.equals(key.sort("person_id", "month"))
    assert months["month"].n_unique() == 36
    assert months["month"].max() == date(2025, 8, 1)


def test_rows_begin_with_the_hire_and_reach_the_day(months, tables):
    here = months.filter(C("kind") == "employee").join(tables["people"].select("person_id", "hire_on", "firm_id"), on=["person_id", "firm_id"])
    hired = here.filter(C("hire_on").is_not_null()).group_by("person_id").agg(C("hire_on").first(), C("m").min(), last=C("m").max())
    hire_month = pl.col("hire_on").dt.year() * 12 + pl.col("hire_on").dt.month()
    window_start = 2022 * 12 + 9
    in_window = hired.filter(hire_month >= window_start, C("m") >= hire_month)
    assert in_window.height > 0.9 * hired.filter(hire_month >= window_start).height  # a few had worked for the same firm before
    assert in_window.filter(C("m") != hire_month).height == 0
    assert (hired["last"] == 2025 * 12 + 8).all()


def test_rows_are_part_of_all_months_and_all_of_them_for_newcomers(months, city):
    paid = months.filter(C("kind") == "employee").group_by("person_id").len("paid")
    people = city.tables["people"].filter(~C("person_id").is_in(city.truth["duplicates"]["id_b"].implode()))
    both = people.select("person_id", "birth", "ui_total_months").join(paid, on="person_id", how="left").with_columns(C("paid").fill_null(0))
    known = both.filter(C("ui_total_months").is_not_null())
    assert (known["paid"] <= known["ui_total_months"]).all()
    young = known.filter(C("birth") > date(2006, 9, 2))  # sixteen within the window
    assert young["ui_total_months"].sum() > 50
    assert (young["paid"] == young["ui_total_months"]).all()


def test_nobody_pays_as_an_employee_during_a_spell(months, tables):
    spells = tables["unemployment"].with_columns(C("ended_on").fill_null(date(2026, 1, 1)))
    both = months.filter(C("kind") == "employee").join(spells, on="person_id")
    inside = (C("month") > C("registered_on")) & (C("month").dt.month_end() < C("ended_on"))
    assert both.filter(inside).height == 0


def test_shares_of_the_month_add_up_to_what_was_paid(months, tables):
    now = months.filter(C("month") == date(2025, 8, 1)).join(tables["people"], on="person_id")
    known = now.filter(pl.all_horizontal(C("ss_personal_share_fen", "ss_employer_share_fen", "ss_paid_month_fen").is_not_null()))
    total = known["ss_personal_share_fen"] + known["ss_employer_share_fen"] + known["ss_paid_month_fen"]
    assert (total == known["paid_fen"]).all()


def test_a_spell_ended_with_the_hire_and_open_ones_are_of_the_registered(tables):
    both = tables["unemployment"].join(tables["people"], on="person_id")
    closed = both.filter(C("ended_on").is_not_null())
    assert (closed["ended_on"] == closed["hire_on"]).drop_nulls().all()
    assert (closed["ended_on"] > closed["registered_on"]).all()
    assert (both["registered_on"] == both["registered_unemployed_since"]).drop_nulls().all()
    still = both.filter(C("ended_on").is_null())
    assert set(still["employment_status"].drop_nulls().unique()) == {"unemployed"}
    assert still["registered_unemployed"].drop_nulls().all()


def test_households_share_dibao_and_certified_ones_have_no_one_at_work(city):
    people = city.tables["people"].join(city.tables["households"].select("household_id", home="dibao"), on="household_id")
    assert (people["dibao"] == people["home"]).drop_nulls().all()
    certified = people.filter(C("zero_employment_family"))["household_id"].unique().implode()
    assert certified.explode().len() > 20
    at_work = people.filter(C("household_id").is_in(certified))["employment_status"].drop_nulls()
    assert not at_work.is_in(["employed", "flexible", "self_employed"]).any()


def test_orders_of_the_month_hold_those_of_the_table(tables):
    count = tables["orders"].group_by("worker_id").len("seen")
    both = tables["people"].filter(C("gig_orders_month").is_not_null()).join(count, on="worker_id")
    assert (both["gig_orders_month"] >= both["seen"]).all()


def test_orders_run_forward_in_time(tables):
    orders = tables["orders"]
    assert (orders["created_at"] < orders["accepted_at"]).all()
    assert (orders["accepted_at"] < orders["done_at"]).all()
    local = orders["created_at"].dt.convert_time_zone("Asia/Shanghai").dt.date()
    assert (local.min(), local.max()) == (date(2025, 8, 18), ON)


def test_ads_are_posted_within_the_year_and_wages_have_two_ends(tables):
    jobs = tables["jobs"]
    assert jobs["posted_on"].is_between(date(2024, 9, 1), ON).all()
    assert (jobs["closed_on"] > jobs["posted_on"]).drop_nulls().all()
    assert jobs["closed_on"].max() <= ON
    assert (jobs["wage_min_fen"] < jobs["wage_max_fen"]).drop_nulls().all()
    assert jobs["wage_min_fen"].min() >= 208_000
    firms = jobs.join(tables["firms"].select("firm_id", "name"), on="firm_id")
    assert firms.filter(~pl.col("text").str.contains(pl.col("name"), literal=True)).height == 0


def test_seekers_asked_for_work(tables):
    both = tables["seekers"].join(tables["people"], on="person_id")
    assert both["job_search_willing"].drop_nulls().all()
    assert both["available_on"].min() >= ON
