"""What the city's registers say about people as claims: occupation, industry, grade of skill, wishes of those who asked for work."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import polars as pl

from leye.kernel.codes import region_code
from leye.lake import Lake
from leye.match.profile import Claim
from leye.match.profile_reading import claims_of
from leye.match.resumes.parse import parse_closed
from leye.match.resumes.protected import without_protected
from leye.packs import open_pack

COLUMNS = ("person_id", "region", "occupation", "industry", "cert_level", "full_time")
"""Read of a person's row; nothing that is protected."""


def registered(lake: Lake) -> pl.DataFrame:
    """Those who asked for work, with what the register of people holds about them: COLUMNS and those of the seekers' table."""
    seekers = pl.scan_parquet(lake.data / "city" / "seekers.parquet").unique("person_id", keep="last")
    file = pl.scan_parquet(lake.data / "city" / "people.parquet")
    there = [c for c in COLUMNS if c in file.collect_schema().names()]
    return seekers.join(file.select(there).unique("person_id", keep="last"), on="person_id", how="left").sort("person_id").collect()


def claims_of_register(row: dict[str, Any], on: date) -> tuple[list[Claim], str]:
    """Claims of one row of `registered`, and the person's words without what is protected.

    A register's own entries carry the evidence `register`, what the person wrote there `self`.
    """
    text = without_protected(row.get("text") or "")
    told: dict[str, Any] = {
        "current_code": row.get("occupation"),
        "skill_grade": _grade(row.get("cert_level")),
        "available_from": row.get("available_on"),
    }
    if row.get("wanted_wage_fen"):
        told |= {"pay_min_fen": row["wanted_wage_fen"], "pay_period": "month"}
    region = region_code(row["region"]) if row.get("region") else None
    if seat := seat_of(region):
        told["lat"], told["lon"] = seat
    lists = {"target_codes": row.get("wanted_occupation"), "industries": (row.get("industry") or "")[:1], "cities": region and region[:4] + "00"}
    claims = [Claim(field, value, "register") for field, value in (told | lists).items() if value not in (None, "")]
    sure = {c.field for c in claims}
    return claims + [c for c in claims_of(parse_closed(text)) if c.field not in sure or c.field in {"skills"}], text


def _grade(level: int | None) -> int | None:
    """Grade of the columns (1 初级工 … 5 高级技师, 0 none) from the register's level of certificate (5 五级/初级工 … 1 一级/高级技师, 0 none)."""
    return None if level is None else (6 - level if level else 0)


def seat_of(region: str | None) -> tuple[float, float] | None:
    """Latitude and longitude of a district's seat, degrees; None where the district is not known."""
    return _points().get(region or "")


@cache
def _points() -> dict[str, tuple[float, float]]:
    """Seats of districts, degrees; good for distances between districts, not inside one."""
    table = pl.read_csv(open_pack("flows/places.csv"), schema_overrides={"region": pl.String})
    return {r["region"]: (r["latitude"], r["longitude"]) for r in table.iter_rows(named=True)}
