"""我的政策: yes, not yet known, no; how much, what is missing, in which clause; answer, apply, object."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError, NotFound
from leye.office.clock import now
from leye.office.entitlements.answers import answer_own
from leye.office.entitlements.asking import FIRST
from leye.office.entitlements.claims import apply_for
from leye.office.entitlements.claims import withdraw as take_back
from leye.office.entitlements.consents import consent as set_consent
from leye.office.entitlements.contesting import contest as contest_verdict
from leye.office.entitlements.files import packs_here
from leye.office.entitlements.models import Claim
from leye.office.entitlements.own import own_page
from leye.office.entitlements.sealing import ALGO
from leye.office.permissions import needs
from leye.office.registry.texts import card_texts
from leye.policy.explain.fact_words import fact_words
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say
from leye.site.words import is_english

ANSWER = "fact-"
"""Prefix of the form's fields."""


@needs("entitlements.own")
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """`/my/policies`."""
    return page(request, "me/policies.html", **own_context(request))


@needs("entitlements.own")
@require_safe
def policies_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table."""
    return policies_table(request, "my-policies.csv")


@needs("entitlements.own")
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Answer questions about oneself."""
    return after(request, lambda user, at: answer_own(answers_in(request), acting_user=user, at=at), _("记下了，马上按新的回答重新比对。"))


@needs("claims.apply")
@require_POST
def apply(request: HttpRequest, policy: str) -> HttpResponse:
    """Apply for one policy, for oneself or the own firm."""
    about = request.POST.get("about", "")
    text = _("已经交给服务站，办到哪一步会写在这一页。")
    return after(request, lambda user, at: apply_for(policy, about_id=about, acting_user=user, at=at), text)


@needs("claims.apply")
@require_POST
def withdraw(request: HttpRequest, claim_id: Any) -> HttpResponse:
    """Take an application back."""
    return after(request, lambda user, at: take_back(claim_id, acting_user=user, at=at), _("撤回了，要办可以再申请。"))


@needs("objections.raise")
@require_POST
def contest(request: HttpRequest, policy: str) -> HttpResponse:
    """不对？告诉我们."""
    form = request.POST
    try:
        raised = contest_verdict(
            policy, category=form.get("category", ""), words=form.get("words", ""), about_id=form.get("about", ""), acting_user=request.user, at=now()
        )
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, template_of(request), **own_context(request))
    say(request, _("已经封存这条判断，30 天内由没有经手的人答复您。"))
    return HttpResponseRedirect(reverse("my-objection", args=[raised.pk]))


@needs("entitlements.own")
@require_POST
def consent(request: HttpRequest, policy: str) -> HttpResponse:
    """Let the employer know that a hire policy applies, or take it back."""
    give = request.POST.get("give") == "1"
    text = _("单位现在看得到这一项了。") if give else _("收回了，单位看不到您的名字了。")
    return after(request, lambda user, at: set_consent(policy, give=give, acting_user=user, at=at), text)


def answers_in(request: HttpRequest) -> dict[str, str]:
    """Fact -> text, of the form's fields."""
    return {k.removeprefix(ANSWER): str(v) for k, v in request.POST.items() if k.startswith(ANSWER)}


def after(request: HttpRequest, act: Callable[[Any, datetime], object], text: str) -> HttpResponse:
    """Do it and show the page again; a refusal stands on top of it."""
    try:
        act(request.user, now())
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, template_of(request), **own_context(request))
    say(request, text)
    return HttpResponseRedirect(reverse("firm-policies" if is_employer(request) else "my-policies"))


def own_context(request: HttpRequest) -> dict[str, Any]:
    """What the page shows; a page that says how to get linked for an account that stands for nobody."""
    if is_employer(request):
        from leye.site.firm.policies import firm_context

        return firm_context(request)
    packs = packs_here()
    context: dict[str, Any] = {
        "own": None,
        "first": FIRST,
        "answer": ANSWER,
        "facts": packs.facts,
        "fact_words": fact_words(packs),
        "card": card_texts(ALGO),
    }
    with suppress(NotFound):
        context["own"] = own_page(request.user, language="en" if is_english() else "zh")
    return context


def template_of(request: HttpRequest) -> str:
    """The page that the account has."""
    return "firm/policies.html" if is_employer(request) else "me/policies.html"


def is_employer(request: HttpRequest) -> bool:
    """Whether the page is the firm's."""
    return getattr(request.user, "role", "") == "employer"


def policies_table(request: HttpRequest, name: str) -> HttpResponse:
    """Every policy with verdict, amount and what is missing."""
    header = ["policy", "name", "verdict", "amount_fen", "months", "unit", "deadline", "missing", "choice", "status", "claim", "next"]
    context = own_context(request)
    own = context["own"]
    groups = (own.yes, own.unknown, own.no) if own is not None else ()
    rows = [
        (
            p.id, p.found.name, {True: "yes", False: "no", None: "unknown"}[p.found.verdict], p.found.answer.amount_fen, p.found.answer.months,
            p.found.unit, p.deadline, ";".join(p.found.answer.missing), p.found.choice, p.found.plan.bound.policy.status,
            p.claim.state if isinstance(p.claim, Claim) else "", p.found.next,
        )
        for group in groups
        for p in group
    ]  # fmt: skip
    return csv_answer(name, header, rows)
