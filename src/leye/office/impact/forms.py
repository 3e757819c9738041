"""A project from a page's form; the hash of a review."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date

from leye.impact.project import Line, Project
from leye.office.impact import refusals
from leye.office.impact.models import ProjectReview


def project_of_form(form: Mapping[str, str]) -> Project:
    """From text fields: `created`, `displaced` hold a line an occupation, `2060300 12`. Raises BadInput (E_FIELD, E_PROJECT), NotFound."""
    starts = _day(form, "starts")
    if starts is None:
        raise refusals.bad_field("开工日期", "没有填", "is missing")
    return Project(
        region=form.get("region", ""), section=form.get("section", ""), starts=starts, created=_lines(form, "created"),
        displaced=_lines(form, "displaced"), retrained=_whole(form, "retrained") or 0, created_by=_day(form, "created_by"),
        displaced_from=_day(form, "displaced_from"), displaced_to=_day(form, "displaced_to"), staff=_whole(form, "staff"),
        evidence=form.get("evidence", "none"),
    )  # fmt: skip


def body_sha256(review: ProjectReview) -> str:
    """Hash of what a signature speaks of."""
    body = [review.name, review.firm, review.project, review.assessment, review.insured, review.run_id, review.papers]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _lines(form: Mapping[str, str], name: str) -> tuple[Line, ...]:
    found = []
    for text in form.get(name, "").replace("，", " ").replace(",", " ").splitlines():
        parts = text.split()
        if not parts:
            continue
        if len(parts) != 2 or not parts[1].isdecimal():
            raise refusals.bad_field(name, f"“{text[:40]}”要写成 职业代码 人数", f"{text[:40]!r} wants a code and a number")
        found.append(Line(parts[0].replace("-", ""), int(parts[1])))
    return tuple(found)


def _day(form: Mapping[str, str], name: str) -> date | None:
    text = form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise refusals.bad_field(name, f"“{text[:20]}”不是日期，写成 2025-09-01", f"{text[:20]!r} is no day") from error


def _whole(form: Mapping[str, str], name: str) -> int | None:
    text = form.get(name, "").strip()
    if text and not text.isdecimal():
        raise refusals.bad_field(name, f"“{text[:20]}”不是整数", f"{text[:20]!r} is no whole number")
    return int(text) if text else None
