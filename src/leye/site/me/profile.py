"""我的画像: what is known, how well attested, who may use it; change, go back, withdraw, delete."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.clock import beijing_day
from leye.kernel.errors import LeyeError, NotFound
from leye.office.clock import now
from leye.office.matches.own_list import match_after_change
from leye.office.permissions import needs
from leye.office.profiles import actions, queries
from leye.site import profile_words
from leye.site.csv_answer import csv_answer
from leye.site.me.profile_forms import claims_from_form, form_values, shared_from_form, typed_values
from leye.site.page import page, refusal, say


@needs("profiles.own")
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """`/my/profile`."""
    return page(request, "me/profile.html", **_context(request))


@needs("profiles.own")
@require_safe
def profile_csv(request: HttpRequest) -> HttpResponse:
    """The claims as a table."""
    shown = queries.own_profile(request.user)
    header = ["field", "value", "evidence", "since", "until", "level", "match", "employer", "counsellor"]
    rows = (
        [c.field, c.value, c.evidence, c.since, c.until, c.level, *(a in shown.shared.get(c.field, []) for a in actions.AUDIENCES)]
        for c in shown.claims
    )
    return csv_answer("my-profile.csv", header, rows)


@needs("profiles.own")
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save the form as the next version."""
    before = queries.own_profile(request.user)
    try:
        claims = claims_from_form(request.POST, before.claims)
        actions.confirm(claims, acting_user=request.user, at=now(), seen=_whole(request.POST.get("seen")))
    except LeyeError as error:
        return refusal(request, error, "me/profile.html", **_context(request) | {"values": typed_values(request.POST), "is_open": True})
    match_after_change(acting_user=request.user, at=now())
    say(request, _("存好了，是第 %(n)s 版。") % {"n": queries.own_profile(request.user).number})
    return HttpResponseRedirect(reverse("my-profile"))


@needs("profiles.own")
@require_POST
def share(request: HttpRequest) -> HttpResponse:
    """Who may use which field."""
    fields = {c.field for c in queries.own_profile(request.user).claims}
    actions.share(shared_from_form(request.POST, sorted(fields), actions.AUDIENCES), acting_user=request.user, at=now())
    match_after_change(acting_user=request.user, at=now())
    say(request, _("记下了。没有勾的，匹配时当作不知道，不会因此扣分。"))
    return HttpResponseRedirect(reverse("my-profile"))


@needs("profiles.own")
@require_POST
def restore(request: HttpRequest, number: int) -> HttpResponse:
    """Put a former version back."""
    actions.restore(number, acting_user=request.user, at=now())
    match_after_change(acting_user=request.user, at=now())
    say(request, _("恢复到第 %(n)s 版。") % {"n": number})
    return HttpResponseRedirect(reverse("my-profile"))


@needs("profiles.own")
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Stop all use."""
    actions.withdraw(acting_user=request.user, at=now())
    say(request, _("停用了：不再参加匹配，谁也看不到。要用时恢复任何一版。"))
    return HttpResponseRedirect(reverse("my-profile"))


@needs("profiles.own")
@require_POST
def delete(request: HttpRequest) -> HttpResponse:
    """Delete for good, after the box was ticked."""
    if not request.POST.get("sure"):
        say(request, _("没有删除：先勾“我确定”。"))
        return HttpResponseRedirect(reverse("my-profile"))
    actions.delete(acting_user=request.user, at=now())
    say(request, _("简历和画像都删除了。"))
    return HttpResponseRedirect(reverse("my-profile"))


@needs("profiles.view")
@require_safe
def of_person(request: HttpRequest, person_id: str) -> HttpResponse:
    """`/people/<id>/profile`: what the person shares with counsellors; the look is recorded."""
    return page(request, "me/profile_of.html", **_of_person(request, person_id))


@needs("profiles.attest")
@require_POST
def attest(request: HttpRequest, person_id: str) -> HttpResponse:
    """`/people/<id>/profile/attest`: the counsellor saw the original of one claim."""
    form = request.POST
    try:
        actions.attest(person_id, form.get("field", "")[:40], form.get("value", "")[:4000], acting_user=request.user, at=now())
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "me/profile_of.html", **_of_person(request, person_id))
    say(request, _("记下了：您看过原件。本人看得到，也能退回上一版。"))
    return HttpResponseRedirect(reverse("person-profile", args=[person_id]))


def _of_person(request: HttpRequest, person_id: str) -> dict[str, Any]:
    claims = queries.person_profile(request.user, person_id, now())
    papered = actions.PAPERED if queries.may_attest(request.user, person_id) else ()
    return {"claims": claims, "person_id": person_id, "on": beijing_day(now()), "profile_words": profile_words, "papered": papered}


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _context(request: HttpRequest) -> dict[str, Any]:
    shown = queries.own_profile(request.user)
    return {
        "shown": shown,
        "fields": list(dict.fromkeys(c.field for c in shown.claims)),
        "audiences": actions.AUDIENCES,
        "values": form_values(shown.claims),
        "on": beijing_day(now()),
        "profile_words": profile_words,
        "is_open": False,
    }
