"""Reforms over HTTP: simulate, save, list, sign, withdraw. The same actions as the pages'."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.kernel.errors import Conflict
from leye.office.clock import now
from leye.office.reforms import actions, queries, simulating
from leye.office.reforms.models import Scenario

router = Router(tags=["reforms"])


class Asked(Schema):
    """text: the reform as YAML · by: columns to split by; default region, sex, age_band · notified: everybody is told."""

    text: str = Field(..., min_length=1, max_length=simulating.MOST_CHARACTERS)
    by: list[str] = Field(default_factory=lambda: list(simulating.BY), max_length=4)
    notified: bool = False


class AskedSave(Asked):
    """name: empty takes that of the reform."""

    name: str = Field("", max_length=120)


class Reason(Schema):
    """Why."""

    reason: str = Field(..., max_length=500)


class Simulated(Schema):
    """body: the JSON form of `leye policy simulate --json`; money in fen."""

    on: date
    people_sha256: str
    body: dict[str, Any]


class ScenarioRow(Schema):
    """A saved scenario. state: draft, signed or withdrawn · leaf_index: of its signature in the log."""

    id: UUID
    name: str
    state: str
    on: date
    made_by: str
    made_at: datetime
    signed_by: str | None
    signed_at: datetime | None
    leaf_index: int | None
    cost_before_fen: int
    cost_after_fen: int
    winners: int
    losers: int

    @staticmethod
    def resolve_made_by(found: Any) -> str:
        """Shown name."""
        return str(found.made_by)

    @staticmethod
    def resolve_signed_by(found: Any) -> str | None:
        """Shown name."""
        return str(found.signed_by) if found.signed_by_id else None

    @staticmethod
    def resolve_cost_before_fen(found: Any) -> int:
        """From the stored figures."""
        return int(found.body["cost_before_fen"])

    @staticmethod
    def resolve_cost_after_fen(found: Any) -> int:
        """From the stored figures."""
        return int(found.body["cost_after_fen"])

    @staticmethod
    def resolve_winners(found: Any) -> int:
        """From the stored figures."""
        return int(found.body["winners"])

    @staticmethod
    def resolve_losers(found: Any) -> int:
        """From the stored figures."""
        return int(found.body["losers"])


class ScenarioDetail(Schema):
    """With the reform's text and the stored figures."""

    scenario: ScenarioRow
    text: str
    body: dict[str, Any]


@router.get("/reforms", response=answers(Page[ScenarioRow]), auth=Needs("reforms.view"), summary="存下的方案 · saved scenarios")
def scenarios(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """Newest first."""
    return page(list(queries.scenarios(request.user)), paging)


@router.post("/reforms/simulate", response=answers(Simulated, 400, 409), auth=Needs("reforms.edit"), summary="模拟一项改革 · simulate a reform")
def simulate(request: HttpRequest, asked: Asked) -> dict[str, object]:
    """Nothing is kept. Over very many residents the page's job or the command line is the way (409 E_TOO_MANY)."""
    _check_size()
    found = simulating.run(request.user, asked.text, by=asked.by, notified=asked.notified)
    return {"on": found.on, "people_sha256": found.people_sha256, "body": found.body}


@router.post("/reforms", response=answers(ScenarioDetail, 400, 409), auth=Needs("reforms.edit"), summary="存成草案 · save as a draft")
def save(request: HttpRequest, asked: AskedSave) -> dict[str, object]:
    """Simulates and keeps it; the same draft twice is kept once."""
    _check_size()
    found = simulating.run(request.user, asked.text, by=asked.by, notified=asked.notified)
    return _detail(actions.save(found, name=asked.name, acting_user=request.user, at=now()))


@router.get("/reforms/{scenario_id}", response=answers(ScenarioDetail, 404), auth=Needs("reforms.view"), summary="一个方案 · one scenario")
def scenario(request: HttpRequest, scenario_id: UUID) -> dict[str, object]:
    """With its figures."""
    return _detail(queries.scenario_called(request.user, scenario_id))


@router.post("/reforms/{scenario_id}/sign", response=answers(ScenarioDetail, 404, 409), auth=Needs("reforms.sign"), summary="签署 · sign")
def sign(request: HttpRequest, scenario_id: UUID) -> dict[str, object]:
    """As the second person; 403 E_OWN_DRAFT for the author, 409 when text, figures or residents changed since."""
    return _detail(actions.sign(scenario_id, acting_user=request.user, at=now()))


@router.post(
    "/reforms/{scenario_id}/withdraw", response=answers(ScenarioDetail, 400, 404, 409), auth=Needs("reforms.edit"), summary="撤回 · withdraw"
)
def withdraw(request: HttpRequest, scenario_id: UUID, asked: Reason) -> dict[str, object]:
    """With the reason."""
    return _detail(actions.withdraw(scenario_id, reason=asked.reason, acting_user=request.user, at=now()))


def _check_size() -> None:
    if simulating.is_long():
        raise Conflict(
            f"居民超过 {simulating.MOST_ROWS_AT_ONCE:,} 人，接口里算不完",
            en=f"more than {simulating.MOST_ROWS_AT_ONCE:,} residents: too long for one request",
            remedy_zh="在页面上算（后台任务），或用 leye policy simulate",
            remedy_en="use the page, which asks the worker, or leye policy simulate",
            code="E_TOO_MANY",
        )


def _detail(found: Scenario) -> dict[str, object]:
    return {"scenario": found, "text": found.text, "body": found.body}
