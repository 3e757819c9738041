"""转岗方向 and 技能雷达: from one's job to others in steps, and which skills are asked for more or less."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError
from leye.match.columns import EDUCATION
from leye.match.transitions.profiles import WRITTEN_ON
from leye.office.clock import now
from leye.office.guidance import moves as guidance
from leye.office.guidance.own import Own, own_of
from leye.office.guidance.radar import blips
from leye.office.permissions import can, needs
from leye.office.published import published_snapshot
from leye.site import guidance_words
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say

COLUMNS = (
    "code", "job", "official", "coverage", "hours", "levels_short", "certificates", "missing", "pay_fen", "pay_change", "ads", "trend",
    "exposure_low", "exposure_high", "front", "way", "market_on",
)  # fmt: skip
RADAR = ("run_id", "skill", "title", "month", "mean", "lo_80", "hi_80", "before", "against", "verdict", "own")


@needs("moves.view")
@require_safe
def moves(request: HttpRequest) -> HttpResponse:
    """`/moves?job=…&skills=…&education=…`; sealed: id of the receipt after an own list."""
    return page(request, "moves/index.html", **_context(request))


@needs("moves.view")
@require_safe
def moves_csv(request: HttpRequest) -> HttpResponse:
    """The same options as a table."""
    own_side = own_of(request.user)
    found = guidance.guide(_asked(request, own_side), own_side)
    rows = []
    for option in found.options:
        m = option.move
        low, high = m.figure.exposure or (None, None)
        rows.append((
            m.target.code, m.target.name, m.target.official, round(m.gap.coverage, 4), m.gap.hours, m.gap.levels, ";".join(m.gap.certificates),
            ";".join(s.label for s in m.gap.missing), m.figure.pay_fen, None if m.pay_change is None else round(m.pay_change, 4), m.figure.ads,
            m.figure.trend, low, high, m.front, " > ".join(s.to.name for s in option.way.steps), found.market.on,
        ))  # fmt: skip
    return csv_answer("moves.csv", COLUMNS, rows)


@needs("moves.own")
@require_POST
def own(request: HttpRequest) -> HttpResponse:
    """Seal one's own list, and show it with its receipt."""
    asked = _asked(request, own_of(request.user))
    try:
        _found, sealed = guidance.own_moves(asked, acting_user=request.user, at=now())
    except LeyeError as error:
        return refusal(request, error, "moves/index.html", **_context(request))
    say(request, _("这份清单已经留痕，凭回执可以核对、可以申诉。"))
    query = urlencode({"job": asked.job, "skills": asked.skills, "education": asked.education, "sealed": sealed.decision_id})
    return HttpResponseRedirect(f"{reverse('moves')}?{query}")


@needs("moves.view")
@require_safe
def radar(request: HttpRequest) -> HttpResponse:
    """`/skills-radar?own=…`"""
    snapshot, words = published_snapshot(), request.GET.get("own", "")[: guidance.LONGEST]
    rows = blips(snapshot, words) if snapshot is not None else []
    seen = {v: sum(r.verdict == v for r in rows) for v in ("rising", "falling")}
    return page(request, "moves/radar.html", rows=rows, own=words, seen=seen, say_words=guidance_words, may_demand=can(request.user, "series.view"))


@needs("moves.view")
@require_safe
def radar_csv(request: HttpRequest) -> HttpResponse:
    """All skills of the radar."""
    snapshot = published_snapshot()
    rows = [] if snapshot is None else [
        (snapshot.run_id, b.id, guidance_words.skill_word(b), b.month, b.mean, b.low, b.high, b.before, b.against, b.verdict, b.own)
        for b in blips(snapshot, request.GET.get("own", "")[: guidance.LONGEST])
    ]  # fmt: skip
    return csv_answer("skills-radar.csv", RADAR, rows)


def _asked(request: HttpRequest, own_side: Own) -> guidance.Asked:
    """What was typed; before anything was, what the own profile says. An emptied field stays empty."""
    form = request.POST if request.method == "POST" else request.GET
    job = form.get("job", "").strip()[:60] or (own_side.job.name if own_side.job else "")
    skills, education = (own_side.words, own_side.education) if "job" not in form else (form.get("skills", ""), form.get("education", ""))
    return guidance.Asked(job, skills.strip()[: guidance.LONGEST], education)


def _context(request: HttpRequest) -> dict[str, Any]:
    own_side = own_of(request.user)
    found = guidance.guide(_asked(request, own_side), own_side)
    is_filled = bool(own_side.words or own_side.education) and request.method == "GET" and "job" not in request.GET
    return {
        "found": found, "asked": found.asked, "educations": EDUCATION, "say_words": guidance_words, "written_on": WRITTEN_ON,
        "sealed": _sealed(request), "is_filled": is_filled, "may_own": can(request.user, "moves.own") and bool(request.user.subject),
    }  # fmt: skip


def _sealed(request: HttpRequest) -> UUID | None:
    """The receipt named in the address; whether it is the reader's own is asked by the page that it leads to."""
    try:
        return UUID(request.GET.get("sealed", ""))
    except ValueError:
        return None
