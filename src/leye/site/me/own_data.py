"""我的资料: see and carry one's own file, and ask to have it corrected or erased."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError, NotFound
from leye.office.clock import now
from leye.office.permissions import needs
from leye.office.privacy.actions import ask_for_change
from leye.office.privacy.queries import own_requests
from leye.office.privacy.reads import OWN, read_file
from leye.site.file_answer import file_answer
from leye.site.page import page, refusal, say
from leye.site.privacy_words import column_word

FILE_KIND = "leye.own-data/1"
"""Form of the JSON that a person carries away: kind, person_id, at, facts by name."""


@needs("reads.own")
@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    """`/my/data`: everything that is held, in words; seeing it is itself recorded."""
    return page(request, "me/data.html", **_context(request))


@needs("reads.own")
@require_safe
def own_data_file(request: HttpRequest, ending: str) -> HttpResponse:
    """The same to carry: JSON, or CSV with one row a fact."""
    at = now()
    facts = read_file(request.user.subject, OWN, request.user, at)
    if ending == "json":
        said = {"kind": FILE_KIND, "person_id": request.user.subject, "at": at.isoformat(), "facts": facts}
        return _download(json.dumps(said, ensure_ascii=False, indent=1, default=str), "my-data.json", "application/json")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["column", "name", "value"])
    writer.writerows([name, column_word(name), "" if value is None else value] for name, value in facts.items())
    return _download("\ufeff" + text.getvalue(), "my-data.csv", "text/csv; charset=utf-8")


@needs("reads.own")
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a correction or an erasure."""
    form = request.POST
    try:
        ask_for_change(form.get("kind", ""), column=form.get("column", ""), words=form.get("words", ""), acting_user=request.user, at=now())
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "me/data.html", **_context(request), typed=form.get("words", ""), chosen=form.get("column", ""))
    say(request, _("已经交给服务站，答复会出现在这一页。"))
    return HttpResponseRedirect(reverse("my-data"))


def _context(request: HttpRequest) -> dict[str, Any]:
    """Facts that are known, those that are not, and the requests so far."""
    try:
        facts = read_file(request.user.subject, OWN, request.user, now()) if request.user.subject.startswith("P") else {}
    except NotFound:
        facts = {}
    return {
        "facts": [(n, v) for n, v in facts.items() if v is not None],
        "unknown": [n for n, v in facts.items() if v is None],
        "requests": list(own_requests(request.user)),
        "is_linked": bool(request.user.subject),
    }


def _download(text: str, name: str, kind: str) -> HttpResponse:
    answer = file_answer(text, name, kind)
    answer.headers["Cache-Control"] = "no-store"
    return answer
