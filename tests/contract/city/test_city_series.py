"""Indicators: the forest adds up, and its last month says what the tables say."""

from datetime import date

import polars as pl

C = pl.col
LAST = date(2025, 8, 1)


def values(tables, indicator, **where):
    both = tables["indicators"].join(tables["indicator_keys"].filter(C("indicator") == indicator), on="unique_id")
    return both.filter(*(C(k) == v for k, v in where.items()))


def test_sixty_months_of_every_series_end_with_the_month_of_the_day(tables):
    spans = tables["indicators"].group_by("unique_id").agg(C("ds").n_unique().alias("n"), C("ds").min().alias("a"), C("ds").max().alias("b"))
    assert spans.select("n", "a", "b").unique().rows() == [(60, date(2020, 9, 1), LAST)]


def test_parents_are_the_exact_sums_of_their_children(tables):
    both = tables["indicators"].join(tables["indicator_keys"].select("unique_id", "parent"), on="unique_id")
    sums = both.filter(C("parent").is_not_null()).group_by("parent", "ds").agg(C("y").sum().alias("sum"))
    parents = sums.join(tables["indicators"], left_on=["parent", "ds"], right_on=["unique_id", "ds"])
    assert parents.height == sums.height > 0
    assert (parents["sum"] == parents["y"]).all()


def test_only_roots_have_no_parent_and_each_indicator_has_one(tables):
    roots = tables["indicator_keys"].filter(C("parent").is_null())
    assert sorted(roots["unique_id"]) == sorted(
        f"{i}/440600/all/all/all"
        for i in ("insured", "postings", "postings_occ", "registered", "claims", "leaving", "calls", "gig_orders", "jobless_rate")
    )


def test_ids_are_made_of_their_parts(tables):
    keys = tables["indicator_keys"]
    made = keys.select(pl.concat_str("indicator", "region", "industry", "occupation", "grp", separator="/"))
    assert (made.to_series() == keys["unique_id"]).all()
    h = keys.filter(C("unique_id") == "postings/440605/H/all/all").row(0, named=True)
    assert (h["parent"], h["unit"], h["calm_direction"]) == ("postings/440600/H/all/all", "post", "down")
    assert h["title_zh"] == "南海区·住宿和餐饮业·招聘岗位数"
    occupation = keys.filter(C("unique_id") == "postings_occ/440600/all/4030000/all").row(0, named=True)
    assert occupation["parent"] == "postings_occ/440600/all/4000000/all"
    assert keys["title_zh"].n_unique() == keys["title_en"].n_unique() == keys.height


def test_counts_are_whole_and_not_negative_and_rates_are_shares(tables):
    both = tables["indicators"].join(tables["indicator_keys"], on="unique_id")
    counts = both.filter(C("indicator") != "jobless_rate")["y"]
    assert (counts == counts.round()).all()
    assert counts.min() >= 0


def test_insured_of_the_last_month_are_the_rows_of_the_last_month(tables):
    now = tables["insurance_months"].filter(C("month") == LAST, C("kind") == "employee").join(tables["firms"], on="firm_id")
    rows = now.group_by("region", industry=C("industry").str.head(1)).len("rows")
    shown = values(tables, "insured", ds=LAST).filter(C("region") != "440600")
    both = shown.join(rows, on=["region", "industry"], how="left").with_columns(C("rows").fill_null(0))
    assert both.height == 95
    assert (both["rows"] == both["y"]).all()
    staff = tables["firms"]["staff"].sum()
    assert values(tables, "insured", ds=LAST, region="440600", industry="all")["y"].to_list() == [staff] == [now.height]


def test_registered_of_the_last_month_are_the_open_spells(tables):
    rows = tables["unemployment"].filter(C("ended_on").is_null()).group_by("region", "grp").len("rows")
    shown = values(tables, "registered", ds=LAST).filter(C("region") != "440600")
    both = shown.join(rows, on=["region", "grp"], how="left").with_columns(C("rows").fill_null(0))
    assert both.height == 40
    assert (both["rows"] == both["y"]).all()


def test_postings_of_the_last_year_are_the_heads_of_the_ads(tables):
    ads = tables["jobs"].with_columns(
        ds=C("posted_on").dt.month_start(), section=C("industry").str.head(1), middle=C("occupation").str.head(3) + "0000"
    )
    shown = values(tables, "postings").filter(C("ds") >= date(2024, 9, 1), C("region") != "440600")
    by_section = ads.group_by("ds", "region", industry=C("section")).agg(heads=C("headcount").sum())
    both = shown.join(by_section, on=["ds", "region", "industry"], how="left").with_columns(C("heads").fill_null(0))
    assert (both["heads"] == both["y"]).all()
    shown = values(tables, "postings_occ").filter(C("ds") >= date(2024, 9, 1), ~C("occupation").str.ends_with("000000"), C("occupation") != "all")
    by_group = ads.group_by("ds", occupation=C("middle")).agg(heads=C("headcount").sum())
    both = shown.join(by_group, on=["ds", "occupation"], how="left").with_columns(C("heads").fill_null(0))
    assert (both["heads"] == both["y"]).all()
    roots = [values(tables, i).filter(C("unique_id") == f"{i}/440600/all/all/all")["y"].to_list() for i in ("postings", "postings_occ")]
    assert roots[0] == roots[1]


def test_claims_orders_and_rate_of_the_last_month_are_those_of_the_people(tables):
    people = tables["people"]
    claims = values(tables, "claims", ds=LAST, region="440600")["y"].item()
    seen = people["ui_claiming"].sum()
    assert seen <= claims <= seen / 0.94 + 3  # about two in a hundred are unknown
    orders = values(tables, "gig_orders", ds=LAST, grp="all")["y"].item()
    assert 0.95 * orders < people["gig_orders_month"].sum() / 0.98 < 1.05 * orders
    status = dict(people["employment_status"].value_counts().iter_rows())
    force = sum(status[s] for s in ("employed", "flexible", "self_employed", "unemployed"))
    assert abs(values(tables, "jobless_rate", ds=LAST)["y"].item() - status["unemployed"] / force) < 0.003
