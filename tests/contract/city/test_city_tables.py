"""Tables against the reference page, the fact sheet and each other."""

import os
import re
from pathlib import Path

import polars as pl
import pytest
import yaml

from leye.city.factsheet import fact_sheet
from leye.kernel.codes import current_regions, industries, occupations

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "reference" / "city.md"
SHARED = Path(os.environ.get("LEYE_SHARED", ROOT.parent / "shared")) / "data" / "policy" / "facts.yaml"
WORDS = {"Int64": "int", "UInt32": "int", "String": "text", "Boolean": "bool", "Date": "date", "Float64": "float"}
IDENTITY = ["household_id", "grid_id", "name", "phone", "address", "id_number", "occupation", "industry", "firm_id", "worker_id"]
KEYS = {
    "people": "person_id", "households": "household_id", "grids": "grid_id", "firms": "firm_id", "jobs": "job_id", "seekers": "person_id",
    "workers": "worker_id", "orders": "order_id", "posts": "post_id", "indicator_keys": "unique_id",
}  # fmt: skip
LINKS = [
    ("people", "household_id", "households", "household_id"), ("people", "grid_id", "grids", "grid_id"), ("people", "firm_id", "firms", "firm_id"),
    ("people", "worker_id", "workers", "worker_id"), ("households", "grid_id", "grids", "grid_id"), ("jobs", "firm_id", "firms", "firm_id"),
    ("seekers", "person_id", "people", "person_id"), ("unemployment", "person_id", "people", "person_id"),
    ("insurance_months", "person_id", "people", "person_id"), ("insurance_months", "firm_id", "firms", "firm_id"),
    ("workers", "person_id", "people", "person_id"), ("orders", "worker_id", "workers", "worker_id"),
    ("indicators", "unique_id", "indicator_keys", "unique_id"), ("indicator_keys", "parent", "indicator_keys", "unique_id"),
]  # fmt: skip


def on_the_page() -> dict[str, dict[str, str]]:
    parts = re.split(r"^### ", PAGE.read_text(encoding="utf-8").split("\n## Plants")[0], flags=re.M)[1:]
    return {p.split("\n")[0].strip(): dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", p, re.M)) for p in parts}


def word_of(dtype: pl.DataType) -> str:
    return "instant" if dtype == pl.Datetime("us", "UTC") else WORDS[str(dtype)]


def test_the_page_lists_every_table_column_and_type(city):
    tables = city.tables | {f"truth/{name}": frame for name, frame in city.truth.items()}
    assert on_the_page() == {name: {c: word_of(t) for c, t in frame.schema.items()} for name, frame in tables.items()}


def test_the_page_lists_every_plant_with_its_size(city):
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| .+? \| ([−+0-9.]+)(?: times)? \|$", PAGE.read_text(encoding="utf-8"), re.M)
    assert {(i, k, float(s.replace("−", "-"))) for i, k, s in rows} == {(p["id"], p["kind"], p["size"]) for p in city.plants}


@pytest.mark.skipif(not SHARED.exists(), reason=f"the development fact sheet is not at {SHARED}")
def test_the_fact_sheet_agrees_with_the_policy_fact_sheet():
    theirs = yaml.safe_load(SHARED.read_text(encoding="utf-8"))["facts"]
    ours = fact_sheet()
    assert [f["id"] for f in theirs] == list(ours)
    for fact in theirs:
        own, allowed = ours[fact["id"]], fact["allowed"]
        assert (fact["zh"], fact["type"], fact["about"], fact["kind"]) == (own.zh, own.type, own.about, own.kind)
        if isinstance(allowed, list):
            assert [str(a).lower() if isinstance(a, bool) else str(a) for a in allowed] == list(own.allowed)
        elif ".." in allowed:
            assert allowed.split("..") == list(own.allowed)


def test_people_are_the_facts_in_order_then_who_they_are(tables):
    facts = fact_sheet()
    assert len(facts) == 96
    assert tables["people"].columns == [*facts, *IDENTITY]
    types = {"int": pl.Int64, "fen": pl.Int64, "bool": pl.Boolean, "date": pl.Date, "enum": pl.String, "text": pl.String}
    assert all(tables["people"].schema[name] == types[fact.type] for name, fact in facts.items())


def test_every_value_is_allowed(tables):
    people = tables["people"]
    for name, fact in fact_sheet().items():
        known = people[name].drop_nulls()
        assert known.len() > 0 or name == "rural_lump_received", name
        if fact.is_range:
            low, high = (pl.Series([b]).str.to_date()[0] if fact.type == "date" else int(b) for b in fact.allowed)
            assert known.is_between(low, high).all(), name
        elif fact.type in ("enum", "int"):
            assert set(known.cast(pl.String).unique()) <= set(fact.allowed), name


def test_region_is_a_prefix_form_of_a_district(tables):
    assert set(tables["people"]["region"].unique()) == {"CN-440604", "CN-440605", "CN-440606", "CN-440607", "CN-440608"}
    for name in ("households", "grids", "firms", "jobs", "unemployment", "posts"):
        assert set(tables[name]["region"].unique()) <= current_regions().keys(), name


def test_about_two_percent_of_a_fact_is_unknown_and_no_key(tables):
    people = tables["people"]
    applies_to_all = [f.id for f in fact_sheet().values() if f.type == "bool" and f.about != "firm"]
    assert len(applies_to_all) > 30
    for name in applies_to_all:
        assert 0.015 < people[name].null_count() / people.height < 0.026, name
    assert people.select("person_id", "region", "household_id", "grid_id").null_count().sum_horizontal()[0] == 0


@pytest.mark.parametrize(("table", "key"), KEYS.items())
def test_keys_are_unique_and_rows_stand_in_their_order(tables, table, key):
    assert tables[table][key].n_unique() == tables[table].height
    assert tables[table][key].is_sorted()


def test_ids_are_a_letter_and_eight_digits(tables):
    for table, key in KEYS.items():
        if key != "unique_id":
            assert tables[table][key].str.contains(r"^[PHGFJWOT]\d{8}$").all()


@pytest.mark.parametrize(("table", "column", "other", "key"), LINKS, ids=[f"{a}.{b}" for a, b, _, _ in LINKS])
def test_nothing_points_nowhere(tables, table, column, other, key):
    assert tables[table][column].drop_nulls().is_in(tables[other][key].implode()).all()


def test_people_live_in_the_grid_and_district_of_their_household(tables):
    homes = tables["people"].join(tables["households"], on="household_id", suffix="_home")
    assert (homes["grid_id"] == homes["grid_id_home"]).all()
    assert (homes["region"].str.tail(6) == homes["region_home"]).all()


def test_codes_are_real(tables):
    for table in ("people", "jobs"):
        assert set(tables[table]["occupation"].drop_nulls().unique()) <= {c for c, o in occupations().items() if o.level == 4}
        assert set(tables[table]["industry"].drop_nulls().unique()) <= {c for c, i in industries().items() if i.level == 2}
    assert set(tables["seekers"]["wanted_occupation"].unique()) <= occupations().keys()


def test_firm_facts_are_those_of_the_employer(tables):
    names = [f.id for f in fact_sheet().values() if f.about == "firm"]
    both = tables["people"].join(tables["firms"], on="firm_id", suffix="_of_firm")
    for name in names:
        assert (both[name] == both[f"{name}_of_firm"]).drop_nulls().all(), name
        assert tables["people"].filter(pl.col("firm_id").is_null())[name].null_count() == tables["people"]["firm_id"].null_count()
    assert (both["industry"] == both["industry_of_firm"]).all()


def test_names_and_ads_are_not_repeated(tables):
    assert tables["firms"]["name"].n_unique() == tables["firms"].height
    assert tables["firms"]["org_id"].n_unique() == tables["firms"].height
    assert tables["jobs"]["text"].value_counts()["count"].max() <= 0.005 * tables["jobs"].height
    assert tables["jobs"]["title"].n_unique() > 300
    assert tables["seekers"]["text"].n_unique() > 0.95 * tables["seekers"].height


def test_forbidden_wording_stands_only_where_the_truth_says(city):
    jobs, barred = city.tables["jobs"], city.truth["discriminatory_ads"]
    found = jobs.filter(pl.any_horizontal(*(pl.col("text").str.contains(p, literal=True) for p in barred["phrase"].unique().sort())))
    assert set(found["job_id"]) == set(barred["job_id"])
    assert barred["ground"].n_unique() == 6


def test_second_records_repeat_people_with_errors(city):
    people, pairs = city.tables["people"], city.truth["duplicates"]
    first, second = (people.join(pairs, left_on="person_id", right_on=k).sort("id_a" if k == "id_b" else "person_id") for k in ("id_a", "id_b"))
    assert first["person_id"].to_list() == second["id_a"].to_list()
    differs = [(first[c] != second[c]).fill_null(False) for c in ("name", "phone", "birth")]
    assert all(d.any() for d in differs)
    assert (differs[0] | differs[1] | differs[2]).all()
    assert (first["address"] == second["address"]).all()
    keeps = second["id_number"].is_not_null()
    assert 0.2 < keeps.mean() < 0.6
    assert (first.filter(keeps)["id_number"] == second.filter(keeps)["id_number"]).all()
    assert second.select("firm_id", "worker_id").null_count().row(0) == (pairs.height, pairs.height)
