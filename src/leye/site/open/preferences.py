"""Language and large type: two switches in the header of every page, plain forms, kept in cookies."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from leye.office.accounts.login import inside
from leye.office.permissions import is_open
from leye.office.web.preferences import remember


@is_open
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """`/preferences`: `language` (zh-hans, en) or `elder` (0, 1), then back to the page one came from."""
    elder = request.POST.get("elder")
    response = HttpResponseRedirect(inside(request, request.POST.get("next", "/")))
    return remember(response, language=request.POST.get("language"), is_elder=None if elder is None else elder == "1")
