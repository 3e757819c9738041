"""Columns of the two tables that are matched, with their types and closed vocabularies. Null: unknown; an empty list: known to be none.

Nothing here is about who somebody is: name, sex, birth, ethnicity, household registration, marriage, children and health stand in no column.
"""

from __future__ import annotations

import polars as pl

_TEXTS = pl.List(pl.String)
EDUCATION = ("primary", "junior_high", "senior_high", "secondary_vocational", "junior_college", "bachelor", "master", "doctor")
"""Levels of schooling, lowest first; an advert may also say `none`."""
FORMS = ("full_time", "part_time", "gig", "seasonal", "dispatch", "internship", "remote")
SHIFTS = ("day", "night", "rotating", "weekend")
LIMITS = ("heavy_lifting", "heights", "dust_noise", "long_standing")
NEEDS = ("social_insurance", "housing", "meals", "childcare")
PAY_PERIODS = ("hour", "day", "month", "year")
PER_MONTH = {"hour": 174.0, "day": 21.75, "month": 1.0, "year": 1 / 12}
"""What a pay period is multiplied by to give a month: 174 paid hours and 21.75 paid days (人社部发〔2025〕2号)."""

PEOPLE: dict[str, pl.DataType] = {
    "person_id": pl.String(),
    "target_codes": _TEXTS,
    "current_code": pl.String(),
    "skills": _TEXTS,
    "skill_levels": pl.List(pl.Int64),  # 1–5, aligned with skills
    "certificates": _TEXTS,
    "certificate_until": pl.List(pl.Date),  # aligned; null: no end
    "skill_grade": pl.Int64(),  # 0 none, 1 初级工 … 5 高级技师
    "project_skills": _TEXTS,
    "industries": _TEXTS,  # section letters of GB/T 4754
    "relevant_years": pl.Float64(),
    "total_years": pl.Float64(),
    "education": pl.String(),
    "major": pl.String(),
    "trainings": _TEXTS,
    "languages": _TEXTS,
    "lat": pl.Float64(),
    "lon": pl.Float64(),
    "commute_max_km": pl.Float64(),
    "commute_mode": pl.String(),
    "cities": _TEXTS,  # six digits, prefecture or municipality
    "relocate": pl.Boolean(),
    "pay_min_fen": pl.Int64(),
    "pay_max_fen": pl.Int64(),
    "pay_period": pl.String(),
    "forms": _TEXTS,
    "shifts": _TEXTS,
    "available_from": pl.Date(),
    "limits": _TEXTS,
    "digital_level": pl.Int64(),
    "equipment": _TEXTS,
    "record_score": pl.Float64(),
    "needs": _TEXTS,
    "text": pl.String(),
}
JOBS: dict[str, pl.DataType] = {
    "job_id": pl.String(),
    "title": pl.String(),
    "text": pl.String(),
    "headcount": pl.Int64(),
    "hard": _TEXTS,  # conditions that reject: see ranking
    "occupation_code": pl.String(),
    "accept_codes": _TEXTS,
    "skills_required": _TEXTS,
    "skills_preferred": _TEXTS,
    "skill_level_min": pl.List(pl.Int64),  # aligned with skills_required
    "certificates_required": _TEXTS,
    "skill_grade_min": pl.Int64(),
    "project_skills": _TEXTS,
    "industry": pl.String(),
    "relevant_years_min": pl.Float64(),
    "total_years_min": pl.Float64(),
    "education_min": pl.String(),
    "majors": _TEXTS,
    "trainings_accepted": _TEXTS,
    "languages_required": _TEXTS,
    "lat": pl.Float64(),
    "lon": pl.Float64(),
    "shuttle": pl.Boolean(),
    "city": pl.String(),
    "remote": pl.Boolean(),
    "pay_min_fen": pl.Int64(),
    "pay_max_fen": pl.Int64(),
    "pay_period": pl.String(),
    "form": pl.String(),
    "shift": pl.String(),
    "start_by": pl.Date(),
    "posted_on": pl.Date(),
    "closes_on": pl.Date(),
    "environment": _TEXTS,
    "digital_required": pl.Int64(),
    "equipment_required": _TEXTS,
    "employer_record": pl.Float64(),
    "benefits": _TEXTS,
}
MATCHES: dict[str, pl.DataType] = {
    "person_id": pl.String(),
    "job_id": pl.String(),
    "rank": pl.Int64(),
    "score": pl.Float64(),
    "p_person": pl.Float64(),
    "p_employer": pl.Float64(),
    "reasons": pl.String(),  # one JSON object, see docs/reference
}
