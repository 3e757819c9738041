"""适合我的岗位: three explained jobs first, what is lacking and where it is taught; like, hide, apply; the receipt and the way to object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError, NotFound
from leye.office.applications.actions import apply
from leye.office.clock import now
from leye.office.matches import actions, own_list, queries
from leye.office.permissions import needs, not_found
from leye.site import job_words, match_words
from leye.site.csv_answer import csv_answer
from leye.site.open.jobs import context_of as job_context
from leye.site.page import after, page, refusal, say

HEADER = ["rank", "job_id", "title", "firm", "score", "p_person", "p_employer", "word", "decision_id"]


@needs("matches.own")
@require_safe
def matches(request: HttpRequest) -> HttpResponse:
    """`/my/matches`."""
    return page(request, "matches/own.html", **_context(request))


@needs("matches.own")
@require_safe
def matches_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table."""
    found = queries.own_matches(request.user)
    rows = (
        (m.rank, m.job_id, m.job["title"], m.job["firm_name"], m.score, m.p_person, m.p_employer, m.word.word if m.word else "", m.decision.pk)
        for m in (*found.shown, *found.hidden)
    )
    return csv_answer("my-matches.csv", HEADER, rows)


@needs("matches.own")
@require_POST
def say_of(request: HttpRequest, job_id: str) -> HttpResponse:
    """Like or hide."""
    word = request.POST.get("word", "")
    text = _("收起来了；不影响别的推荐和服务，随时可以拿回来。") if word == "hide" else _("记下了。")
    return _after(request, lambda: actions.say_of(job_id, word, acting_user=request.user, at=now()), text)


@needs("matches.own")
@require_POST
def undo(request: HttpRequest, job_id: str) -> HttpResponse:
    """Take one's word back."""
    return _after(request, lambda: actions.take_back(job_id, acting_user=request.user, at=now()), _("撤回了。"))


@needs("matches.own")
@require_POST
def match_now(request: HttpRequest) -> HttpResponse:
    """Make the list now, from what is confirmed and open at this moment."""
    return _after(request, lambda: own_list.match_now(acting_user=request.user, at=now()), _("按您现在的画像和现在开放的岗位排好了。"))


@needs("applications.own")
@require_POST
def apply_to(request: HttpRequest, job_id: str) -> HttpResponse:
    """Apply, from a job's page or from one's list."""
    if not request.user.subject:
        raise not_found()
    decision = next((m.decision.pk for m in queries.matches_of(request.user.subject).shown if m.job_id == job_id), None)
    try:
        apply(
            request.user.subject, job_id, acting_user=request.user, at=now(), words=request.POST.get("message", "")[:500],
            shares_contact=request.POST.get("shares_contact") == "1", decision_id=decision,
        )  # fmt: skip
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "jobs/detail.html", **job_context(request, job_id))
    say(request, _("申请交给单位了，走到哪一步在“我的应聘”里看。"))
    return HttpResponseRedirect(reverse("job", args=[job_id]))


def _after(request: HttpRequest, act: Callable[[], object], text: str) -> HttpResponse:
    return after(request, act, text, reverse("my-matches"), template="matches/own.html", context=lambda: _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    return {
        "found": queries.own_matches(request.user),
        "is_linked": bool(request.user.subject),
        "is_behind": queries.is_behind(request.user),
        "say": job_words,
        "mw": match_words,
    }
