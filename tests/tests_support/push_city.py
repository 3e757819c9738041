"""A city of a few people, each with one plain story, marked and published: what lists and pages are tested on.

Everything that a story does not name is known and says "no", so that a person has exactly the marks of the story.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

import published_fixture
from leye.lake import Published
from leye.policy import shipped
from leye.policy.push.standing import Standing

ON = date(2025, 8, 31)
GRID, OTHER_GRID, FAR_GRID = "G00000000", "G00000001", "G00000002"
COUNSELLOR, OTHER_COUNSELLOR, FAR_COUNSELLOR = "C00000000", "C00000001", "C00000002"
DISTRICT, FAR_DISTRICT = "440605", "440606"
FIRM, BARRED_FIRM = "F00000000", "F00000001"

SKILLED, JOBLESS, ASKED, FLEXIBLE, HIRED, CHILD, NEIGHBOUR, FAR, ODD = (f"P{n:08d}" for n in range(9))
"""Skill certificate expiring · unemployed with benefit months · unemployed, reason of leaving unknown · flexible, pays insurance, hard to employ ·
hired graduate (firm's matters) · nobody's mark · on the other counsellor's list · in another district · contradictory dates."""


def nobody() -> dict[str, Any]:
    """A resident of 30 of whom everything is known and who is entitled to nothing."""
    facts = {f.id: _no(f) for f in shipped().facts}
    local = {
        "local_min_wage_fen": 208_000, "local_ui_benefit_fen": 187_200, "local_dibao_fen": 123_500, "local_pension_min_fen": 95_500,
        "local_fund_reserve_months": 20, "local_unemployment_target_bp": 550, "local_tax_cap_self_fen": 2_400_000, "local_tax_cap_hire_fen": 780_000,
        "local_subsidy_fen": 100_000,
    }  # fmt: skip
    return facts | local | {
        "region": f"CN-{DISTRICT}", "sex": "M", "birth": date(1995, 3, 4), "hukou_type": "urban", "hukou_local": True, "work_able": True,
        "employment_status": "inactive", "left_job_reason": "resigned", "ui_self_paid": True, "firm_kind": None, "firm_size": None,
        "name": "无名", "phone": "13800000000", "address": "示例路 1 号", "id_number": "", "occupation": None, "industry": None,
        "grid_id": GRID, "household_id": "H00000000", "firm_id": None, "worker_id": None,
    }  # fmt: skip


def _no(fact: Any) -> Any:
    if fact.type == "bool":
        return False
    if fact.base == "int":
        return 0 if fact.is_range and fact.kind != "local" and fact.id != "loan_term_months" else None
    return "none" if fact.type == "enum" and "none" in fact.allowed else None


SKILL = {
    "employment_status": "employed",
    "firm_kind": "enterprise",
    "firm_size": "large",
    "full_time": True,
    "monthly_wage_fen": 600_000,
    "hire_on": date(2020, 1, 1),
    "contract_signed": True,
    "contract_months": 999,
    "hire_ss_months": 60,
    "ui_total_months": 60,
    "cert_level": 4,
    "cert_on": date(2024, 9, 8),
}
LOST = {
    "employment_status": "unemployed",
    "registered_unemployed": True,
    "registered_unemployed_since": date(2025, 6, 1),
    "job_search_willing": True,
    "left_job_reason": "firm_closed",
    "ui_contribution_months": 72,
    "ui_total_months": 72,
    "ui_claimed_months": 2,
}

STORIES: dict[str, dict[str, Any]] = {
    SKILLED: SKILL | {"name": "陈技能", "firm_id": FIRM},
    JOBLESS: LOST | {"name": "黄失业", "birth": date(1980, 5, 1)},
    ASKED: LOST | {"name": "何待问", "birth": date(1981, 5, 1), "left_job_reason": None},
    FLEXIBLE: {"name": "梁灵活", "employment_status": "flexible", "hard_to_employ": True, "ss_paid_month_fen": 120_000, "birth": date(1976, 2, 1)},
    HIRED: {
        "name": "罗毕业",
        "employment_status": "employed",
        "firm_kind": "enterprise",
        "firm_size": "small",
        "firm_id": FIRM,
        "hire_on": date(2025, 3, 1),
        "contract_signed": True,
        "contract_months": 36,
        "hire_ss_months": 6,
        "graduate": True,
        "graduated_on": date(2024, 6, 30),
        "jobless_since_graduation": True,
        "ss_employer_share_fen": 150_000,
        "ss_personal_share_fen": 60_000,
        "full_time": True,
        "monthly_wage_fen": 600_000,
        "birth": date(2002, 3, 4),
        "ui_total_months": 6,
    },
    CHILD: {"name": "小朋友", "birth": date(2015, 1, 1), "employment_status": "student"},
    NEIGHBOUR: SKILL | {"name": "邻网格", "grid_id": OTHER_GRID, "firm_id": BARRED_FIRM},
    FAR: LOST | {"name": "远片区", "region": f"CN-{FAR_DISTRICT}", "grid_id": FAR_GRID, "birth": date(1979, 1, 1)},
    ODD: {
        "name": "前后矛盾",
        "business_registered": True,
        "business_registered_on": date(2005, 1, 1),
        "business_kind": "self_employed",
        "business_operating": True,
        "business_first": False,
    },
}

FIRM_FACTS = {
    "firm_kind": "enterprise",
    "firm_size": "small",
    "firm_staff": 20,
    "firm_layoffs_last_year": 0,
    "firm_new_hires_12m": 0,
    "firm_ui_paid_months": 36,
    "firm_ui_paid_last_year_fen": 1_000_000,
    "firm_affected": False,
    "firm_in_difficulty": False,
    "firm_key_industry": False,
}
FIRMS = [
    {"firm_id": FIRM, "name": "示例食品有限公司", "org_id": "91440605YY0000001U", "region": DISTRICT, "industry": "C14", "staff": 20} | FIRM_FACTS,
    {"firm_id": BARRED_FIRM, "name": "示例平台有限公司", "org_id": "91440605YY0000002Q", "region": DISTRICT, "industry": "I64", "staff": 20}
    | FIRM_FACTS,
]
GRIDS = [
    {"grid_id": GRID, "region": DISTRICT, "counsellor_id": COUNSELLOR, "households": 300},
    {"grid_id": OTHER_GRID, "region": DISTRICT, "counsellor_id": OTHER_COUNSELLOR, "households": 300},
    {"grid_id": FAR_GRID, "region": FAR_DISTRICT, "counsellor_id": FAR_COUNSELLOR, "households": 300},
]


def people_frame(stories: dict[str, dict[str, Any]] | None = None) -> pl.DataFrame:
    """The residents with all columns in their types."""
    rows = [nobody() | story | {"person_id": name} for name, story in (stories or STORIES).items()]
    facts = shipped().facts
    types = {"bool": pl.Boolean, "int": pl.Int64, "date": pl.Date, "enum": pl.String, "text": pl.String}
    schema = {name: types[facts.facts[name].base] if name in facts.facts else pl.String for name in rows[0]}
    return pl.DataFrame(rows, schema=schema)


def write_push_city(data: Path, *, standing: Standing | None = None, payments: pl.DataFrame | None = None, **stories: dict[str, Any]) -> Published:
    """The city under `data`, marked and published. standing: what the office knows · stories: others by person."""
    from leye.office.nightly.marks_step import city_tables, marks_step

    folder = data / "city"
    folder.mkdir(parents=True, exist_ok=True)
    people_frame(STORIES | stories).write_parquet(folder / "people.parquet")
    pl.DataFrame(FIRMS).write_parquet(folder / "firms.parquet")
    pl.DataFrame(GRIDS).write_parquet(folder / "grids.parquet")
    if payments is not None:
        payments.write_parquet(folder / "payments.parquet")
    city = city_tables(data)
    assert city is not None
    return published_fixture.write_city(data, **marks_step(city, shipped(), ON, standing or Standing()))
