"""The picture of the city against the table of docs/reference/city.md: every row there is measured here, and no other."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from leye.city.build import build_city
from leye.city.series import calendar_to

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "city.md"
ON = date(2025, 8, 31)
AGES = ((0, 14), (15, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 94))


def stated() -> dict[str, tuple[float, float]]:
    """Row name to (value, tolerance) of the page's table of marginals."""
    section = PAGE.read_text(encoding="utf-8").split("## Marginals")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (?!what )(.+?) \| ([0-9.,]+) \| ±([0-9.,]+) \|", section, re.M)
    return {name: (float(value.replace(",", "")), float(slack.replace(",", ""))) for name, value, slack in rows}


def share(frame: pl.DataFrame, condition: pl.Expr) -> float:
    return float(frame.select(condition.mean()).item())


def measured(city) -> dict[str, float]:
    t = city.tables
    people = t["people"]
    age = (pl.lit(ON).dt.year() - pl.col("birth").dt.year()) - (
        (pl.lit(ON).dt.month() * 100 + pl.lit(ON).dt.day()) < (pl.col("birth").dt.month() * 100 + pl.col("birth").dt.day())
    ).cast(pl.Int32)
    status = people["employment_status"].value_counts()
    count = dict(status.iter_rows())
    force = sum(count[s] for s in ("employed", "flexible", "self_employed", "unemployed"))
    wages = people.filter(pl.col("employment_status") == "employed", pl.col("monthly_wage_fen").is_not_null())
    yuan = wages["monthly_wage_fen"] / 100
    by_sex = dict(wages.filter(pl.col("sex").is_not_null()).group_by("sex").agg(pl.col("monthly_wage_fen").median()).iter_rows())
    section = pl.col("industry").str.head(1)
    now = t["insurance_months"].filter(pl.col("month") == date(2025, 8, 1), pl.col("kind") == "employee")
    staff = now.join(t["firms"].select("firm_id", "industry"), on="firm_id")
    out = {
        "men": share(people, pl.col("sex") == "M"),
        **{f"age {a}–{b}": share(people, age.is_between(a, b)) for a, b in AGES},
        "local hukou": share(people, pl.col("hukou_local")),
        "rural hukou": share(people, pl.col("hukou_type") == "rural"),
        "graduates among 25–34": share(people.filter(age.is_between(25, 34)), pl.col("graduate")),
        "unemployed in the labour force": count["unemployed"] / force,
        "employed among all": count["employed"] / people.height,
        "registered among the unemployed": t["unemployment"]["ended_on"].null_count() / count["unemployed"],
        "insured among the employed": now.height / people["firm_id"].count(),
        **{f"insured in {s}": share(staff, section == s) for s in "CFHEGP"},
        **{f"firms in {s}": share(t["firms"], section == s) for s in "CFHE"},
        **{f"posts in {s}": float(t["jobs"].filter(section == s)["headcount"].sum() / t["jobs"]["headcount"].sum()) for s in "CFG"},
        "firms per resident": t["firms"].height / people.height,
        "ads per resident": t["jobs"].height / people.height,
        "median wage, yuan": float(yuan.median()),
        "wage of the lowest tenth, yuan": float(yuan.quantile(0.1)),
        "wage of the highest tenth, yuan": float(yuan.quantile(0.9)),
        "median wage of women to men": by_sex["F"] / by_sex["M"],
        "postings in the festival month": festival(city),
        "unknown among facts": float(
            np.mean([people[c].null_count() / people.height for c in ("sex", "hukou_type", "dibao", "veteran", "cert_level", "gig_worker")])
        ),
    }
    return {k: float(v) for k, v in out.items()}


def festival(city) -> float:
    """Posts of the months in which most of the festival's quiet days lie, against the mean of the six months around each."""
    series = city.tables["indicators"].filter(pl.col("unique_id") == "postings/440600/all/all/all").sort("ds")["y"].to_numpy()
    dip = calendar_to(ON, 60).dip
    peaks = [t for t in range(3, 57) if dip[t] == max(dip[t - 3 : t + 4]) > 0]
    return float(np.mean([series[t] / np.mean([*series[t - 3 : t], *series[t + 1 : t + 4]]) for t in peaks]))


@pytest.mark.parametrize("seed", [7, 20, 21])
def test_city_keeps_its_marginals(seed, city):
    got = measured(city if seed == 7 else build_city(20_000, seed=seed, on=ON))
    table = stated()
    assert got.keys() == table.keys()
    off = {name: (got[name], value, slack) for name, (value, slack) in table.items() if abs(got[name] - value) > slack}
    assert not off


def test_unemployment_rate_stays_within_four_to_six_percent(tables):
    rate = tables["indicators"].filter(pl.col("unique_id") == "jobless_rate/440600/all/all/all")["y"]
    assert rate.len() == 60
    assert rate.min() >= 0.04
    assert rate.max() <= 0.06
