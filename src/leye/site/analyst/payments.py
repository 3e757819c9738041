"""重复发放核查: what departments paid twice, each payment beside the one it collides with."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.entitlements.files import packs_here
from leye.office.permissions import needs
from leye.office.published import published_snapshot
from leye.site.csv_answer import csv_answer
from leye.site.page import page

PER_PAGE = 20
COLUMNS = (
    "payment_id", "conflicts_with", "policy", "other_policy", "group", "scope", "month", "paid_on", "other_paid_on", "amount_fen", "other_amount_fen",
    "at_stake_fen",
)  # fmt: skip


@needs("payments.check")
@require_safe
def conflicts(request: HttpRequest) -> HttpResponse:
    """`/payments/conflicts`: the most money first."""
    rows = _rows()
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "shown": shown,
        "rows": list(shown.object_list),
        "at_stake_fen": sum(r["at_stake_fen"] for r in rows),
        "policies": packs_here().policies,
    }
    return page(request, "claims/conflicts.html", **context)


@needs("payments.check")
@require_safe
def conflicts_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table; payments by their numbers, nobody by name."""
    return csv_answer("payment-conflicts.csv", COLUMNS, ([row[c] for c in COLUMNS] for row in _rows()))


def _rows() -> list[dict[str, Any]]:
    snapshot = published_snapshot()
    if snapshot is None or not snapshot.frame("payment_conflicts").width:
        return []
    return snapshot.frame("payment_conflicts").sort("at_stake_fen", "payment_id", descending=[True, False]).to_dicts()
