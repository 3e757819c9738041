"""谁看过我的资料: who looked, when, for what purpose, at what."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.permissions import needs
from leye.office.privacy.queries import own_reads
from leye.site.csv_answer import csv_answer
from leye.site.page import page

PER_PAGE = 20


@needs("reads.own")
@require_safe
def reads(request: HttpRequest) -> HttpResponse:
    """`/my/reads`: newest first."""
    shown = Paginator(own_reads(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "me/reads.html", shown=shown, rows=shown.object_list, is_linked=bool(request.user.subject))


@needs("reads.own")
@require_safe
def reads_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a table."""
    header = ["at", "reader", "desk", "role", "purpose", "columns", "leaf_index"]
    rows = ((r.at, str(r.reader), r.reader.desk, r.reader_role, r.purpose, ";".join(r.columns), r.leaf_index) for r in own_reads(request.user))
    return csv_answer("my-reads.csv", header, rows)
