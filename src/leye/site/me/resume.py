"""我的简历: hand in a file or a text, see what was read with its words marked, put it right, confirm."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError, NotFound
from leye.match.resumes.documents import MOST_BYTES
from leye.office.clock import now
from leye.office.matches.own_list import match_after_change
from leye.office.permissions import needs
from leye.office.profiles import actions, queries
from leye.site import profile_words
from leye.site.me.profile_forms import claims_from_form, form_values, shared_from_form, typed_values
from leye.site.page import page, refusal, say

LONGEST_PASTE = 100_000


@needs("profiles.own")
@require_safe
def resumes(request: HttpRequest) -> HttpResponse:
    """`/my/resume`: the form, and what was handed in so far."""
    return page(request, "me/resume.html", rows=queries.own_resumes(request.user), typed="")


@needs("profiles.own")
@require_POST
def hand_in(request: HttpRequest) -> HttpResponse:
    """Keep it and show what was read."""
    upload: Any = request.FILES.get("file")
    text = request.POST.get("text", "")[:LONGEST_PASTE]
    try:
        data = upload.read(MOST_BYTES + 1) if upload else b""
        made = actions.hand_in(upload.name if upload else "", data, text, acting_user=request.user, at=now())
    except LeyeError as error:
        return refusal(request, error, "me/resume.html", rows=queries.own_resumes(request.user), typed=text)
    return HttpResponseRedirect(reverse("my-resume-read", args=[made.pk]))


@needs("profiles.own")
@require_safe
def read(request: HttpRequest, resume_id: UUID) -> HttpResponse:
    """`/my/resume/<id>`: the text with what was read marked, and the form filled in."""
    return page(request, "me/resume_read.html", **_context(request, resume_id))


@needs("profiles.own")
@require_POST
def confirm(request: HttpRequest, resume_id: UUID) -> HttpResponse:
    """Save what the person left standing. A refusal keeps what was typed."""
    found = queries.own_resume(request.user, resume_id)
    before = queries.own_profile(request.user)
    try:
        claims = claims_from_form(request.POST, [*found.claims, *before.claims])
        ticked = dict.fromkeys(_defaults(claims, request.POST.get("consent")), "1")
        shared = before.shared or shared_from_form(ticked, {c.field for c in claims}, actions.AUDIENCES)
        seen = int(request.POST.get("seen") or 0)
        actions.confirm(claims, acting_user=request.user, at=now(), resume_id=resume_id, seen=seen, shared=shared)
    except NotFound:
        raise
    except ValueError:
        return page(request, "me/resume_read.html", status=400, **_context(request, resume_id))
    except LeyeError as error:
        return refusal(request, error, "me/resume_read.html", **_context(request, resume_id) | {"values": typed_values(request.POST)})
    if match_after_change(acting_user=request.user, at=now()):
        say(request, _("存好了，适合您的岗位也排好了。哪一项谁能看，在下面逐项定。"))
    else:
        say(request, _("存好了。哪一项谁能看，在下面逐项定。"))
    return HttpResponseRedirect(reverse("my-profile"))


def _defaults(claims: list[Any], consent: str | None) -> list[str]:
    """Boxes ticked by the one consent of the first time; employers see nothing until the person says so field by field."""
    return [f"share-{c.field}-match" for c in claims] if consent else []


def _context(request: HttpRequest, resume_id: UUID) -> dict[str, Any]:
    found = queries.own_resume(request.user, resume_id)
    before = queries.own_profile(request.user)
    fields = {c.field for c in found.claims}
    merged = [*found.claims, *(c for c in before.claims if c.field not in fields)]
    return {
        "read": found,
        "pieces": pieces(found.text, [(c.start, c.end, c.field) for c in found.claims if c.start is not None and c.end is not None]),
        "profile": before,
        "values": form_values(merged),
        "profile_words": profile_words,
    }


def pieces(text: str, spans: list[tuple[int, int, str]]) -> list[tuple[str, str]]:
    """The text in pieces (words, fields read there joined by a blank; empty for none), so that spans that overlap are each marked."""
    edges = sorted({0, len(text), *(e for s in spans for e in s[:2])})
    return [(text[a:b], " ".join(dict.fromkeys(f for start, end, f in spans if start <= a and b <= end))) for a, b in pairwise(edges)]
