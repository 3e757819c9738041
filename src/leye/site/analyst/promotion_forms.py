"""What the forms of a campaign's page send."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from leye.kernel.errors import BadInput
from leye.office.promotion.rollout import Wanted

MOST_ROWS = 200_000
"""Lines of one report of a gateway; chosen by us: more come as several files."""


def wanted_of(form: QueryDict) -> Wanted:
    """A plan: `start, steps, weeks, effect` (per hundred). Raises BadInput (E_ROLLOUT_PLAN)."""
    try:
        return Wanted(
            start=date.fromisoformat(form.get("start", "")),
            steps=_within(int(form.get("steps") or 6), 1, 52),
            weeks=_within(int(form.get("weeks") or 8), 4, 104),
            effect=float(form.get("effect") or 6) / 100,
        )
    except ValueError as error:
        raise BadInput(
            "排期没填对：日期写 2025-09-01，批数 1 到 52，周数 4 到 104，效果写每百人多几人",
            en="the plan is not filled in: a date as 2025-09-01, 1 to 52 steps, 4 to 104 weeks, the effect per hundred people",
            remedy_zh="改好再试",
            remedy_en="mend it and try again",
            code="E_ROLLOUT_PLAN",
        ) from error


def receipts_of(files: Any, text: str) -> list[dict[str, Any]]:
    """Rows of a report: an uploaded CSV, else the pasted text. Raises BadInput (E_RECEIPT)."""
    upload = files.get("file")
    try:
        body = upload.read().decode("utf-8-sig") if upload is not None else text
    except UnicodeDecodeError as error:
        raise _unread("文件不是 UTF-8", "the file is not UTF-8") from error
    rows = list(csv.DictReader(io.StringIO(body)))
    if not rows or "message_id" not in rows[0] or len(rows) > MOST_ROWS:
        raise _unread("没有 message_id 列，或没有行", "no column message_id, or no rows")
    return [dict(row) for row in rows]


def _within(n: int, low: int, high: int) -> int:
    if not low <= n <= high:
        raise ValueError(n)
    return n


def _unread(zh: str, en: str) -> BadInput:
    remedy_zh, remedy_en = "列为 message_id, delivered_on, opened_on, failed", "columns message_id, delivered_on, opened_on, failed"
    return BadInput(zh, en=en, remedy_zh=remedy_zh, remedy_en=remedy_en, code="E_RECEIPT")


def receipt_said(changed: int) -> str:
    """For the next page."""
    return _("收下了，%(n)s 条有变化") % {"n": changed}
