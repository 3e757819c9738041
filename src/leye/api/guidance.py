"""Guidance over HTTP: moves from an occupation, the skill radar, courses."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.api.snapshot import current
from leye.kernel.errors import NotFound
from leye.office.guidance import courses, moves
from leye.office.guidance.radar import blips
from leye.office.policies.queries import rules_day

router = Router(tags=["guidance"])
MAY = Needs("moves.view")


class MovesAsked(Schema):
    """job: a name or 7-digit code · skills: words · education: such as bachelor."""

    job: str = Field(..., min_length=1, max_length=60)
    skills: str = Field("", max_length=moves.LONGEST)
    education: str = Field("", max_length=20)


class MovesOut(Schema):
    """Options, nearest first, none the winner. Profiles are written by the platform and unverified."""

    code: str
    name: str
    unverified: bool
    market_on: date | None
    options: list[dict[str, Any]]


class CoursesAsked(Paging):
    """skill: words · region: six digits · mode: classroom, online · free: without a fee."""

    skill: str = Field("", max_length=60)
    region: str = Field("", max_length=6)
    mode: str = Field("", max_length=10)
    free: bool = False


class RadarAsked(Paging):
    """own: words for one's own skills; they come first and are marked."""

    own: str = Field("", max_length=moves.LONGEST)


@router.get("/moves", response=answers(MovesOut, 404), auth=MAY, summary="转岗方向 · moves from an occupation")
def moves_from(request: HttpRequest, asked: Query[MovesAsked]) -> dict[str, object]:
    """At most five options. Nothing is sealed: it is about an occupation, not about a person."""
    found = moves.guide(moves.Asked(asked.job, asked.skills, asked.education))
    if found.source is None:
        near = "、".join(f"{n.profile.name}（{n.profile.code}）" for n in found.near)
        raise NotFound(
            f"职业画像里没有“{asked.job}”", en="no profile of that job", code="E_PROFILE_UNKNOWN",
            remedy_zh=f"最接近的：{near}" if near else "换一个叫法",
            remedy_en="try one of the nearest, or the 7-digit code",
        )  # fmt: skip
    told = [moves.told(o) for o in found.options]
    return {"code": found.source.code, "name": found.source.name, "unverified": True, "market_on": found.market.on, "options": told}


@router.get("/skills-radar", response=answers(Page[dict[str, Any]], 404), auth=MAY, summary="技能雷达 · rising and falling skills")
def skills_radar(request: HttpRequest, asked: Query[RadarAsked]) -> dict[str, object]:
    """A row a skill: the last month ahead with its 80 % band, what it is held against, and the verdict."""
    rows = [
        {"skill": b.id, "month": b.month, "mean": b.mean, "lo_80": b.low, "hi_80": b.high, "before": b.before, "against": b.against,
         "verdict": b.verdict, "own": b.own}
        for b in blips(current(), asked.own)
    ]  # fmt: skip
    return page(rows, asked)


@router.get("/public/courses", response=answers(Page[dict[str, Any]]), auth=None, summary="课程 · courses")
def course_list(request: HttpRequest, asked: Query[CoursesAsked]) -> dict[str, object]:
    """Courses with their next start; the shipped ones are demo data."""
    found = courses.search(courses.Asked(asked.skill, asked.region, asked.mode, asked.free), rules_day())
    rows = [
        {"id": o.course.id, "name": o.course.name, "provider": o.course.provider, "skills": o.course.skills, "hours": o.course.hours,
        "mode": o.course.mode,
         "region": o.course.region, "next_start": o.start, "fee_yuan": o.course.fee_yuan, "subsidised": o.course.subsidised}
        for o in found
    ]  # fmt: skip
    return page(rows, asked)
