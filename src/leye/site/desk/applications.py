"""应聘进展: applications of the counsellor's own people, and sending one for somebody who agreed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError
from leye.office.applications import actions
from leye.office.applications.queries import desk_applications
from leye.office.clock import now
from leye.office.permissions import needs
from leye.site import application_page, vacancy_words
from leye.site.page import page, refusal, say

NAMES = {"list": "desk-applications", "one": "desk-application", "step": "desk-application-step"}


@needs("applications.desk")
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    """`/applications`: what is under way first."""
    return page(request, "applications/list.html", **_listed(request))


@needs("applications.desk")
@require_safe
def applications_csv(request: HttpRequest) -> HttpResponse:
    """All of them as a table."""
    return application_page.table("desk-applications.csv", desk_applications(request.user))


@needs("applications.desk")
@require_safe
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """`/applications/<id>`."""
    return application_page.one(request, application_id, NAMES)


@needs("applications.desk")
@require_POST
def step(request: HttpRequest, application_id: UUID, verb: str) -> HttpResponse:
    """A step for the person, with consent."""
    return application_page.take(request, application_id, verb, NAMES)


@needs("applications.desk")
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """`/applications/send`: apply on somebody's behalf."""
    form = request.POST
    try:
        made = actions.apply(
            form.get("person_id", "").strip()[:20], form.get("job_id", "").strip()[:40], acting_user=request.user, at=now(),
            words=form.get("words", ""), consent=form.get("consent", ""), shares_contact=form.get("shares_contact") == "1",
        )  # fmt: skip
    except LeyeError as error:
        typed = {name: form.get(name, "")[:500] for name in ("person_id", "job_id", "words", "consent")}
        return refusal(request, error, "applications/list.html", **_listed(request) | {"typed": typed})
    say(request, _("替本人交上去了；本人随时可以取消"))
    return HttpResponseRedirect(reverse("desk-application", args=[made.pk]))


def _listed(request: HttpRequest) -> dict[str, object]:
    state = request.GET.get("state", "open")
    rows = desk_applications(request.user, state)[:200]
    return {"rows": rows, "state": state, "names": NAMES, "csv": "desk-applications-csv", "side": "desk", "say": vacancy_words, "typed": {}}
