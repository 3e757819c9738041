"""Every planted size is found again in the tables by a plain estimate, for several seeds."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from leye.city.build import build_city

C = pl.col
ON = date(2025, 8, 31)
SECTIONS = list("ABCDEFGHIJKLMNOPQRS")
OTHERS = [s for s in SECTIONS if s != "H"]
DISTRICTS = ["440604", "440605", "440606", "440607", "440608"]


@pytest.fixture(scope="module", params=[7, 1, 2])
def planted(request, city):
    return city if request.param == 7 else build_city(20_000, seed=request.param, on=ON)


def size(city, name: str) -> float:
    return next(p["size"] for p in city.plants if p["id"] == name)


def total(city, indicator: str, **where) -> np.ndarray:
    """(60,) sum of the leaves of an indicator that fit."""
    keys = city.tables["indicator_keys"].filter(C("indicator") == indicator, *(C(k).is_in(v) for k, v in where.items()))
    rows = city.tables["indicators"].join(keys.select("unique_id"), on="unique_id")
    return rows.group_by("ds").agg(C("y").sum()).sort("ds")["y"].to_numpy()


def growth(y: np.ndarray, months: int, end: int = 60) -> float:
    """Log growth of the months before `end` on the same months a year earlier, so that season and festival fall out."""
    return float(np.log(y[end - months : end].sum() / y[end - months - 12 : end - 12].sum()))


def test_postings_of_hotels_fall(planted):
    hotels, rest = total(planted, "postings", industry=["H"]), total(planted, "postings", industry=OTHERS)
    trend = growth(hotels, 12, 54) - growth(rest, 12, 54)
    assert np.expm1(growth(hotels, 6) - growth(rest, 6) - trend) == pytest.approx(size(planted, "shock_postings_h"), abs=0.05)


def test_postings_fall_in_every_district(planted):
    for district in DISTRICTS[:4]:  # the smallest has a dozen posts a month
        hotels = total(planted, "postings", industry=["H"], region=[district])
        rest = total(planted, "postings", industry=OTHERS, region=[district])
        assert np.expm1(growth(hotels, 6) - growth(rest, 6)) == pytest.approx(-0.35, abs=0.12)


def test_insured_of_hotels_follow(planted):
    hotels, rest = total(planted, "insured", industry=["H"]), total(planted, "insured", industry=OTHERS)
    assert (hotels[-1] / hotels[-5]) / (rest[-1] / rest[-5]) - 1 == pytest.approx(size(planted, "shock_insured_h"), abs=0.03)
    assert hotels[-5] > hotels[-4] > hotels[-3] > hotels[-1]


def test_more_leave_hotels(planted):
    hotels, rest = total(planted, "leaving", industry=["H"]), total(planted, "leaving", industry=OTHERS)
    assert np.expm1(growth(hotels, 4) - growth(rest, 4)) == pytest.approx(size(planted, "shock_leaving_h"), abs=0.16)


def test_claims_rise(planted):
    claims = total(planted, "claims", region=DISTRICTS)
    assert np.expm1(growth(claims, 4) - growth(claims, 12, 56)) == pytest.approx(size(planted, "shock_claims"), abs=0.07)


def effect(city, group: str, treated: list[str], months: int) -> float:
    """Difference in differences of log means: the stretch against the two years before it, treated against the other districts."""

    def change(regions: list[str]) -> float:
        y = total(city, "registered", grp=[group], region=regions)
        return float(np.log(y[-months:].mean() / y[-months - 24 : -months].mean()))

    return float(np.expm1(change(treated) - change([d for d in DISTRICTS if d not in treated])))


def test_trainee_scheme_works(planted):
    assert effect(planted, "graduates", ["440605", "440607"], 12) == pytest.approx(size(planted, "effect_graduates"), abs=0.06)


def test_voucher_does_nothing(planted):
    assert effect(planted, "migrant_workers", ["440606"], 10) == pytest.approx(size(planted, "placebo_migrants"), abs=0.06)


def test_the_older_find_work_more_slowly(planted):
    born = next(p["where"]["people.birth"] for p in planted.plants if p["id"] == "hazard_older").removeprefix("<= ")
    spells = planted.tables["unemployment"].join(planted.tables["people"].filter(C("birth").is_not_null()), on="person_id")
    days = (C("ended_on").fill_null(ON) - C("registered_on")).dt.total_days()
    rates = spells.group_by(older=C("birth") <= date.fromisoformat(born)).agg(rate=C("ended_on").count() / days.sum())
    hazard = dict(rates.iter_rows())
    assert hazard[True] / hazard[False] == pytest.approx(size(planted, "hazard_older"), abs=0.09)
    assert hazard[False] * 365.2425 / 12 == pytest.approx(0.11, abs=0.015)


def test_the_dispatcher_is_unfair_to_women(planted):
    t = planted.tables
    orders = (
        t["orders"].join(t["workers"].select("worker_id", "person_id"), on="worker_id").join(t["people"].select("person_id", "sex"), on="person_id")
    )
    wait = (C("accepted_at") - C("created_at")).dt.total_seconds().mean()
    by_sex = {sex: (w, p) for sex, w, p in orders.group_by("sex").agg(wait.alias("w"), (C("tier") == "premium").mean().alias("p")).iter_rows()}
    assert by_sex["F"][0] / by_sex["M"][0] - 1 == pytest.approx(size(planted, "dispatch_wait"), abs=0.05)
    assert by_sex["F"][1] / by_sex["M"][1] - 1 == pytest.approx(size(planted, "dispatch_premium"), abs=0.06)


def test_premium_orders_pay_better_within_a_platform(planted):
    pay = planted.tables["orders"].group_by("platform", "tier").agg(C("pay_fen").mean()).pivot("tier", index="platform", values="pay_fen")
    assert (pay["premium"] / pay["standard"]).is_between(1.7, 2.1).all()


def test_the_rumour_surges_in_its_window(planted):
    plant = next(p for p in planted.plants if p["id"] == "rumour")
    told = planted.tables["posts"].filter(C("text").str.contains(plant["where"]["text_contains"], literal=True))
    day = told["at"].dt.convert_time_zone("Asia/Shanghai").dt.date()
    window = day.is_between(date.fromisoformat(plant["from"]), date.fromisoformat(plant["to"]))
    assert (window.sum() / 7) / ((~window).sum() / 83) == pytest.approx(plant["size"], rel=0.15)


def test_shares_of_second_records_and_forbidden_ads(planted):
    t = planted.tables
    assert planted.truth["duplicates"].height / t["people"].height == pytest.approx(size(planted, "second_records"), abs=0.0005)
    assert planted.truth["discriminatory_ads"].height / t["jobs"].height == pytest.approx(size(planted, "forbidden_ads"), abs=0.001)


def test_plants_are_written_in_the_form_of_the_design(planted):
    kinds = {"shock", "effect", "no_effect", "bias", "duplicate", "surge", "hazard"}
    assert {p["kind"] for p in planted.plants} == kinds
    for plant in planted.plants:
        assert set(plant) >= {"id", "kind", "table", "where", "from", "to", "size", "unit"}
        assert plant["table"] in planted.tables
        assert date.fromisoformat(plant["from"]) <= date.fromisoformat(plant["to"]) == (date(2025, 8, 28) if plant["id"] == "rumour" else ON)


@pytest.mark.parametrize(("plant", "leaves"), [("festival_home", True), ("festival_return", False)])
def test_migrant_workers_go_home_before_the_festival_and_come_back(planted, plant, leaves):
    """Poisson regression by hand: log of all moves of the way against the share of each month's days in the planted window."""
    told = next(p for p in planted.plants if p["id"] == plant)
    low, high = told["where"]["days_from_new_year"]
    rows = planted.tables["moves"].filter(
        C("grp") == "migrant_workers", C("origin").is_in(told["where"]["origin"]), C("dest").is_in(told["where"]["dest"])
    )
    monthly = rows.group_by("month").agg(C("n").sum()).sort("month")
    new_years = [date.fromisoformat(y) for y in told["where"]["new_years"]]
    share = np.array([
        np.mean([any(low <= (date(m.year, m.month, d) - y).days <= high for y in new_years) for d in range(1, 1 + days)])
        for m, days in zip(monthly["month"], monthly["month"].dt.month_end().dt.day(), strict=True)
    ])  # fmt: skip
    x = np.stack([np.ones(len(share)), share, np.arange(len(share))], axis=1)
    slope = np.linalg.lstsq(x, np.log(monthly["n"].to_numpy()), rcond=None)[0][1]
    assert np.exp(slope) == pytest.approx(told["size"], rel=0.3)
