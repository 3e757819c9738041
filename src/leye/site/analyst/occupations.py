"""职业编码: the table of any month, a title coded by hand, what waits for a person, corrections, candidates of new occupations, the calendar."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError
from leye.match.occupations.table import STAGES, Table, entries, newest_month, table_of
from leye.office.clock import now
from leye.office.occupations import actions, queries
from leye.office.permissions import can, needs
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say

PER_PAGE = 20


@needs("occupations.view")
@require_safe
def occupations_page(request: HttpRequest) -> HttpResponse:
    """`/occupations?month=&words=&title=`: the table of a month, a title coded by hand, corrections, the calendar."""
    try:
        return page(request, "occupations/index.html", **_index(request, request.GET.get("month", "")))
    except LeyeError as error:
        return refusal(request, error, "occupations/index.html", **_index(request, ""))


@needs("occupations.view")
@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """`/occupations/queue`: titles of the city's adverts that the coder asks about."""
    return page(request, "occupations/queue.html", **_queue(request))


@needs("occupations.view")
@require_safe
def newcomers_page(request: HttpRequest) -> HttpResponse:
    """`/occupations/new`: candidates of new occupations, and what was decided on earlier ones."""
    return page(request, "occupations/new.html", **_newcomers(request))


@needs("occupations.correct")
@require_POST
def correct(request: HttpRequest) -> HttpResponse:
    """Correct the code of a title; from the form of a hand-coded title or from the queue."""
    form = request.POST
    month = form.get("month", "") or newest_month()
    try:
        made = actions.correct(
            form.get("title", ""), code=form.get("other", "").strip() or form.get("code", ""), reason=form.get("reason", ""), month=month,
            acting_user=request.user, at=now(),
        )  # fmt: skip
    except LeyeError as error:
        return refusal(request, error, "occupations/index.html", **_index(request, ""))
    say(request, _("已经更正，马上生效：%(title)s") % {"title": made.written})
    return HttpResponseRedirect(reverse("occupations-queue" if form.get("from") == "queue" else "occupations"))


@needs("occupations.correct")
@require_POST
def undo(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """Take a correction back."""
    try:
        made = actions.undo(correction_id, acting_user=request.user, at=now())
    except LeyeError as error:
        return refusal(request, error, "occupations/index.html", **_index(request, ""))
    say(request, _("已经撤回：%(title)s") % {"title": made.written})
    return HttpResponseRedirect(reverse("occupations"))


@needs("occupations.correct")
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Approve or refuse a candidate."""
    form = request.POST
    try:
        made = actions.decide_newcomer(
            form.get("name", ""), is_approved=form.get("verdict") == "yes", reason=form.get("reason", ""), acting_user=request.user, at=now()
        )
    except LeyeError as error:
        return refusal(request, error, "occupations/new.html", **_newcomers(request))
    say(request, _("已经记下：%(name)s") % {"name": made.name})
    return HttpResponseRedirect(reverse("occupations-new"))


@needs("occupations.view")
@require_safe
def occupations_csv(request: HttpRequest, table: str) -> HttpResponse:
    """`table`: the table of a month · `queue`, `corrections`, `calendar`, `newcomers`."""
    if table not in (made := _tables(request)):
        raise Http404
    header, rows = made[table]()
    return csv_answer(f"occupations-{table}.csv", header, rows)


def stage_word(stage: str | None) -> str:
    """拟公示, 公布, 入典."""
    return {"proposed": _("拟公示"), "published": _("公布"), "entered": _("入典")}.get(stage or "", _("未公示"))


def _index(request: HttpRequest, month: str) -> dict[str, Any]:
    asked = request.GET if request.method == "GET" else request.POST
    words, title = asked.get("words", ""), asked.get("title", "")
    table: Table = table_of(month or newest_month())
    coded = queries.coded_by_hand(title, table.month) if title.strip() else None
    shown = Paginator(queries.corrections(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "table": table, "words_asked": words, "title_asked": title, "found": queries.search(words, table) if words.strip() else [], "coded": coded,
        "shown": shown, "calendar": [(e, stage_word(e.stage_in(table.month))) for e in entries()], "months": _months(),
        "may_correct": can(request.user, "occupations.correct"), "names": table.classes,
    }  # fmt: skip


def _queue(request: HttpRequest) -> dict[str, Any]:
    waiting = queries.queue(request.user, newest_month())
    shown = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    return {"shown": shown, "n": len(waiting), "month": newest_month(), "may_correct": can(request.user, "occupations.correct")}


def _newcomers(request: HttpRequest) -> dict[str, Any]:
    return {
        "found": queries.candidates_now(request.user), "decided": queries.decided_newcomers(request.user)[:PER_PAGE],
        "may_correct": can(request.user, "occupations.correct"),
    }  # fmt: skip


def _months() -> list[str]:
    """Months in which the table changed, newest first."""
    return sorted({d[:7] for e in entries() for d in (e.proposed_on, e.published_on, e.entered_on) if d} | {"2022-10", "2022-09"}, reverse=True)


def _tables(request: HttpRequest) -> dict[str, Any]:
    def table() -> tuple[Any, Any]:
        held = table_of(request.GET.get("month", "") or newest_month())
        return ("month", "code", "name", "level", "marks"), [(held.month, c.code, c.name, c.level, c.marks) for c in held.classes.values()]

    def queue() -> tuple[Any, Any]:
        rows = queries.queue(request.user, newest_month())
        return ("title", "ads", "code", "name", "p", "question"), [
            (w.title, w.ads, *((a.code, a.name, a.p) if (a := next(iter(w.coded.answers), None)) else ("", "", None)), w.coded.question) for w in rows
        ]

    def corrected() -> tuple[Any, Any]:
        rows = queries.corrections(request.user)
        # title, code and from are those that `leye match code --overrides` reads
        return ("title", "code", "from", "was_code", "reason", "by", "at", "undone_at"), [
            (c.written, c.to_code, c.valid_from, c.from_code, c.reason, str(c.by), c.at, c.undone_at) for c in rows
        ]

    def calendar() -> tuple[Any, Any]:
        header = ("name", "placed_in", *(f"{s}_on" for s in STAGES), "code", "source", "verified")
        return header, [tuple(getattr(e, c) for c in header) for e in entries()]

    def newcomers() -> tuple[Any, Any]:
        rows = queries.candidates_now(request.user)
        return ("name", "titles", "counts", "employers"), [(n.name, "|".join(n.titles), "|".join(map(str, n.counts)), n.employers) for n in rows]

    return {"table": table, "queue": queue, "corrections": corrected, "calendar": calendar, "newcomers": newcomers}
