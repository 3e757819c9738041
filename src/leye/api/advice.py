"""Advice of the published run: plans, groups, heads and projected cost."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.api.snapshot import current

router = Router(tags=["advice"])


class AdviceRow(Schema):
    """One plan and group for one lamp. Money in integer fen; `status` estimated or not_computed, then `missing_fact` says what is missing."""

    unique_id: str
    ds: date
    level: str
    plan_id: str
    plan_title: str
    grp: str
    grp_zh: str
    heads: int | None
    unit_amount_fen: int | None
    cost_fen: int | None
    cost_lo_fen: int | None
    cost_hi_fen: int | None
    status: str
    missing_fact: str | None
    basis: str | None
    text_zh: str
    text_en: str


class AdviceFilter(Paging):
    """Of one series or one plan."""

    unique_id: str = Field("", max_length=200)
    plan_id: str = Field("", max_length=80)


@router.get("/advice", response=answers(Page[AdviceRow], 404), auth=Needs("series.view"), summary="对策建议 · advice")
def advice(request: HttpRequest, asked: Query[AdviceFilter]) -> dict[str, object]:
    """Rows of the table `advice`."""
    rows = [r for r in current().rows("advice") if asked.unique_id in ("", r["unique_id"]) and asked.plan_id in ("", r["plan_id"])]
    return page(rows, asked)
