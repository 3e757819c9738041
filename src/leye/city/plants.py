"""Planted truths: what was put into the tables on purpose, with its size, so that every later claim can be checked."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from leye.city.marginals import marginals
from leye.kernel.period import Month

SHOCK_SECTION = "H"
SHOCK_MONTHS_BEFORE = 5
"""The fall of postings begins this many months before the month of the day; data.md asks for 4 to 6."""
POSTINGS_FALL = -0.35
INSURED_PATH = (-0.04, -0.08, -0.10, -0.12)
"""Insured of the section relative to what they would have been, in the last months; the last one is the plant's size."""
LEAVING_RISE = 0.30
CLAIMS_RISE = 0.08
TREATED = ("440605", "440607")
TREATED_MONTHS_BEFORE = 11
GRADUATES_EFFECT = -0.18
PLACEBO_DISTRICT = "440606"
PLACEBO_MONTHS_BEFORE = 9
WAIT_BIAS = 0.25
PAY_BIAS = -0.30
RUMOUR = "养老断缴清零"
RUMOUR_DAYS = (9, 3)
"""The rumour surges from this many days before the day to that many."""
RUMOUR_SIZE = 8.0
DISCRIMINATING_SHARE = 0.02
HOME_DAYS, RETURN_DAYS = (-20, -1), (5, 35)
"""Days from the lunar new year, both inclusive, on which migrant workers go home and come back."""
HOME_TIMES, RETURN_TIMES = 8.0, 6.0
OLDER_FROM_AGE = 45
"""From this age on the day, re-employment is slower."""
DUPLICATE_SHARE = 0.004
"""Share of people rows that are a second record of someone else; chosen by us: a few hundred pairs in a city of 100,000."""


@dataclass(frozen=True, slots=True)
class Plant:
    """One planted truth. `kind`: shock, effect, no_effect, bias, duplicate, surge, hazard; from and to are days, both inclusive."""

    id: str
    kind: str
    table: str
    where: dict[str, Any]
    first: date
    last: date
    size: float
    unit: str
    about: str = field(default="")

    def as_dict(self) -> dict[str, Any]:
        """The form of `plants.json`; `first` and `last` are written `from` and `to`."""
        row = asdict(self)
        return {
            "id": row["id"], "kind": row["kind"], "table": row["table"], "where": row["where"], "from": self.first.isoformat(),
            "to": self.last.isoformat(), "size": row["size"], "unit": row["unit"], "about": row["about"],
        }  # fmt: skip


def series_plants(on: date) -> list[Plant]:
    """The plants that live in the indicators."""
    month = Month.of(on)

    def plant(name: str, kind: str, where: dict[str, Any], before: int, size: float, about: str) -> Plant:
        return Plant(name, kind, "indicators", where, (month + -before).first, month.last, size, "relative change", about)

    return [
        plant("shock_postings_h", "shock", {"indicator": "postings", "industry": "H"}, SHOCK_MONTHS_BEFORE, POSTINGS_FALL,
              "postings of hotels and catering against what they would have been, every month of the stretch, in every district"),
        plant("shock_insured_h", "shock", {"indicator": "insured", "industry": "H"}, len(INSURED_PATH) - 1, INSURED_PATH[-1],
              f"insured of the section follow, by month {list(INSURED_PATH)}; the size is that of the last month"),
        plant("shock_leaving_h", "shock", {"indicator": "leaving", "industry": "H"}, len(INSURED_PATH) - 1, LEAVING_RISE,
              "more people of the section leave insurance"),
        plant("shock_claims", "shock", {"indicator": "claims"}, len(INSURED_PATH) - 1, CLAIMS_RISE,
              "claims of benefit rise a little in every district"),
        plant("effect_graduates", "effect", {"indicator": "registered", "grp": "graduates", "region": list(TREATED)}, TREATED_MONTHS_BEFORE,
              GRADUATES_EFFECT, "a trainee scheme in two districts: registered unemployed graduates fall there and not elsewhere"),
        plant("placebo_migrants", "no_effect", {"indicator": "registered", "grp": "migrant_workers", "region": [PLACEBO_DISTRICT]},
              PLACEBO_MONTHS_BEFORE, 0.0, "a voucher that changed nothing"),
    ]  # fmt: skip


def person_plants(on: date) -> list[Plant]:
    """The plants that live in persons: how soon the older find work again, and second records."""
    rule = marginals()
    first = (Month.of(on) + -int(rule["insurance_window"])).first
    born = date(on.year - OLDER_FROM_AGE, on.month, min(on.day, 28))
    return [
        Plant("hazard_older", "hazard", "unemployment", {"people.birth": f"<= {born.isoformat()}", "against": "the rest"}, first, on,
              float(rule["hazard_older_ratio"]), "ratio of monthly hazards",
              "people of 45 and over leave registered unemployment for work at this ratio to the hazard of the others"),
        Plant("second_records", "duplicate", "people", {"listed_in": "truth/duplicates.parquet"}, first, on, DUPLICATE_SHARE, "share of rows",
              "second records with errors in name, phone or birth"),
    ]  # fmt: skip
