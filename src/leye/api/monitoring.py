"""Monitoring: the cube, flows, key groups and gaps, with the suppression of the pages: a count of one to nine is null here, too."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.api.snapshot import current
from leye.office.monitoring import cube, flows, gaps, groups, questions

router = Router(tags=["monitoring"])
MAY = Needs("monitoring.view")
AXES = ("region", "industry", "occupation", "grp")


class CubeQuestion(Paging):
    """`axes` are opened; the four names hold an axis at one value. Without `axes` the first free ones are opened, as on the page."""

    indicator: str = Field(..., max_length=40)
    axes: list[str] = Field([], max_length=4)
    region: str = Field("", max_length=20)
    industry: str = Field("", max_length=20)
    occupation: str = Field("", max_length=20)
    grp: str = Field("", max_length=40)
    order: Literal["surprise", "heads", "share"] = "surprise"


class Cell(Schema):
    """One cell of the cube; null is unknown or not to be told. `surprise` counts standard deviations."""

    cell: str
    region: str
    industry: str
    occupation: str
    grp: str
    month: date
    n: int | None
    hidden: bool
    year_ago: int | None
    change: float | None
    surprise: float | None
    level: str | None
    since: date | None
    scanned: bool
    watched: bool
    pooled_into: str | None
    series: str | None


class Cells(Page[Cell]):
    """A slice of the cells of one run; `cells_hidden` counts all of the answer that may not be shown."""

    run_id: str
    indicator: str
    axes: list[str]
    cells_hidden: int


class FlowBand(Schema):
    """One pair of regions: next month ahead, the newest counted month, the same month a year ago."""

    kind: str
    origin: str
    dest: str
    month: date
    mean: float
    lo_80: float
    hi_80: float
    lo_95: float
    hi_95: float
    last: date
    n: int | None
    year_ago: int | None


class Flows(Page[FlowBand]):
    """Pairs of one group, the largest forecast first; `groups` are the ones that can be asked for."""

    run_id: str
    grp: str
    groups: list[str]


class Asked(Paging):
    """Which group; empty: the first that the run counted."""

    grp: str = Field("", max_length=40)


class GroupFigures(Schema):
    """A key group; counts of one to nine are null, `few` counts the policies with so few."""

    id: str
    zh: str
    en: str
    source: str
    n: dict[str, int | None]
    rate: float | None
    income_fen: int | None
    entitled: dict[str, int]
    few: int
    series: str | None
    level: str | None


class Gap(Schema):
    """A gap in its newest month: ratio and difference (per 1,000) with 95 % intervals."""

    unique_id: str
    ds: date
    high: str
    low: str
    ratio: float
    ratio_lo: float
    ratio_hi: float
    difference: float
    difference_lo: float
    difference_hi: float
    year_ago: float | None
    level: str | None


@router.get("/cube", response=answers(Cells, 400, 404), auth=MAY, summary="监测立方体 · cells of the cube")
def cube_cells(request: HttpRequest, asked: Query[CubeQuestion]) -> dict[str, Any]:
    """Cells that split the asked axes inside the held ones."""
    snapshot = current()
    question = questions.ask(asked.indicator, asked.axes, {a: getattr(asked, a) for a in AXES})
    rows = cube.cells(snapshot, question, asked.order)
    head = {"run_id": snapshot.run_id, "indicator": question.indicator, "axes": list(question.axes)}
    return {**page(rows, asked), **head, "cells_hidden": sum(r["hidden"] for r in rows)}


@router.get("/flows", response=answers(Flows, 404), auth=MAY, summary="人员流动 · flows between regions")
def flow_pairs(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Pairs of a group; an unknown group has none."""
    snapshot = current()
    known = flows.flow_groups(snapshot)
    grp = asked.grp or next(iter(known), "")
    rows = [{k.replace("-", "_"): v for k, v in r.items()} for r in (flows.pairs(snapshot, grp) if grp in known else [])]
    return {**page(rows, asked), "run_id": snapshot.run_id, "grp": grp, "groups": known}


@router.get("/groups", response=answers(list[GroupFigures], 404), auth=MAY, summary="重点群体 · key groups")
def key_groups(request: HttpRequest) -> list[dict[str, Any]]:
    """All groups in the order of the pack; empty when the run had no residents to count."""
    return [_group(r) for r in groups.all_figures(current())]


@router.get("/groups/{grp}", response=answers(GroupFigures, 404), auth=MAY, summary="一个重点群体 · one key group")
def key_group(request: HttpRequest, grp: str = Path(..., max_length=40)) -> dict[str, Any]:
    """Figures of one group."""
    found = groups.group_called(grp)
    return _group({"group": found, **groups.figures(current(), found)})


@router.get("/gaps", response=answers(list[Gap], 404), auth=MAY, summary="差距指标 · gaps between districts, town and country")
def gap_list(request: HttpRequest) -> list[dict[str, Any]]:
    """The newest month of every gap."""
    return gaps.gaps(current())


def _group(row: dict[str, Any]) -> dict[str, Any]:
    group = row["group"]
    return {
        "id": group.id, "zh": group.zh, "en": group.en, "source": group.source, "entitled": dict(row["entitled"]), "level": row["lamp_level"],
        "series": row["series"].unique_id if row["series"] else None, **{k: row[k] for k in ("n", "rate", "income_fen", "few")},
    }  # fmt: skip
