"""自己的数据也能审: anybody with the role audits a table of their own; it is read from memory, answered, and forgotten."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from leye.kernel.errors import BadInput, LeyeError
from leye.office.permissions import needs
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal
from leye.trust.audit import Audit, at_most, audit, parse_decisions

MOST_BYTES = 5 * 1024 * 1024
MOST_GROUPS = 500
"""Most groups of the crossing that a page answers for; chosen by us: more is a column of numbers taken for groups."""
DRAWS = 2000
ROWS_SHOWN = 200


@needs("fairness.view")
@require_http_methods(["GET", "HEAD", "POST"])
def own_audit(request: HttpRequest) -> HttpResponse:
    """`/fairness/own`: a form, and under it the audit of what was handed in, as a page or as CSV. Nothing is kept."""
    asked = {"groups": request.POST.get("groups", ""), "bootstrap": request.POST.get("bootstrap", "")}
    if request.method != "POST":
        return page(request, "fairness/own.html", asked=asked, found=None)
    try:
        found = _audited(request, asked)
    except LeyeError as error:
        return refusal(request, error, "fairness/own.html", asked=asked, found=None)
    if request.POST.get("answer") == "csv":
        return csv_answer("rates.csv", found.rates.columns, found.rates.iter_rows())
    return page(request, "fairness/own.html", asked=asked, found=found, rows=found.rates.head(ROWS_SHOWN).to_dicts())


def _audited(request: HttpRequest, asked: dict[str, Any]) -> Audit:
    upload = request.FILES.get("table")
    if upload is None:
        raise BadInput(
            "还没有选文件", en="no file was chosen", remedy_zh="选一个 CSV 文件，再点一次", remedy_en="choose a CSV file", code="E_OWN_NO_FILE"
        )
    if upload.size is None or upload.size > MOST_BYTES:
        raise BadInput(
            f"文件有 {(upload.size or 0) / 1024 / 1024:.1f} MB，这里最多 5 MB",
            en="the file is over 5 MB",
            remedy_zh="大文件用命令行：leye trust audit",
            remedy_en="use the command line for large files: leye trust audit",
            code="E_OWN_TOO_LARGE",
        )
    groups = [g.strip() for g in asked["groups"].replace("，", ",").split(",") if g.strip()]
    decisions = parse_decisions(upload.read(), groups, name=str(upload.name))
    return audit(at_most(decisions, MOST_GROUPS), draws=DRAWS if asked["bootstrap"] else 0)
