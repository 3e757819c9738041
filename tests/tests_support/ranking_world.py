"""Random tables of people and posts with gaps, synonyms, expired certificates, all pay periods and binding conditions."""

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
SKILLS = skills()[:60]
CODES = list(occupations())[::40]
CITIES = ["440100", "440300", "440600"]
CERTIFICATES = ["电工证", "焊工证", "健康证", "驾驶证C1"]
LANGUAGES, MAJORS, TRAININGS, TOOLS = ["英语", "日语", "粤语"], ["会计", "机械", "护理"], ["创业培训", "育婴培训"], ["电脑", "手机", "车"]


class World:
    """Draws rows; `gaps` is the share of cells left unknown."""

    def __init__(self, seed: int, gaps: float) -> None:
        self.dice, self.gaps = random.Random(seed), gaps

    def gap(self, value: Any) -> Any:
        return None if self.dice.random() < self.gaps else value

    def some(self, of: Any, low: int, high: int) -> list[Any]:
        return self.dice.sample(list(of), self.dice.randint(low, high))

    def day(self, low: int, high: int) -> date:
        return ON + timedelta(days=self.dice.randint(low, high))

    def named(self, skill: Any) -> str:
        return str(self.dice.choice((skill.label, skill.label, *skill.aliases)))

    def person(self, k: int) -> dict[str, Any]:
        d, gap, some = self.dice, self.gap, self.some
        known, papers, least = gap([self.named(s) for s in some(SKILLS, 0, 9)]), gap(some(CERTIFICATES, 0, 3)), d.randint(3000, 9000) * 100
        told = "、".join(f"做过{self.named(s)}" for s in some(SKILLS, 0, 4))
        return {
            "person_id": f"P{k:04d}", "target_codes": gap(some(CODES, 0, 3)), "current_code": gap(d.choice(CODES)), "skills": known,
            "skill_levels": gap([gap(d.randint(1, 5)) for _ in known]) if known is not None else None, "certificates": papers,
            "certificate_until": gap([gap(self.day(-300, 600)) for _ in papers]) if papers is not None else None, "skill_grade": gap(d.randint(0, 5)),
            "project_skills": gap([self.named(s) for s in some(SKILLS, 0, 4)]), "industries": gap(some("ABCDE", 0, 2)),
            "relevant_years": gap(float(d.randint(0, 12))), "total_years": gap(float(d.randint(0, 25))), "education": gap(d.choice(EDUCATION)),
            "major": gap(d.choice(MAJORS)), "trainings": gap(some(TRAININGS, 0, 2)), "languages": gap(some(LANGUAGES, 0, 2)),
            "lat": gap(22.5 + d.random()), "lon": gap(113 + d.random()), "commute_max_km": gap(float(d.randint(3, 60))),
            "commute_mode": gap(d.choice(["walk", "bus", "car"])), "cities": gap(some(CITIES, 0, 3)), "relocate": gap(d.random() < 0.2),
            "pay_min_fen": gap(least), "pay_max_fen": gap(int(least * 1.5)), "pay_period": gap("month"), "forms": gap(some(FORMS, 2, 6)),
            "shifts": gap(some(SHIFTS, 0, 4)), "available_from": gap(self.day(-10, 60)), "limits": gap(some(LIMITS, 0, 1)),
            "digital_level": gap(d.randint(0, 3)), "equipment": gap(some(TOOLS, 0, 2)), "record_score": gap(round(d.random(), 2)),
            "needs": gap(some(NEEDS, 0, 3)), "text": gap(f"本人{told}，想做仓库管理员"),
        }  # fmt: skip

    def job(self, k: int) -> dict[str, Any]:
        d, gap, some = self.dice, self.gap, self.some
        asked, least, period = (
            gap([self.named(s) for s in some(SKILLS, 0, 5)]),
            d.randint(3000, 12000) * 100,
            d.choice(["month", "day", "hour", "year"]),
        )
        scale = {"month": 1, "day": 1 / 21.75, "hour": 1 / 174, "year": 12}[period]
        text = f"要求会{'、'.join(self.named(s) for s in some(SKILLS, 1, 4))}，{d.randint(1, 5)}年以上经验，大专以上学历，{least // 100}元/月"
        return {
            "job_id": f"J{k:05d}", "title": gap(d.choice(["仓库管理员", "会计", "电焊工（急聘）", "保安"])), 
            "text": gap(text), "headcount": gap(d.randint(1, 9)),
            "hard": gap(some(NAMED, 0, 3)), "occupation_code": gap(d.choice(CODES)), "accept_codes": gap(some(CODES, 0, 2)), "skills_required": asked,
            "skills_preferred": gap([self.named(s) for s in some(SKILLS, 0, 3)]),
            "skill_level_min": gap([gap(d.randint(1, 5)) for _ in asked]) if asked is not None else None,
            "certificates_required": gap(some(CERTIFICATES, 0, 2)), "skill_grade_min": gap(d.randint(0, 3)),
            "project_skills": gap([self.named(s) for s in some(SKILLS, 0, 3)]), "industry": gap(d.choice("ABCDE")),
            "relevant_years_min": gap(float(d.randint(0, 6))), "total_years_min": gap(float(d.randint(0, 8))),
            "education_min": gap(d.choice((*EDUCATION[:6], "none"))), "majors": gap(some(MAJORS, 0, 2)), 
            "trainings_accepted": gap(some(TRAININGS, 0, 1)),
            "languages_required": gap(some(LANGUAGES, 0, 1)), "lat": gap(22.5 + d.random()), "lon": gap(113 + d.random()),
            "shuttle": gap(d.random() < 0.3), "city": gap(d.choice(CITIES)), "remote": gap(d.random() < 0.1), "pay_min_fen": gap(int(least * scale)),
            "pay_max_fen": gap(int((least + 200_000) * scale)), "pay_period": gap(period), "form": gap(d.choice(FORMS)), 
            "shift": gap(d.choice(SHIFTS)),
            "start_by": gap(self.day(-5, 90)), "posted_on": gap(self.day(-90, 0)), "closes_on": gap(self.day(-3, 90)),
            "environment": gap(some(LIMITS, 0, 1)), "digital_required": gap(d.randint(0, 3)), "equipment_required": gap(some(TOOLS, 0, 1)),
            "employer_record": gap(round(d.random(), 2)), "benefits": gap(some(NEEDS, 0, 4)),
        }  # fmt: skip


def world(people: int, jobs: int, *, seed: int, gaps: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    """PEOPLE and JOBS in the types of the contract."""
    w = World(seed, gaps)
    return pl.DataFrame([w.person(k) for k in range(people)], schema=PEOPLE), pl.DataFrame([w.job(k) for k in range(jobs)], schema=JOBS)
