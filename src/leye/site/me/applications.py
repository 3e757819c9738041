"""我的应聘: what one applied for, who invites, what came of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError, NotFound
from leye.office.applications import actions
from leye.office.applications.queries import own_applications
from leye.office.clock import now
from leye.office.permissions import needs
from leye.site import application_page, vacancy_words
from leye.site.page import page, refusal, say

NAMES = {"list": "my-applications", "one": "my-application", "step": "my-application-step"}


@needs("applications.own")
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    """`/my/applications`: newest change first."""
    return page(request, "applications/list.html", **_listed(request))


@needs("applications.own")
@require_safe
def applications_csv(request: HttpRequest) -> HttpResponse:
    """All of them as a table."""
    return application_page.table("my-applications.csv", own_applications(request.user))


@needs("applications.own")
@require_safe
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """`/my/applications/<id>`."""
    return application_page.one(request, application_id, NAMES)


@needs("applications.own")
@require_POST
def step(request: HttpRequest, application_id: UUID, verb: str) -> HttpResponse:
    """A step of the person."""
    return application_page.take(request, application_id, verb, NAMES)


@needs("applications.own")
@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """`/my/applications/apply`: apply for the job named in the form."""
    form = request.POST
    try:
        made = actions.apply(
            request.user.subject, form.get("job_id", "")[:40], acting_user=request.user, at=now(), words=form.get("words", ""),  # type: ignore[union-attr]
            shares_contact=form.get("shares_contact") == "1",
        )  # fmt: skip
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "applications/list.html", **_listed(request))
    say(request, _("应聘交上去了，单位答复以后这里会变"))
    return HttpResponseRedirect(reverse("my-application", args=[made.pk]))


def _listed(request: HttpRequest) -> dict[str, object]:
    state = request.GET.get("state", "")
    rows = list(own_applications(request.user, state)[:200])
    return {"rows": rows, "state": state, "names": NAMES, "csv": "my-applications-csv", "side": "person", "say": vacancy_words}
