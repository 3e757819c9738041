"""今日清单: whom to call next, with which policies, and what is missing; one press records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError, NotFound
from leye.office.clock import now
from leye.office.entitlements import contacts
from leye.office.entitlements.files import FactFile, fact_files, packs_here
from leye.office.entitlements.lists import Card, TodayList, today_list
from leye.office.entitlements.models import Contact
from leye.office.entitlements.rules import explained
from leye.office.permissions import needs
from leye.office.privacy.reads import read_list
from leye.policy.explain import Explanation
from leye.policy.explain.fact_words import fact_words
from leye.site.csv_answer import csv_answer
from leye.site.entitlement_words import result_word
from leye.site.page import page, refusal, say
from leye.site.words import is_english

PER_PAGE = 10
SHOWN = 2
"""Policies on a card; what else there is, is one tap away."""


@dataclass(frozen=True)
class Line:
    """One policy of a card as the rules say it now. question: in the page's language, for an unknown; paper: what shows the answer."""

    found: Explanation
    deadline: date | None
    is_new: bool
    question: str = ""
    paper: str = ""


@dataclass(frozen=True)
class Shown:
    """A card with its person. row: name, phone, address, grid."""

    card: Card
    row: dict[str, Any]
    lines: tuple[Line, ...]


@needs("today.view")
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """`/today`: the heaviest card first; after a press the next card has the focus."""
    return page(request, "today/list.html", **_context(request))


@needs("today.view")
@require_safe
def today_csv(request: HttpRequest) -> HttpResponse:
    """The whole list as a table: no names and no phones, which stay on the page."""
    found = today_list(request.user, now())
    header = [
        "person",
        "grid",
        "policy",
        "verdict",
        "ask",
        "amount_fen",
        "months",
        "unit",
        "expected_fen",
        "deadline",
        "weight",
        "instead_of",
        "new_on",
        "changed_on",
    ]
    rows = [
        (
            c.person_id,
            e.grid_id,
            e.policy,
            e.verdict,
            e.fact,
            e.amount_fen,
            e.months,
            e.unit,
            e.expected_fen,
            e.deadline,
            e.weight,
            e.instead_of,
            e.first_on,
            e.changed_on,
        )
        for c in found.open
        for e in c.entries
    ]
    return csv_answer("today.csv", header, rows)


@needs("today.work")
@require_POST
def press(request: HttpRequest, person_id: str) -> HttpResponse:
    """One of the five buttons."""
    form = request.POST
    try:
        contact = contacts.press(person_id, form.get("result", ""), policies=form.getlist("policy"), acting_user=request.user, at=now())
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "today/list.html", **_context(request))
    return HttpResponseRedirect(f"{reverse('today')}?done={contact.pk}")


@needs("today.work")
@require_POST
def undo(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Take a press back."""
    try:
        contact = contacts.undo(contact_id, acting_user=request.user, at=now())
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "today/list.html", **_context(request))
    say(request, _("撤销了“%(result)s”，卡片回到清单里。") % {"result": result_word(contact.result)})
    return HttpResponseRedirect(f"{reverse('today')}?next=1")


def _context(request: HttpRequest) -> dict[str, Any]:
    at = now()
    found = today_list(request.user, at)
    shown = Paginator(found.open, PER_PAGE).get_page(request.GET.get("page"))
    done = _done(request, found)
    return {
        "today": found,
        "shown": shown,
        "cards": _cards(request, list(shown.object_list), found),
        "done": done,
        "focus_next": done is not None or request.GET.get("next") == "1",
        "is_linked": bool(request.user.subject),
        "most": SHOWN,
        "snapshot": found.snapshot,
    }


def _done(request: HttpRequest, found: TodayList) -> Contact | None:
    """What was just pressed, so that it can be taken back."""
    name = request.GET.get("done", "")
    return next((c for c in found.handled if str(c.pk) == name), None)


def _cards(request: HttpRequest, cards: list[Card], found: TodayList) -> list[Shown]:
    """The page's cards with names and what the rules say now; names are read for the purpose `daily_list`."""
    if found.on is None or not cards:
        return []
    packs, ids = packs_here(), [c.person_id for c in cards]
    rows = read_list(ids, "daily_list", request.user, now())
    files = fact_files(ids, packs, found.on)
    return [Shown(c, rows[c.person_id], _lines(c, files[c.person_id], found.on)) for c in cards if c.person_id in rows and c.person_id in files]


def _lines(card: Card, file: FactFile, on: date) -> tuple[Line, ...]:
    packs = packs_here()
    words = fact_words(packs)
    said = {e.policy: e for e in explained(file.facts, packs, on, language="en" if is_english() else "zh")}
    lines = []
    for entry in card.entries:
        one = said.get(entry.policy)
        if one is None or one.verdict is False:
            continue
        fact = one.answer.missing[0] if one.verdict is None and one.answer.missing else ""
        asked = words.get(fact)
        question = (asked.ask_en if is_english() else asked.ask_zh) if asked else ""
        paper = (asked.paper_en if is_english() else asked.paper_zh) if asked else ""
        lines.append(Line(one, entry.deadline, entry.first_on == on, question, paper))
    return tuple(lines)
