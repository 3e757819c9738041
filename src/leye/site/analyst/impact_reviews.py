"""就业影响评估: a project's form, its findings, the second person's signature, promised jobs against real ones, withdrawal, papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leye.impact.project import EVIDENCE
from leye.kernel.codes import current_regions, industries, occupations
from leye.kernel.errors import LeyeError, NotFound
from leye.office.clock import now
from leye.office.impact import actions, forms, queries, refusals
from leye.office.impact.models import ProjectReview
from leye.office.impact.papers import docx_of
from leye.office.permissions import can, needs, not_found
from leye.office.published import published_snapshot
from leye.site import impact_words, monitoring_words
from leye.site.csv_answer import csv_answer
from leye.site.file_answer import file_answer
from leye.site.page import is_demo_city, page, refusal, say
from leye.site.receipt_answer import receipt_answer

PER_PAGE = 20
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV = (
    "review_id", "name", "firm", "state", "grade", "region", "section", "created", "displaced", "retrained", "net_low", "net_high", "counted_on",
    "real", "due", "standing", "made_by", "made_at", "signed_by", "signed_at", "leaf_index",
)  # fmt: skip


@needs("impact.view")
@require_http_methods(["GET", "HEAD", "POST"])
def reviews(request: HttpRequest) -> HttpResponse:
    """`/impact/reviews`: the list and the form; a POST files a project."""
    if request.method != "POST":
        return page(request, "impact/reviews.html", **_index(request))
    if not can(request.user, "impact.edit"):
        raise not_found()
    form = request.POST
    try:
        project = forms.project_of_form(form.dict())
        review = actions.file_review(
            project, name=form.get("name", ""), firm=form.get("firm", ""), papers=form.get("papers", ""), acting_user=request.user, at=now()
        )
    except LeyeError as error:
        return refusal(request, error, "impact/reviews.html", **_index(request))
    say(request, _("评估好了。请另一位分析员来看、来签。"))
    return HttpResponseRedirect(reverse("impact-review", args=[review.pk]))


@needs("impact.view")
@require_safe
def reviews_csv(request: HttpRequest) -> HttpResponse:
    """Every review with how its promise stands."""
    return csv_answer("impact-reviews.csv", CSV, (_row(r) for r in queries.reviews(request.user)))


@needs("impact.view")
@require_safe
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """`/impact/reviews/<id>`"""
    return page(request, "impact/review.html", **_one(request, queries.review_called(request.user, review_id)))


@needs("impact.sign")
@require_POST
def sign(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Sign as the second person."""
    return _step(request, review_id, lambda: actions.sign(review_id, acting_user=request.user, at=now()), _("签好了，已经留痕。"))


@needs("impact.edit")
@require_POST
def withdraw(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Take it back, with the reason."""
    reason = request.POST.get("reason", "")
    return _step(request, review_id, lambda: actions.withdraw(review_id, reason=reason, acting_user=request.user, at=now()), _("撤回了。"))


@needs("impact.edit")
@require_POST
def follow(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """What was found at the place on a day."""
    return _step(request, review_id, lambda: _follow(request, review_id), _("记下了，已经留痕。"))


@needs("impact.view")
@require_safe
def paper(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """The review as a Word file, in Chinese."""
    found = queries.review_called(request.user, review_id)
    with translation.override("zh-hans"):
        site = request.build_absolute_uri("/").rstrip("/")
        return file_answer(docx_of(found, is_city=is_demo_city(published_snapshot()), site=site), f"impact-{found.pk}.docx", DOCX)


@needs("impact.view")
@require_safe
def receipt(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """The proof of the signature, to be checked on /verify or offline."""
    found = queries.review_called(request.user, review_id)
    if found.leaf_index is None:
        raise not_found()
    return receipt_answer(str(found.leaf_index), f"impact-{found.pk}.tlog-proof")


def _follow(request: HttpRequest, review_id: UUID) -> None:
    form = request.POST
    numbers = {}
    for name in ("created", "displaced", "retrained"):
        if not form.get(name, "").isdecimal():
            raise refusals.bad_field("人数", "要填整数，没有就填 0", "wants a whole number, 0 for none")
        numbers[name] = int(form[name])
    try:
        day = date.fromisoformat(form.get("on", ""))
    except ValueError as error:
        raise refusals.bad_field("日期", "写成 2025-09-01", "write 2025-09-01") from error
    actions.follow_up(review_id, on=day, source=form.get("source", ""), acting_user=request.user, at=now(), **numbers)


def _step(request: HttpRequest, review_id: UUID, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "impact/review.html", typed=request.POST, **_one(request, queries.review_called(request.user, review_id)))
    say(request, done)
    return HttpResponseRedirect(reverse("impact-review", args=[review_id]))


def _index(request: HttpRequest) -> dict[str, Any]:
    shown = Paginator(queries.reviews(request.user), PER_PAGE).get_page(request.GET.get("page"))
    snapshot = published_snapshot()
    places = sorted({r["region"] for r in snapshot.rows("cube") if r["region"] != "all"}) if snapshot else []
    sections = sorted(i.code for i in industries().values() if len(i.code) == 1)
    return {
        "shown": shown, "may_edit": can(request.user, "impact.edit"), "typed": request.POST, "iw": impact_words, "mw": monitoring_words,
        "places": [p for p in places if not request.user.region or p == request.user.region], "sections": sections, "evidence": EVIDENCE,
        "standings": {r.pk: queries.standing_of(r) for r in shown.object_list},
    }  # fmt: skip


def _one(request: HttpRequest, found: ProjectReview) -> dict[str, Any]:
    return {
        "review": found, "steps": queries.next_steps(request.user, found), "is_own": found.made_by_id == request.user.pk, "iw": impact_words,
        "mw": monitoring_words, "standing": queries.standing_of(found), "names": {o.code: o.name for o in occupations().values() if o.level == 4},
        "place": current_regions().get(found.project["region"]),
    }  # fmt: skip


def _row(found: ProjectReview) -> list[Any]:
    p, told, now_ = found.project, found.assessment, queries.standing_of(found)
    return [
        found.pk, found.name, found.firm, found.state, told["grade"], p["region"], p["section"], sum(x["heads"] for x in p["created"]),
        sum(x["heads"] for x in p["displaced"]), p["retrained"], told["net_low"], told["net_high"], now_.on, now_.real, now_.due, now_.word,
        str(found.made_by), found.made_at, str(found.signed_by or ""), found.signed_at, found.leaf_index,
    ]  # fmt: skip
