"""我的就业风险: what the profile says of oneself, what it is for, what it can never do, how to object and how to opt out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.office.clock import now
from leye.office.permissions import needs
from leye.office.prospects import actions, queries
from leye.site import risk_words
from leye.site.csv_answer import csv_answer
from leye.site.page import after, page

HEADER = ["question", "level", "p_6", "p_12", "low_12", "high_12", "up", "down", "month", "decision_id"]


@needs("prospects.own")
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """`/my/outlook`."""
    return page(request, "prospects/own.html", **_context(request))


@needs("prospects.own")
@require_safe
def own_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table."""
    found, _out = queries.own_prospects(request.user)
    rows = (
        (p.question, p.level, p.p_6, p.p_12, p.low_12, p.high_12, ";".join(p.up), ";".join(p.down), p.month, p.decision.pk if p.decision else "")
        for p in found
    )
    return csv_answer("my-outlook.csv", HEADER, rows)


@needs("prospects.own")
@require_POST
def opt_out(request: HttpRequest) -> HttpResponse:
    """Stop being profiled."""
    return _after(request, lambda user, at: actions.opt_out(acting_user=user, at=at), _("已经退出，不再做画像；您的政策和服务一样不少。"))


@needs("prospects.own")
@require_POST
def opt_in(request: HttpRequest) -> HttpResponse:
    """Be profiled again."""
    return _after(request, lambda user, at: actions.opt_in(acting_user=user, at=at), _("已经恢复，今晚跑完数据就能看到。"))


def _after(request: HttpRequest, act: Callable[[Any, datetime], object], text: str) -> HttpResponse:
    return after(
        request, lambda: act(request.user, now()), text, reverse("my-outlook"), template="prospects/own.html", context=lambda: _context(request)
    )


def _context(request: HttpRequest) -> dict[str, Any]:
    found, out = queries.own_prospects(request.user)
    return {"prospects": found, "is_out": out, "is_linked": bool(request.user.subject), "risk": risk_words}
