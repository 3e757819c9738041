"""Regional packs: every value dated, sourced and possible, one a day and place, and every figure of the development sheet accounted for."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from leye.packs import open_pack
from leye.policy.bind import bind
from leye.policy.cases import run
from leye.policy.lookup import covers, value_of
from leye.policy.pack import STATUSES, ParameterValue, SeenFigure
from leye.policy.read_pack import load, shipped, shipped_regions
from leye.policy.scalar import Evaluator

SHARED = Path(os.environ.get("LEYE_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "policy" / "regional_parameters.yaml"
REGIONS = shipped_regions()
LEAST = ["cn-11", "cn-31", "cn-33", "cn-44", "cn-50", "cn-51"]
SHARES = {
    "local_ui_share",
    "local_ui_base_share",
    "local_heat_wage_share",
    "local_internship_share",
    "local_public_post_share",
    "local_ss_flex_share",
}
FAR = date(9999, 12, 31)


def values() -> list[tuple[str, ParameterValue]]:
    """(name, value) of every shipped value."""
    return [(name, value) for name, parameter in shipped().parameters.items() for value in parameter.values]


def figures() -> list[SeenFigure]:
    return [figure for pack in shipped().packs for figure in pack.seen]


def known_codes() -> set[str]:
    with open_pack("codes/regions.csv").open(encoding="utf-8") as file:
        return {row["code"] for row in csv.DictReader(file)}


def six_digits(region: str) -> str:
    return region.removeprefix("CN-").ljust(6, "0")


def test_the_six_promised_places_are_there() -> None:
    assert set(LEAST) <= set(REGIONS) and len(REGIONS) >= 30


@pytest.mark.parametrize("name", REGIONS)
def test_a_pack_reads_with_the_national_one_alone_and_its_cases_hold(name: str) -> None:
    packs = load([name])
    assert [p.id for p in packs.packs] == ["cn", name]
    assert packs.packs[1].region == name.replace("cn", "CN") and packs.packs[1].name_zh and packs.packs[1].name_en
    report = run(packs, only=[name])
    assert report.failures == ()
    assert report.cases >= 3, "a pack shows what it does by three cases at least"


def test_every_value_is_dated_and_sourced() -> None:
    for name, value in values():
        where = f"{value.place} {name} {value.region}"
        assert value.start > date.min, f"{where}: no first day"
        assert value.end is None or value.start <= value.end, where
        assert value.status in STATUSES and value.dates in STATUSES, where
        assert value.ref and value.src in ("official", "press", "repost", "mirror"), where
        assert (value.seen_at == "") == (value.src == "mirror"), f"{where}: a mirror is never linked, any other page is"
        assert (value.src == "mirror") == ("见于转载" in value.note_zh), where
        assert (value.value is None) == (value.formula is not None), where


def test_every_value_lies_in_the_allowed_range() -> None:
    packs = shipped()
    for name, value in values():
        if value.value is None:
            continue
        if name in packs.facts.facts:
            assert packs.facts[name].check(value.value) == value.value, f"{name} {value.region}"
        else:
            low, high = packs.parameters[name].low, packs.parameters[name].high
            assert low is not None and high is not None and low <= value.value <= high, f"{name} {value.region}"


def test_a_parameter_means_the_same_in_every_pack() -> None:
    meaning: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
    for name in REGIONS:
        document = yaml.load(open_pack(f"{name}/parameters.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
        for parameter, found in document["parameters"].items():
            meaning[parameter].add(tuple(found.get(key, "") for key in ("unit", "zh", "min", "max")))
    assert {name: found for name, found in meaning.items() if len(found) > 1} == {}


def test_one_value_a_place_policy_and_day() -> None:
    rows: dict[tuple[str, str, str], list[ParameterValue]] = defaultdict(list)
    for name, value in values():
        rows[name, value.region, value.policy].append(value)
    for key, found in rows.items():
        found.sort(key=lambda v: v.start)
        assert all((a.end or FAR) < b.start for a, b in pairwise(found)), f"two values on one day: {key}"
        assert not (key[2] and (key[0], key[1], "") in rows), f"a value for one policy beside one for all: {key}"


def test_every_place_exists_and_lies_in_its_pack() -> None:
    codes = known_codes()
    at = {pack.folder.name: pack.region for pack in shipped().packs}
    for place in [v for _, v in values()] + figures():
        assert six_digits(place.region) in codes, place.region
        assert covers(at[str(place.place.file).split("/")[0]], place.region), f"{place.place}: {place.region} lies in another pack"


def test_figures_without_a_single_value_say_why_and_are_never_evaluated() -> None:
    valued = {(n, v.region, v.value, v.policy) for n, v in values()}
    for figure in figures():
        assert figure.why_zh and figure.ref and figure.status in STATUSES
        assert (figure.seen_at == "") == (figure.src == "mirror")
        assert (figure.parameter, figure.region, figure.value, figure.policy) not in valued
        assert figure.unit == "pct" if figure.parameter in SHARES else figure.unit.startswith("fen")


def test_notes_name_a_policy_and_say_both_languages() -> None:
    known = set(shipped().policies)
    for pack in shipped().packs[1:]:
        for policy, note in pack.notes:
            assert policy in known, f"{pack.id}: {policy}"
            assert note.zh and note.en and note.source and note.grade in ("A", "B", "C"), f"{pack.id}: {policy}"


DAY = date(2025, 8, 31)
ANSWERS = [
    ("local_min_wage_fen", "CN-110105", date(2025, 8, 31), "", 242_000, "the old floor on its last day"),
    ("local_min_wage_fen", "CN-110105", date(2025, 9, 1), "", 254_000, "the new floor on its first day"),
    ("local_min_wage_fen", "CN-110105", date(2023, 8, 31), "", None, "nothing seen before the first day"),
    ("local_min_wage_fen", "CN", DAY, "", None, "the nation has no floor of its own"),
    ("local_min_wage_fen", "CN-44", DAY, "", None, "a province with tiers has no single floor"),
    ("local_min_wage_fen", "CN-440305", DAY, "", 252_000, "a district stands under its city"),
    ("local_min_wage_fen", "CN-500229", DAY, "", 220_000, "second tier by name"),
    ("local_min_wage_fen", "CN-500112", DAY, "", 233_000, "everything else is first tier, old codes too"),
    ("local_min_wage_fen", "CN-500157", date(2026, 4, 1), "", 233_000, "a district made in 2026"),
    ("local_min_wage_fen", "CN-5001", DAY, "", None, "no prefix of districts of two tiers"),
    ("local_min_wage_fen", "CN-510185", DAY, "", 220_000, "Jianyang is second tier"),
    ("local_min_wage_fen", "CN-330122", DAY, "", None, "Tonglu sets its own"),
    ("local_min_wage_fen", "CN-370283", date(2025, 10, 1), "", None, "Pingdu's tier in the new list was not seen"),
    ("local_min_wage_fen", "CN-420116", DAY, "", None, "Huangpi's tier was not seen"),
    ("local_ui_benefit_fen", "CN-500229", date(2025, 12, 31), "", 209_700, "four counties at 90 percent"),
    ("local_ui_benefit_fen", "CN-500229", date(2026, 1, 1), "", 186_400, "then as the whole city"),
    ("local_ui_benefit_fen", "CN-310101", date(2024, 6, 30), "ui_older_continue", 151_000, "the prolonged rate is another"),
    ("local_dibao_fen", "CN-510129", date(2025, 12, 31), "", 95_000, "tiers until the end of 2025"),
    ("local_dibao_fen", "CN-510129", date(2026, 1, 1), "", 112_000, "then one for the city"),
    ("local_dibao_fen", "CN-3301", date(2025, 1, 22), "", 125_900, "a change on the 23rd"),
    ("local_dibao_fen", "CN-3301", date(2025, 1, 23), "", 130_100, "a change on the 23rd, first day"),
    ("local_subsidy_fen", "CN-310104", DAY, "startup_once", 800_000, "for its policy"),
    ("local_subsidy_fen", "CN-310104", DAY, "hire_once", None, "never for another policy"),
    ("local_subsidy_fen", "CN-310104", DAY, "", None, "never without a policy"),
    ("local_gig_injury_pilot", "CN-32", date(2025, 6, 30), "", 1, "one of the first seven"),
    ("local_gig_injury_pilot", "CN-33", date(2025, 6, 30), "", None, "not yet"),
    ("local_gig_injury_pilot", "CN-33", date(2025, 7, 1), "", 1, "one of the ten that followed"),
]


@pytest.mark.parametrize(("name", "region", "on", "policy", "expected", "why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_answers(name: str, region: str, on: date, policy: str, expected: int | None, why: str) -> None:
    found = value_of(shipped(), name, region, on, policy)
    assert (None if found is None else found.value) == expected


def benefit(region: str, on: date, **facts: Any) -> tuple[int | None, tuple[str, ...]]:
    """Unemployment benefit of someone with four and a half years paid, unless said otherwise."""
    packs = shipped()
    person = dict.fromkeys(packs.facts.facts) | {
        "registered_unemployed": True, "job_search_willing": True, "left_job_reason": "contract_end", "ui_contribution_months": 54,
        "ui_unused_months": 0, "ui_claimed_months": 0, "sex": "M", "birth": date(1985, 5, 1), "region": region,
    } | facts  # fmt: skip
    evaluator = Evaluator(bind(packs, on, region))
    answer = evaluator.answer(evaluator.env(person), "ui_benefit")
    return answer.amount_fen, answer.missing


BANDS = [
    (59, 0, 212_900), (60, 0, 215_600), (119, 0, 215_600), (120, 0, 218_800), (179, 0, 218_800), (180, 0, 221_500), (239, 0, 221_500),
    (240, 0, 228_600), (240, 11, 228_600), (240, 12, 212_900),
]  # fmt: skip


@pytest.mark.parametrize(("paid", "claimed", "fen"), BANDS)
def test_beijing_pays_by_years_paid_and_from_month_13_the_first_band(paid: int, claimed: int, fen: int) -> None:
    assert benefit("CN-110105", date(2025, 9, 15), ui_contribution_months=paid, ui_claimed_months=claimed) == (fen, ())


def test_a_share_of_an_unknown_floor_is_unknown_and_says_what_to_ask() -> None:
    amount, missing = benefit("CN-3302", DAY)
    assert amount is None and "local_min_wage_fen" in missing
    assert benefit("CN-3302", DAY, local_min_wage_fen=226_000) == (203_400, ())
    assert benefit("CN-3302", DAY, local_min_wage_fen=226_000, local_ui_benefit_fen=200_000) == (200_000, ()), "the row wins over the formula"


def test_a_share_gives_the_amounts_that_the_notices_list_by_tier() -> None:
    """Shaanxi 2026 and Hubei list benefit and floor by tier; the formula of the pack gives the same to the fen."""
    seen = {(f.region, f.parameter, f.tier, f.start): f.value for f in figures() if f.region in ("CN-61", "CN-42") and f.tier}
    for region, on, wage_from, benefit_from in (
        ("CN-61", date(2026, 1, 15), date(2026, 1, 1), date(2026, 1, 1)),
        ("CN-42", DAY, date(2024, 2, 1), None),
    ):
        for tier in (1, 2, 3):
            wage = seen[region, "local_min_wage_fen", tier, wage_from]
            assert benefit(region, on, local_min_wage_fen=wage) == (seen[region, "local_ui_benefit_fen", tier, benefit_from], ())


# ---- against the development sheet
def sheet() -> list[dict[str, Any]]:
    return yaml.safe_load(SHARED.read_text(encoding="utf-8"))


def whole(row: dict[str, Any]) -> int:
    return round(row["value"] * 100) if row["parameter"] in SHARES else int(row["value"])


def shipped_as(row: dict[str, Any]) -> Iterator[str]:
    """Where a row of the sheet went: a value of the place or its districts, a number in a formula, or a figure under `seen`."""
    number, policy = whole(row), row.get("policy", "")
    for value in shipped().parameters[row["parameter"]].values if row["parameter"] in shipped().parameters else ():
        if not covers(row["region"], value.region) or value.status != row["status"] or row["from"] not in (None, value.start):
            continue
        told_apart = "who" in row and value.policy.startswith("ui_")  # the prolonged rate of Shanghai is that of a policy of its own
        if value.value == number and value.end == row["to"] and (value.policy in ("", policy) or told_apart):
            yield "value"
        elif str(number) in value.formula_text:
            yield "formula"
    for figure in figures():
        same = (figure.parameter, figure.region, figure.value, figure.tier, figure.policy, figure.start, figure.end, figure.status)
        told = (bool(figure.who), bool(figure.season), figure.bound)
        wanted = (row["parameter"], row["region"], number, row.get("tier"), policy, row["from"], row["to"], row["status"])
        if same == wanted and told == ("who" in row, "season" in row, row.get("bound", "")):
            yield "seen"


@pytest.mark.skipif(not SHARED.exists(), reason="the development data lie outside the repository; set LEYE_SHARED")
def test_every_row_of_the_sheet_has_its_place() -> None:
    rows = sheet()
    assert len(rows) == 374
    assert [(r["parameter"], r["region"], r["value"], str(r["from"])) for r in rows if not list(shipped_as(r))] == []


@pytest.mark.skipif(not SHARED.exists(), reason="the development data lie outside the repository; set LEYE_SHARED")
def test_no_number_is_shipped_that_the_sheet_does_not_hold() -> None:
    held: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in sheet():
        held[row["parameter"]].append((row["region"], whole(row)))
    for name, value in values():
        if value.value is not None:
            assert any(number == value.value and covers(region, value.region) for region, number in held[name]), (
                f"{name} {value.region} {value.value}"
            )
    for figure in figures():
        assert (figure.region, figure.value) in held[figure.parameter], f"{figure.parameter} {figure.region}"


@pytest.mark.skipif(not SHARED.exists(), reason="the development data lie outside the repository; set LEYE_SHARED")
def test_a_region_with_several_values_never_ships_one_of_them_for_all() -> None:
    """The trap of the sheet: the first row of a tier taken for the whole place. Places named to be of one tier are the exception."""
    one_tier = {r["region"] for r in sheet() if r["region"].startswith("CN-44") or r["region"] == "CN-3205"}
    for row in sheet():
        if row["region"] in one_tier or not {"tier", "who", "season", "bound"} & set(row):
            continue
        for name, value in values():
            single = name == row["parameter"] and value.region == row["region"] and value.value == whole(row)
            assert not single or value.policy.startswith("ui_older"), f"{name} {value.region} {value.value}"


@pytest.mark.skipif(not SHARED.exists(), reason="the development data lie outside the repository; set LEYE_SHARED")
def test_addresses_are_those_of_the_sheet_and_never_a_mirror() -> None:
    mirrors = {r["seen_at"] for r in sheet() if r["src"] == "mirror"}
    pages = {r["seen_at"] for r in sheet()} - mirrors
    for place in [v for _, v in values()] + figures():
        assert place.seen_at in pages | {""}
    text = "".join(open_pack(f"{name}/{file}").read_text(encoding="utf-8") for name in REGIONS for file in ("pack.yaml", "parameters.yaml"))
    assert [m for m in mirrors if m in text] == []
