"""A project as JSON: the form that is stored, sent and read by the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from leye.impact.errors import bad_project
from leye.impact.project import Line, Project

DAYS = ("starts", "created_by", "displaced_from", "displaced_to")


def project_of_json(body: Mapping[str, Any]) -> Project:
    """The form that `as_json` writes; absent days, staff and lines are unknown or none. Raises BadInput (E_PROJECT), NotFound."""
    try:
        days = {d: date.fromisoformat(body[d]) if body.get(d) else None for d in DAYS[1:]}
        starts = date.fromisoformat(body["starts"])
        created, displaced = (tuple(Line(str(r["occupation"]), _whole(r["heads"])) for r in body.get(k) or ()) for k in ("created", "displaced"))
        region, section = str(body["region"]), str(body["section"])
        staff = None if body.get("staff") is None else _whole(body["staff"])
        retrained = _whole(body.get("retrained") or 0)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise bad_project(f"项目的 JSON 读不懂：{error}", f"the project's JSON cannot be read: {error}") from error
    evidence = str(body.get("evidence") or "none")
    return Project(
        region=region, section=section, starts=starts, created=created, displaced=displaced, retrained=retrained,
        staff=staff, evidence=evidence, created_by=days["created_by"], displaced_from=days["displaced_from"], displaced_to=days["displaced_to"],
    )  # fmt: skip


def as_json(project: Project) -> dict[str, Any]:
    """Days in ISO form."""
    body = asdict(project)
    return body | {d: body[d].isoformat() if body[d] else None for d in DAYS} | {k: list(body[k]) for k in ("created", "displaced")}


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{value!r} is no whole number")
    return value
