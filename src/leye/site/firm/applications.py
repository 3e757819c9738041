"""应聘: everything that people sent to the firm, and what it answered."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from leye.office.applications.hires import hire_policies_of
from leye.office.applications.queries import firm_applications
from leye.office.permissions import needs
from leye.site import application_page, vacancy_words
from leye.site.page import page

NAMES = {"list": "firm-applications", "one": "firm-application", "step": "firm-application-step"}


@needs("applications.firm")
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    """`/firm/applications`: what waits first."""
    state = request.GET.get("state", "open")
    rows = list(firm_applications(request.user, state=state)[:200])
    return page(request, "applications/list.html", rows=rows, state=state, names=NAMES, csv="firm-applications-csv", side="firm", say=vacancy_words)


@needs("applications.firm")
@require_safe
def applications_csv(request: HttpRequest) -> HttpResponse:
    """All of them as a table."""
    return application_page.table("applications.csv", firm_applications(request.user))


@needs("applications.firm")
@require_safe
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """`/firm/applications/<id>`."""
    return application_page.one(request, application_id, NAMES, hire_policies=hire_policies_of(request.user, application_id))


@needs("applications.firm")
@require_POST
def step(request: HttpRequest, application_id: UUID, verb: str) -> HttpResponse:
    """A step of the firm."""
    return application_page.take(request, application_id, verb, NAMES)
