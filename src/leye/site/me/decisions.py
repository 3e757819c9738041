"""关于我的决定: each with its reasons in words, its receipt, and the way to object."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.decisions import queries
from leye.office.decisions.models import Decision
from leye.office.objections.queries import objections_about
from leye.office.permissions import needs, not_found
from leye.office.registry.texts import card_texts
from leye.site.csv_answer import csv_answer
from leye.site.file_answer import file_answer
from leye.site.page import page
from leye.site.receipt_answer import receipt_answer

PER_PAGE = 15


@needs("decisions.own")
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """`/my/decisions`: newest first."""
    shown = Paginator(queries.own_decisions(request.user), PER_PAGE).get_page(request.GET.get("page"))
    found = list(shown.object_list)
    cards = {algo: card_texts(algo) for algo in {row.algo for row in found}}
    rows = [{"row": row, "card": cards[row.algo]} for row in found]
    return page(request, "me/decisions.html", rows=rows, shown=shown, is_linked=bool(request.user.subject))


@needs("decisions.own")
@require_safe
def decisions_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a table."""
    header = ["decision_id", "leaf_index", "algo", "version", "purpose", "outcome", "outcomes", "region", "at"]
    rows = ((d.pk, d.leaf_index, d.algo, d.version, d.purpose, d.outcome, d.marks, d.region, d.at) for d in queries.own_decisions(request.user))
    return csv_answer("decisions.csv", header, rows)


@needs("decisions.own")
@require_safe
def decision(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """`/my/decisions/<id>`: the sentence, the numbers, then objection and receipt."""
    return page(request, "me/decision.html", **detail_context(request, queries.own_decision(request.user, decision_id)))


@needs("decisions.own")
@require_safe
def receipt(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """The proof as a file."""
    row = queries.own_decision(request.user, decision_id)
    return receipt_answer(str(row.pk), f"leye-{row.leaf_index}.tlog-proof")


@needs("decisions.own")
@require_safe
def opening(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """What the proof keeps secret, for the person alone: values, reasons, and the keys that open the commitments."""
    row = queries.own_decision(request.user, decision_id)
    said = queries.opening_of(str(row.pk))
    if said is None:
        raise not_found()
    return file_answer(json.dumps(said, ensure_ascii=False, indent=1), f"leye-{row.leaf_index}.opening.json", "application/json")


def detail_context(request: HttpRequest, row: Decision) -> dict[str, Any]:
    """All that the page of one decision shows; the objection's form shows it again with a refusal."""
    seen = queries.evidence_of(row)
    return {
        "decision": row,
        "card": card_texts(row.algo),
        "reasons": seen.reasons if seen else [],
        "inputs": sorted(seen.inputs.items()) if seen else [],
        "marks": seen.marks if seen else None,
        "is_erased": seen is None,
        "corrected": row.corrections.order_by("-leaf_index").first(),
        "objections": objections_about(request.user, row.pk),
    }
