"""自定规则: a bureau writes a policy in a form, as a local version, or as a file; checks it, tries it, has it signed, publishes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leye.kernel.errors import LeyeError
from leye.office.clock import now
from leye.office.entitlements.files import rules_day
from leye.office.permissions import needs
from leye.office.rules import actions, queries
from leye.office.rules.checking import Checked, check_text, load_beside
from leye.office.rules.models import RuleDraft
from leye.office.rules.trial import Trial, try_on_city
from leye.office.web.errors import status_of
from leye.policy.author import COMPARISONS
from leye.policy.fact_list import fact_rows
from leye.site import rules_words
from leye.site.analyst.rule_forms import form_text, local_text, rows_wanted, uploaded_text
from leye.site.analyst.rules import home_place, policy_context
from leye.site.file_answer import file_answer
from leye.site.page import page, say
from leye.site.words import is_english


@needs("policy.rules.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """`/policy/rules/new`: by form, or a file handed in or pasted."""
    form = request.POST
    if request.method != "POST" or form.get("press") == "more":
        return page(request, "rules/new.html", **_new_context(request))
    try:
        packs = queries.packs_here()
        text, region = form_text(form, packs) if form.get("press") == "form" else (uploaded_text(request), form.get("region", "").strip())
        draft = actions.save_draft(text, region=region, acting_user=request.user, at=now())
    except LeyeError as error:
        return page(request, "rules/new.html", status=status_of(error), refused=error, **_new_context(request))
    say(request, _("存成草稿了，下面是检查结果"))
    return HttpResponseRedirect(reverse("rule-draft", args=[draft.pk]))


def _new_context(request: HttpRequest) -> dict[str, Any]:
    packs = queries.packs_here()
    words = [(row["id"], row["zh"] or row["id"]) for row in fact_rows(packs)]
    return {
        "typed": request.POST,
        "rows": rows_wanted(request.POST),
        "facts": words,
        "comparisons": [(key, c.en if is_english() else c.zh) for key, c in COMPARISONS.items()],
        "home": home_place(request.user),
        "on": rules_day(),
        "choices": {"about": rules_words.ABOUT, "pays": rules_words.FUNDS, "status": rules_words.STATUSES, "unit": rules_words.UNITS},
        "say": rules_words,
    }


@needs("policy.rules.edit")
@require_POST
def localise(request: HttpRequest, policy: str) -> HttpResponse:
    """A local version of a policy with other numbers, as a draft."""
    found = queries.policy_called(request.user, policy)
    try:
        text, region = local_text(request.POST, queries.packs_here(), found)
        draft = actions.save_draft(text, region=region, acting_user=request.user, at=now())
    except LeyeError as error:
        context = {**policy_context(request, found), "typed": request.POST}
        return page(request, "rules/policy.html", status=status_of(error), refused=error, **context)
    say(request, _("存成草稿了，下面是检查结果"))
    return HttpResponseRedirect(reverse("rule-draft", args=[draft.pk]))


@needs("policy.rules")
@require_safe
def draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """`/policy/rules/drafts/<id>`; `?try_on=DAY` tries it on the city."""
    found = queries.draft_called(request.user, draft_id)
    return page(request, "rules/draft.html", **_context(request, found))


@needs("policy.rules")
@require_safe
def draft_file(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The text as a file."""
    found = queries.draft_called(request.user, draft_id)
    return file_answer(found.text, f"{found.policy if found.policy.isidentifier() else 'draft'}.yaml", "application/yaml; charset=utf-8")


@needs("policy.rules.edit")
@require_POST
def save(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Save the text and check it."""
    form = request.POST
    seen = form.get("revision", "")
    number = int(seen) if seen.isdecimal() else None

    def act(user: Any, at: datetime) -> None:
        actions.save_draft(form.get("text", ""), draft_id=draft_id, revision=number, acting_user=user, at=at, reason=form.get("reason", "").strip())

    return _after(request, draft_id, act, _("存好了，下面是检查结果"), text=form.get("text", ""))


@needs("policy.rules.sign")
@require_POST
def sign(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Sign what was seen."""
    seen = request.POST.get("seen", "")
    return _after(request, draft_id, lambda u, at: actions.sign_draft(draft_id, seen_sha256=seen, acting_user=u, at=at), _("签好了，可以公布"))


@needs("policy.rules.sign")
@require_POST
def back(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Send it back with the reason."""
    reason = request.POST.get("reason", "")
    return _after(request, draft_id, lambda u, at: actions.send_back(draft_id, reason=reason, acting_user=u, at=at), _("退回了，作者会看到理由"))


@needs("policy.rules.edit")
@require_POST
def publish(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Put it into force."""
    return _after(request, draft_id, lambda u, at: actions.publish_draft(draft_id, acting_user=u, at=at), _("公布了，今晚的标注开始用它"))


@needs("policy.rules.edit")
@require_POST
def withdraw(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Take it back."""
    reason = request.POST.get("reason", "")
    return _after(request, draft_id, lambda u, at: actions.withdraw_draft(draft_id, reason=reason, acting_user=u, at=at), _("撤回了，不再执行"))


@needs("policy.rules.edit")
@require_POST
def rewrite(request: HttpRequest) -> HttpResponse:
    """Write the published files again, where the disk differs from what was signed."""
    for region in {d.region for d in queries.unwritten()}:
        actions.write_region(region)
    say(request, _("已按签字的文字重新写好"))
    return HttpResponseRedirect(reverse("rules"))


def _after(request: HttpRequest, draft_id: UUID, act: Callable[[Any, datetime], object], text_said: str, *, text: str | None = None) -> HttpResponse:
    """Do it and come back; a refusal is shown on the draft's page, with what was typed still there."""
    found = queries.draft_called(request.user, draft_id)
    try:
        act(request.user, now())
    except LeyeError as error:
        found.refresh_from_db()
        return page(request, "rules/draft.html", status=status_of(error), refused=error, **_context(request, found, text))
    say(request, text_said)
    return HttpResponseRedirect(reverse("rule-draft", args=[draft_id]))


def _context(request: HttpRequest, found: RuleDraft, typed: str | None = None) -> dict[str, Any]:
    text = found.text if typed is None else typed
    checked = check_text(text, found.region, queries.data_folder())
    lines = text.split("\n")
    trial, trial_error = _trial(request, found, checked)
    return {
        "draft": found,
        "text": text,
        "checked": checked,
        "findings": [(f, lines[f.line - 1] if 0 < f.line <= len(lines) else "") for f in checked.findings],
        "errors": sum(f.is_error for f in checked.findings),
        "steps": queries.next_steps(request.user, found),
        "wrote": queries.has_written(request.user, found),
        "history": list(found.steps.select_related("by")),
        "trial": trial,
        "trial_error": trial_error,
        "trial_on": request.GET.get("try_on", "") or rules_day().isoformat(),
        "facts": queries.packs_here().facts,
        "undeclared": _undeclared(checked),
        "say": rules_words,
    }


def _undeclared(checked: Checked) -> list[str]:
    """Facts for which the marks would skip the rule, asked of each version on its first day."""
    policy = checked.packs.policies.get(checked.policy) if checked.packs is not None else None
    if checked.packs is None or policy is None:
        return []
    days = sorted({v.start for v in policy.versions})
    return sorted({fact for on in days for fact in queries.undeclared_facts(checked.packs, policy.id, on)})


def _trial(request: HttpRequest, found: RuleDraft, checked: Checked) -> tuple[Trial | None, LeyeError | None]:
    """The draft on the city, where asked for and where it reads beside the rules in force."""
    asked = request.GET.get("try_on", "")
    if not asked or checked.packs is None or not checked.policy:
        return None, None
    try:
        on = date.fromisoformat(asked)
    except ValueError:
        return None, None
    try:
        return try_on_city(
            load_beside(found.text, checked.policy, found.region, queries.data_folder()), checked.policy, queries.data_folder(), on
        ), None
    except LeyeError as error:
        return None, error
