"""谁看过谁的资料: the record of reads for auditors and administrators, with filters, a table to carry, and hints at what looks odd."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.clock import now
from leye.office.permissions import needs
from leye.office.privacy.actions import trace_read
from leye.office.privacy.queries import ReadsAsked, all_reads, odd_patterns
from leye.site.csv_answer import csv_answer
from leye.site.page import page
from leye.trust.privacy.purposes import purposes

PER_PAGE = 50
HEADER = [
    "read_id",
    "at",
    "reader",
    "role",
    "reader_region",
    "subject_kind",
    "subject_key",
    "region",
    "elsewhere",
    "purpose",
    "columns",
    "leaf_index",
]


@needs("reads.view")
@require_safe
def reads(request: HttpRequest) -> HttpResponse:
    """`/reads`: newest first; whom they were about stands there as a pseudonym."""
    asked = asked_of(request)
    shown = Paginator(all_reads(request.user, asked), PER_PAGE).get_page(request.GET.get("page"))
    odd = odd_patterns(request.user, at=now())
    return page(request, "reads/list.html", shown=shown, rows=shown.object_list, asked=asked, odd=odd, codes=list(purposes()))


@needs("reads.view")
@require_safe
def reads_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a table, pseudonyms in full."""
    rows = (
        (
            r.pk, r.at, r.reader.username, r.reader_role, r.reader_region, r.subject_kind, r.subject_key, r.region, r.is_elsewhere, r.purpose,
            ";".join(r.columns), r.leaf_index,
        )
        for r in all_reads(request.user, asked_of(request)).iterator()
    )  # fmt: skip
    return csv_answer("reads.csv", HEADER, rows)


@needs("reads.view")
@require_safe
def read(request: HttpRequest, read_id: UUID) -> HttpResponse:
    """`/reads/<id>`: one read with whom it was about; looking at that is a read of its own."""
    found, subject = trace_read(read_id, acting_user=request.user, at=now())
    return page(request, "reads/detail.html", read=found, subject=subject)


def asked_of(request: HttpRequest) -> ReadsAsked:
    """The filter of an address. What cannot be read as a date is left out."""
    asked: Any = request.GET
    text = {name: asked.get(name, "").replace("\0", "\ufffd").strip()[:60] for name in ("reader", "subject", "purpose")}
    return ReadsAsked(**text, since=_day(asked.get("since", "")), until=_day(asked.get("until", "")), elsewhere=asked.get("elsewhere") == "1")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
