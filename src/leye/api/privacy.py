"""Noisy releases over HTTP: the budget, what has been released, and a new release."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.office.clock import now
from leye.office.privacy import releases as office
from leye.office.privacy.models import Release

router = Router(tags=["privacy"])

Code = Annotated[str, Field(max_length=60)]


class BudgetRow(Schema):
    """A data set's budget of a calendar year, in epsilon. agrees: whether row, releases and leaves tell of one sum."""

    dataset: str
    year: int
    total: float
    spent: float
    left: float
    releases: int
    agrees: bool


class ReleaseRow(Schema):
    """A release. query: groups and filter · accuracy: persons by which one cell is off at most, with 95 % probability."""

    id: UUID
    at: datetime
    dataset: str
    year: int
    query: dict[str, Any]
    epsilon: float
    accuracy: int
    data_sha256: str
    leaf_index: int

    @staticmethod
    def resolve_dataset(made: Any) -> str:
        """From its budget."""
        return str(made.budget.dataset)

    @staticmethod
    def resolve_year(made: Any) -> int:
        """From its budget."""
        return int(made.budget.year)

    @staticmethod
    def resolve_query(made: Any) -> dict[str, Any]:
        """Read from its canonical text."""
        return dict(json.loads(made.query))

    @staticmethod
    def resolve_accuracy(made: Any) -> int:
        """A whole number of persons."""
        return int(made.accuracy)


class ReleaseDetail(Schema):
    """cells: values of the groups, then the count with noise. charged: false when the question had been answered before."""

    release: ReleaseRow
    cells: list[list[str | int]]
    charged: bool = False


class AskedRelease(Schema):
    """by: groups, up to three · where: group -> value · epsilon: what it may cost."""

    dataset: Code = "people"
    by: list[Code] = Field(default_factory=list, max_length=3)
    where: dict[Code, Code] = Field(default_factory=dict, max_length=3)
    epsilon: float = Field(..., ge=0.01, le=10)


@router.get("/privacy-budgets", response=answers(list[BudgetRow], 400), auth=Needs("releases.view"), summary="隐私预算 · privacy budgets")
def budgets(request: HttpRequest) -> list[dict[str, Any]]:
    """Every budget, newest year first."""
    return office.budgets(now())


@router.get("/releases", response=answers(Page[ReleaseRow]), auth=Needs("releases.view"), summary="带噪发布 · noisy releases")
def releases(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """Newest first."""
    return page(list(office.releases(request.user)), paging)


@router.get("/releases/{release_id}", response=answers(ReleaseDetail, 404), auth=Needs("releases.view"), summary="一次发布 · one release")
def release(request: HttpRequest, release_id: UUID) -> dict[str, object]:
    """With its cells."""
    return _detail(office.release_called(request.user, release_id), charged=False)


@router.post("/releases", response=answers(ReleaseDetail, 400, 409), auth=Needs("releases.make"), summary="加噪并发布 · release counts")
def make(request: HttpRequest, asked: AskedRelease) -> dict[str, object]:
    """Charges the year's budget; the same question about the same data is answered from the record."""
    made, was_there = office.release(asked.dataset, by=asked.by, where=asked.where, epsilon=asked.epsilon, acting_user=request.user, at=now())
    return _detail(made, charged=not was_there)


def _detail(made: Release, *, charged: bool) -> dict[str, object]:
    return {"release": made, "cells": made.cells, "charged": charged}
