"""The register of algorithms: open to everybody what is filed or running; its working side by permission."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.office.clock import now
from leye.office.registry import actions, reading
from leye.office.registry.listing import model_row, register_row
from leye.office.registry.models import Version
from leye.office.registry.training import trained_models

router = Router(tags=["registry"])
public_router = Router(tags=["public"])


class Algorithm(Schema):
    """A version as everybody may know it."""

    algo: str
    version: str
    state: str
    name_zh: str
    name_en: str
    kind: str
    risk: str
    subject: str
    owner: str
    purposes: list[str]
    features: list[str]
    reason_codes: list[str]
    outcomes: list[str]
    retention_years: int
    filing_number: str
    filed_on: date | None
    expires_on: date | None
    identity: str


class Registered(Algorithm):
    """The same with its number in the register and what it waits for."""

    id: int
    code_hash: str
    config_hash: str
    installed: bool
    waits_for: str


class ByAlgo(Paging):
    """Of one algorithm, or of all."""

    algo: str = Field("", max_length=60)


class Trained(Schema):
    """A model as a nightly trained it; `command` reproduces it."""

    run_id: str
    algo: str
    version: str
    at: str
    data_hash: str
    code_hash: str
    output_hash: str
    seed: int
    settings: dict[str, Any]
    scores: dict[str, float]
    cpu_s: float | None
    command: str


class Because(Schema):
    """Why a step is taken."""

    text: str = Field(max_length=2000)


class Filing(Schema):
    """The number of the filing system, or the day of handing in, or both."""

    text: str = Field(max_length=2000)
    number: str = Field("", max_length=60)
    filed_on: date | None = None
    expires_on: date | None = None


@public_router.get("/algorithms", response=list[Algorithm], auth=None, summary="算法公示 · algorithms at work")
def algorithms(request: HttpRequest) -> list[dict[str, Any]]:
    """Every filed, running, suspended or blacklisted version."""
    return [register_row(v) for v in reading.public_versions()]


@router.get("/registry", response=answers(Page[Registered], 404), auth=Needs("registry.view"), summary="算法备案 · register")
def registry(request: HttpRequest, asked: Query[ByAlgo]) -> dict[str, object]:
    """Every version, by algorithm, newest first."""
    found = reading.versions()
    return page([_row(v) for v in (found.filter(algo=asked.algo) if asked.algo else found)], asked)


@router.get("/registry/models", response=answers(Page[Trained], 404), auth=Needs("registry.view"), summary="训练过的模型 · trained models")
def models(request: HttpRequest, asked: Query[ByAlgo]) -> dict[str, object]:
    """What nightlies trained, newest first."""
    return page([model_row(m) for m in trained_models(algo=asked.algo)], asked)


@router.get("/registry/{version_id}", response=answers(Registered, 404), auth=Needs("registry.view"), summary="一个版本 · a version")
def version(request: HttpRequest, version_id: int) -> dict[str, Any]:
    """One version."""
    return _row(reading.version_called(version_id))


@router.post("/registry/{version_id}/assess", response=answers(Registered, 400, 404, 409), auth=Needs("registry.edit"), summary="提交自评估 · assess")
def assess(request: HttpRequest, version_id: int, body: Because) -> dict[str, Any]:
    """Hand in the self-assessment; the review is signed anew."""
    return _row(actions.assess(version_id, reason=body.text, acting_user=request.user, at=now()).version)


@router.post("/registry/{version_id}/sign", response=answers(Registered, 400, 404, 409), auth=Needs("registry.sign"), summary="签字 · sign")
def sign(request: HttpRequest, version_id: int, body: Because) -> dict[str, Any]:
    """Sign the review before launch for one's side."""
    return _row(actions.sign(version_id, note=body.text, acting_user=request.user, at=now()).version)


@router.post("/registry/{version_id}/file", response=answers(Registered, 400, 404, 409), auth=Needs("registry.edit"), summary="登记备案 · file")
def file(request: HttpRequest, version_id: int, body: Filing) -> dict[str, Any]:
    """Record the filing."""
    done = actions.file(
        version_id, number=body.number, on=body.filed_on, expires_on=body.expires_on, reason=body.text, acting_user=request.user, at=now()
    )
    return _row(done.version)


@router.post("/registry/{version_id}/launch", response=answers(Registered, 400, 404, 409), auth=Needs("registry.edit"), summary="上线 · launch")
def launch(request: HttpRequest, version_id: int, body: Because) -> dict[str, Any]:
    """Start running."""
    return _row(actions.launch(version_id, reason=body.text, acting_user=request.user, at=now()).version)


@router.post("/registry/{version_id}/suspend", response=answers(Registered, 400, 404, 409), auth=Needs("registry.suspend"), summary="暂停 · suspend")
def suspend(request: HttpRequest, version_id: int, body: Because) -> dict[str, Any]:
    """Stop it."""
    return _row(actions.suspend(version_id, reason=body.text, acting_user=request.user, at=now()).version)


@router.post(
    "/registry/{version_id}/blacklist",
    response=answers(Registered, 400, 404, 409),
    auth=Needs("registry.suspend"),
    summary="列入黑名单 · blacklist",
)
def blacklist(request: HttpRequest, version_id: int, body: Because) -> dict[str, Any]:
    """Put it on the blacklist; an administrator or auditor."""
    return _row(actions.blacklist(version_id, reason=body.text, acting_user=request.user, at=now()).version)


def _row(version: Version) -> dict[str, Any]:
    return register_row(version) | {"id": version.pk, "waits_for": reading.waits_for(version)}
