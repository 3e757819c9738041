"""Demand for skills and occupations: the table of the night, and one skill month by month."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, Point, answers, page
from leye.api.snapshot import current
from leye.kernel.errors import NotFound

router = Router(tags=["series"])
MAY = Needs("series.view")


class DemandFilter(Paging):
    """Skills or occupations, and of one verdict."""

    kind: str = Field("", max_length=20)
    verdict: str = Field("", max_length=20)


class SkillMonths(Schema):
    """Posts a month that ask for a skill, and what is ahead (`ds, mean, lo_80, hi_80, lo_95, hi_95`)."""

    run_id: str
    skill: str
    history: list[Point]
    forecast: list[dict[str, Any]]


@router.get("/skills-demand", response=answers(Page[dict[str, Any]], 404), auth=MAY, summary="技能与职业需求 · demand for skills and occupations")
def skills_demand(request: HttpRequest, asked: Query[DemandFilter]) -> dict[str, object]:
    """Rows of the table `skill_demand`; docs/reference/skills.md says what the columns mean."""
    rows = current().rows("skill_demand")
    found = [r for r in rows if (not asked.kind or r["kind"] == asked.kind) and (not asked.verdict or r["verdict"] == asked.verdict)]
    return page([{k.replace("-", "_"): v for k, v in r.items()} for r in found], asked)


@router.get("/skills-demand/{skill}", response=answers(SkillMonths, 404), auth=MAY, summary="一项技能 · one skill")
def skill_months(request: HttpRequest, skill: str = Path(..., max_length=60)) -> dict[str, object]:
    """History and forecast of one skill."""
    snapshot = current()
    history = snapshot.select("skill_panel", pl.col("skill") == skill)
    if not history:
        raise NotFound(f"没有技能 {skill}", en=f"no skill {skill}", remedy_zh="请看技能目录", remedy_en="see the list of skills")
    ahead = snapshot.select("skill_forecast", pl.col("skill") == skill)
    told = [{k.replace("-", "_"): v for k, v in r.items() if k != "skill"} for r in ahead]
    return {"run_id": snapshot.run_id, "skill": skill, "history": [{"ds": r["ds"], "y": r["y"]} for r in history], "forecast": told}
