"""AI impact over HTTP: exposure of an occupation, index by cell, its change, reviews of projects. The same queries and actions as the pages'."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.api.snapshot import current
from leye.impact.adoption import Assumed
from leye.impact.exposure import exposure_of
from leye.impact.project_json import project_of_json
from leye.kernel.codes import occupations
from leye.office.clock import now
from leye.office.impact import actions, queries
from leye.office.impact.index import city_of
from leye.office.impact.models import ProjectReview
from leye.office.impact.told import change_json, row_json, standing_json

router = Router(tags=["impact"])
public_router = Router(tags=["public"])
VIEW, EDIT = Needs("impact.view"), Needs("impact.edit")


class CellFilter(Paging):
    """by: the axis that is split · region: six digits, empty for the whole city."""

    by: Literal["region", "industry", "occupation", "grp"] = "industry"
    region: str = Field("", max_length=6)


class Exposed(Schema):
    """Exposure 0–1 as a range over sources; null where nothing is known."""

    code: str
    name: str
    low: float | None
    mid: float | None
    high: float | None
    by_source: dict[str, float]
    confidence: str
    basis: str


class AskedAdoption(Schema):
    """One assumption, shares 0–1, with the reason."""

    section: str = Field(..., min_length=1, max_length=1)
    on: date
    low: float = Field(..., ge=0, le=1)
    mid: float = Field(..., ge=0, le=1)
    high: float = Field(..., ge=0, le=1)
    reason: str = Field(..., max_length=500)


class AskedReview(Schema):
    """project: `region, section, starts, created, displaced [{occupation, heads}], retrained, created_by, displaced_from, displaced_to, staff,
    evidence`; docs/reference/impact.md."""

    name: str = Field(..., min_length=1, max_length=120)
    firm: str = Field(..., min_length=1, max_length=120)
    papers: str = Field("", max_length=500)
    project: dict[str, Any]


class AskedCount(Schema):
    """Jobs found at the place since the start, as of a day."""

    on: date
    created: int = Field(..., ge=0, le=1_000_000)
    displaced: int = Field(..., ge=0, le=1_000_000)
    retrained: int = Field(..., ge=0, le=1_000_000)
    source: str = Field(..., min_length=1, max_length=200)


class Reason(Schema):
    """Why."""

    reason: str = Field(..., max_length=500)


class Review(Schema):
    """A review with what the rules found and how its promise stands."""

    id: UUID
    name: str
    firm: str
    state: str
    project: dict[str, Any]
    assessment: dict[str, Any]
    body_sha256: str
    made_by: str
    made_at: datetime
    signed_by: str | None
    signed_at: datetime | None
    leaf_index: int | None
    standing: dict[str, Any]

    @staticmethod
    def resolve_made_by(found: ProjectReview) -> str:
        """Shown name."""
        return str(found.made_by)

    @staticmethod
    def resolve_signed_by(found: ProjectReview) -> str | None:
        """Shown name."""
        return str(found.signed_by) if found.signed_by_id else None

    @staticmethod
    def resolve_standing(found: ProjectReview) -> dict[str, Any]:
        """Promised against real jobs."""
        return standing_json(queries.standing_of(found))


def _cells(asked: CellFilter) -> dict[str, object]:
    snapshot = current()
    city = city_of(snapshot)
    rows = city.along(asked.by, {"region": asked.region} if asked.region and asked.by != "region" else {})
    return page([row_json(snapshot.run_id, city.month, r) for r in rows], asked)


@router.get("/impact", response=answers(Page[dict[str, Any]], 404), auth=VIEW, summary="AI 影响指数 · AI-impact index")
def cells(request: HttpRequest, asked: Query[CellFilter]) -> dict[str, object]:
    """Cells of one axis; a hidden one has no figures."""
    return _cells(asked)


@public_router.get("/impact", response=answers(Page[dict[str, Any]], 404), auth=None, summary="AI 影响指数（公开） · AI-impact index, open")
def public_cells(request: HttpRequest, asked: Query[CellFilter]) -> dict[str, object]:
    """The same aggregate for everybody."""
    return _cells(asked)


@router.get("/impact/change", response=answers(dict[str, Any], 404), auth=VIEW, summary="指数一年来的变化 · the index's change over a year")
def change(request: HttpRequest, region: str = Query("all", max_length=6)) -> dict[str, object]:
    """Structure, exposure and adoption, which sum to the change; `change` is null where history does not reach back."""
    snapshot = current()
    return {"run_id": snapshot.run_id, "region": region, "change": change_json(city_of(snapshot).change(region))}


@router.get("/impact/exposure/{code}", response=answers(Exposed, 404), auth=VIEW, summary="职业的受影响程度 · exposure of an occupation")
def exposure(request: HttpRequest, code: str = Path(..., max_length=12)) -> dict[str, object]:
    """As a range over three sources."""
    e = exposure_of(code)
    return {
        "code": e.code, "name": occupations()[e.code].name, "low": e.low, "mid": e.mid, "high": e.high, "by_source": dict(e.by_source),
        "confidence": e.confidence, "basis": e.basis,
    }  # fmt: skip


@router.post("/impact/adoption", response=answers(AskedAdoption, 400), auth=EDIT, summary="改采用率假设 · replace an assumption of adoption")
def adoption(request: HttpRequest, asked: AskedAdoption) -> Any:
    """With the reason; the older one stays on record."""
    assumed = Assumed(asked.low, asked.mid, asked.high)
    return actions.set_adoption(asked.section, asked.on, assumed, reason=asked.reason, acting_user=request.user, at=now())


@router.get("/impact/reviews", response=answers(Page[Review]), auth=VIEW, summary="就业影响评估 · employment-impact reviews")
def reviews(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """Newest first."""
    return page(list(queries.reviews(request.user)), paging)


@router.post("/impact/reviews", response=answers(Review, 400, 404), auth=EDIT, summary="评估一个项目 · review a project")
def file_review(request: HttpRequest, asked: AskedReview) -> Any:
    """Assessed by rules and kept as a draft."""
    project = project_of_json(asked.project)
    return actions.file_review(project, name=asked.name, firm=asked.firm, papers=asked.papers, acting_user=request.user, at=now())


@router.get("/impact/reviews/{review_id}", response=answers(Review, 404), auth=VIEW, summary="一份评估 · one review")
def review(request: HttpRequest, review_id: UUID) -> Any:
    """With its follow-up."""
    return queries.review_called(request.user, review_id)


@router.post("/impact/reviews/{review_id}/sign", response=answers(Review, 404, 409), auth=Needs("impact.sign"), summary="签署评估 · sign a review")
def sign(request: HttpRequest, review_id: UUID) -> Any:
    """As the second person; 403 E_OWN_DRAFT for the author."""
    return actions.sign(review_id, acting_user=request.user, at=now())


@router.post("/impact/reviews/{review_id}/follow", response=answers(Review, 400, 404, 409), auth=EDIT, summary="记实有岗位 · real jobs found")
def follow(request: HttpRequest, review_id: UUID, asked: AskedCount) -> Any:
    """Of a signed review only."""
    actions.follow_up(review_id, acting_user=request.user, at=now(), **asked.dict())
    return queries.review_called(request.user, review_id)


@router.post("/impact/reviews/{review_id}/withdraw", response=answers(Review, 400, 404, 409), auth=EDIT, summary="撤回评估 · withdraw a review")
def withdraw(request: HttpRequest, review_id: UUID, asked: Reason) -> Any:
    """With the reason."""
    return actions.withdraw(review_id, reason=asked.reason, acting_user=request.user, at=now())
