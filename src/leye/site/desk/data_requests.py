"""更正与删除申请: what people ask of their own data, the next due first."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leye.kernel.errors import BadInput, Conflict
from leye.office.clock import now
from leye.office.permissions import needs
from leye.office.privacy.actions import answer_request, open_request
from leye.office.privacy.queries import requests_at_desk
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say


@needs("objections.handle")
@require_safe
def data_requests(request: HttpRequest) -> HttpResponse:
    """`/data-requests`"""
    return page(request, "data_requests/list.html", rows=list(requests_at_desk(request.user)), now=now())


@needs("objections.handle")
@require_safe
def data_requests_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a table; what people wrote is not in it."""
    rows = ((r.pk, r.kind, r.column, r.region, r.at, r.due) for r in requests_at_desk(request.user))
    return csv_answer("data-requests.csv", ["request_id", "kind", "column", "region", "at", "due"], rows)


@needs("objections.handle")
@require_http_methods(["GET", "HEAD", "POST"])
def data_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """`/data-requests/<id>`: what the person says, and the answer."""
    if request.method == "POST":
        try:
            answer_request(
                request_id, grant=request.POST.get("grant") == "1", answer=request.POST.get("answer", ""), acting_user=request.user, at=now()
            )
        except (BadInput, Conflict) as error:
            found, words = open_request(request_id, acting_user=request.user, at=now())
            return refusal(request, error, "data_requests/detail.html", asked=found, said=words, typed=request.POST.get("answer", ""), now=now())
        say(request, _("答复已经送到本人的“我的资料”。"))
        return HttpResponseRedirect(reverse("data-requests"))
    found, words = open_request(request_id, acting_user=request.user, at=now())
    return page(request, "data_requests/detail.html", asked=found, said=words, typed="", now=now())
