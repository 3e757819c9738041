"""Random people and posts of many cities of unequal size. Every tenth cell is unknown; posts beyond the drawn ones are drawn ones in other places."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import polars as pl

from leye.kernel.codes import occupations
from leye.match.columns import EDUCATION, FORMS, JOBS, LIMITS, NEEDS, PEOPLE, SHIFTS
from leye.match.ranking.gate import NAMED
from leye.match.skills import skills

ON = date(2025, 8, 31)
GAPS = 0.1
DRAWN = 100_000
"""Posts drawn one by one; larger tables repeat them with other ids, cities and pay."""
CITIES = [f"{110000 + 100 * k}" for k in range(330)]
SIZES = [1.0 / (3 + k) for k in range(330)]
CODES = list(occupations())[::4]
SKILLS = [s.label for s in skills()]
PAPERS, TONGUES, MAJORS = ["电工证", "焊工证", "健康证", "会计证", "驾驶证C1", "叉车证"], ["英语", "日语", "粤语"], ["会计", "机械", "计算机", "护理"]
TITLES = ["仓库管理员", "会计", "电焊工", "保安", "客服专员", "育婴员", "数控操作工", "网络管理员"]


class Dice:
    """One seeded source for a table."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)

    def gap(self, value: Any) -> Any:
        return None if self.r.random() < GAPS else value

    def some(self, of: Any, low: int, high: int) -> list[Any]:
        return self.r.sample(of, self.r.randint(low, high))

    def day(self, low: int, high: int) -> date:
        return ON + timedelta(days=self.r.randint(low, high))

    def place(self) -> tuple[str, float, float]:
        k = self.r.choices(range(330), SIZES)[0]
        return CITIES[k], 22 + (k % 20) + 0.4 * self.r.random(), 100 + (k // 20) + 0.4 * self.r.random()


def people(n: int, seed: int) -> pl.DataFrame:
    d = Dice(seed)
    return pl.DataFrame([_person(d, k) for k in range(n)], schema=PEOPLE)


def _person(d: Dice, k: int) -> dict[str, Any]:
    r, gap, some, (city, lat, lon), least = d.r, d.gap, d.some, d.place(), d.r.randint(3000, 9000) * 100
    known = some(SKILLS, 2, 12)
    return {
        "person_id": f"P{k:07d}", "target_codes": gap(some(CODES, 1, 3)), "current_code": gap(r.choice(CODES)), "skills": gap(known),
        "certificates": gap(some(PAPERS, 0, 2)), "skill_grade": gap(r.randint(0, 5)), "project_skills": gap(some(SKILLS, 0, 3)),
        "industries": gap(some("ABCDEFG", 0, 2)), "relevant_years": gap(float(r.randint(0, 15))), "total_years": gap(float(r.randint(0, 30))),
        "education": gap(r.choice(EDUCATION)), "major": gap(r.choice(MAJORS)), "languages": gap(some(TONGUES, 0, 2)), "lat": gap(lat), "lon": lon,
        "commute_max_km": gap(float(r.randint(5, 60))), "cities": [city, *some(CITIES, 0, 1)], "relocate": r.random() < 0.03,
        "pay_min_fen": gap(least),
        "pay_max_fen": gap(int(least * 1.5)), "pay_period": "month", 
        "forms": gap(["full_time", *some(FORMS[1:], 0, 2)]), "shifts": gap(some(SHIFTS, 1, 3)),
        "available_from": gap(d.day(-10, 60)), "limits": gap(some(LIMITS, 0, 2)), "digital_level": gap(r.randint(0, 3)), 
        "record_score": gap(r.random()),
        "needs": gap(some(NEEDS, 0, 3)), "text": gap("本人做过" + "、".join(some(SKILLS, 0, 3)) + "，想找" + r.choice(TITLES)),
    }  # fmt: skip


def jobs(n: int, seed: int) -> pl.DataFrame:
    d = Dice(seed)
    drawn = pl.DataFrame([_job(d, k) for k in range(min(n, DRAWN))], schema=JOBS)
    parts = [drawn] + [_elsewhere(drawn, d, part) for part in range(1, -(-n // DRAWN))]
    return pl.concat(parts).head(n)


def _elsewhere(drawn: pl.DataFrame, d: Dice, part: int) -> pl.DataFrame:
    places = [d.place() for _ in range(len(drawn))]
    where = [pl.Series(name, [p[k] for p in places]) for k, name in enumerate(("city", "lat", "lon"))]
    pay = [(pl.col(c) * (1 + part / 100)).cast(pl.Int64) for c in ("pay_min_fen", "pay_max_fen")]
    return drawn.with_columns(pl.col("job_id") + f"-{part:03d}", *where, *pay)


def _job(d: Dice, k: int) -> dict[str, Any]:
    r, gap, some, (city, lat, lon), least = d.r, d.gap, d.some, d.place(), d.r.randint(3000, 12000) * 100
    asked, told = some(SKILLS, 1, 6), some(SKILLS, 1, 4)
    text = (
        f"岗位要求：会{'、'.join(told)}，月薪{least // 100}-{least // 100 + 2000}元，{r.randint(1, 5)}年以上相关经验，大专以上学历，五险一金，双休。"
    )
    return {
        "job_id": f"J{k:07d}", "title": r.choice(TITLES), "text": text, "headcount": r.randint(1, 9), "hard": some(NAMED, 0, 2),
        "occupation_code": gap(r.choice(CODES)), "skills_required": gap(asked[:4]), "skills_preferred": gap(asked[4:]),
        "certificates_required": gap(some(PAPERS, 0, 1)), "skill_grade_min": gap(r.randint(0, 2)), "industry": gap(r.choice("ABCDEFG")),
        "relevant_years_min": gap(float(r.randint(0, 5))), "education_min": gap(r.choice((*EDUCATION[:6], "none", "none"))),
        "majors": gap(some(MAJORS, 0, 2)), "languages_required": gap(some(TONGUES, 0, 1)), "lat": lat, "lon": lon, "city": city,
        "remote": r.random() < 0.01, "pay_min_fen": gap(least), "pay_max_fen": gap(least + 200_000), "pay_period": "month",
        "form": gap(r.choice((*["full_time"] * 6, *FORMS[1:]))), "shift": gap(r.choice(SHIFTS)), "start_by": gap(d.day(-5, 90)),
        "posted_on": gap(d.day(-90, 0)), "closes_on": gap(d.day(-3, 90)), "environment": gap(some(LIMITS, 0, 1)),
        "digital_required": gap(r.randint(0, 2)),
        "employer_record": gap(r.random()), "benefits": gap(some(NEEDS, 0, 4)),
    }  # fmt: skip
