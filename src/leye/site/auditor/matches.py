"""匹配的公平: four fifths between groups, flips of what must not count, whether a group can be told from the lists; each with its run."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.matches import queries
from leye.office.permissions import needs
from leye.site import match_words
from leye.site.csv_answer import csv_answer
from leye.site.page import page


@needs("matches.audit")
@require_safe
def match_audit(request: HttpRequest) -> HttpResponse:
    """`/fairness/matches`."""
    tables, notes = queries.audit_of(request.user)
    return page(request, "matches/audit.html", tables=tables, notes=notes, mw=match_words, names=queries.TABLES, listed=queries.FIRST)


@needs("matches.audit")
@require_safe
def match_audit_csv(request: HttpRequest, table: str) -> HttpResponse:
    """One of the tables."""
    rows = queries.audit_table(request.user, table)
    columns = list(rows[0]) if rows else []
    return csv_answer(f"match-{table}.csv", columns, ([r[c] for c in columns] for r in rows))
