"""项目资金安排: which discretionary programmes work, who should have a place within budgets and floors, and what each floor costs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leye.kernel.errors import LeyeError, NotFound
from leye.office.clock import now
from leye.office.entitlements.files import rules_day
from leye.office.jobs.models import JobState
from leye.office.jobs.queries import job_called
from leye.office.permissions import can, needs, not_found
from leye.office.programmes import actions, asked, queries
from leye.office.programmes.computing import table
from leye.office.programmes.models import ProgrammePlan
from leye.site.csv_answer import csv_answer
from leye.site.file_answer import file_answer
from leye.site.page import page, refusal, say

PER_PAGE = 20
LIST_HEADER = ["plan_id", "name", "state", "on", "made_by", "made_at", "signed_by", "signed_at", "placed", "spent_fen", "expected_effect", "gap"]


@needs("programmes.view")
@require_http_methods(["GET", "HEAD", "POST"])
def programmes(request: HttpRequest) -> HttpResponse:
    """`/policy/optimise`: the form and the plans there are; a POST has the worker compute one."""
    if request.method != "POST":
        return page(request, "programmes/index.html", **_index(request))
    try:
        job = actions.ask(asked.of_form(request.POST.dict()), acting_user=request.user, at=now())
    except LeyeError as error:
        return refusal(request, error, "programmes/index.html", **_index(request))
    return HttpResponseRedirect(reverse("programmes-run", args=[job.pk]))


@needs("programmes.edit")
@require_safe
def run(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """`/policy/optimise/run/<job>`: how far the worker is; the plan once it is done. The page asks again by itself every few seconds."""
    job = job_called(job_id)
    if job.kind != "programmes" or job.by_id != request.user.pk:
        raise not_found()
    if job.state == JobState.DONE:
        return HttpResponseRedirect(reverse("programmes-one", args=[job.result["plan_id"]]))
    answer = page(request, "programmes/run.html", job=job)
    if job.state in (JobState.WAITING, JobState.RUNNING):
        answer.headers["Refresh"] = "3"
    return answer


@needs("programmes.view")
@require_safe
def one(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """`/policy/optimise/<id>`: a plan with its evidence, and what can be done with it."""
    return page(request, "programmes/one.html", **_one(request, queries.plan_called(request.user, plan_id)))


@needs("programmes.sign")
@require_POST
def sign(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Sign as the second person."""
    return _step(request, plan_id, lambda: actions.sign(plan_id, acting_user=request.user, at=now()), _("签好了，正在逐人留痕。"))


@needs("programmes.edit")
@require_POST
def withdraw(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Take it back, with the reason."""
    reason = request.POST.get("reason", "")
    return _step(request, plan_id, lambda: actions.withdraw(plan_id, reason=reason, acting_user=request.user, at=now()), _("撤回了。"))


@needs("programmes.edit")
@require_POST
def draft_rule(request: HttpRequest, plan_id: UUID, programme: str) -> HttpResponse:
    """Hand a programme's tree to the bureau's own rules as a draft."""
    try:
        draft = actions.draft_rule(plan_id, programme, region=request.POST.get("region", "").strip(), acting_user=request.user, at=now())
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "programmes/one.html", **_one(request, queries.plan_called(request.user, plan_id)))
    say(request, _("已存为规则草案。请改好，再由另一位同事签署。"))
    return HttpResponseRedirect(reverse("rule-draft", args=[draft.pk]))


@needs("programmes.view")
@require_safe
def list_csv(request: HttpRequest) -> HttpResponse:
    """The plans as a table."""
    rows = []
    for p in queries.plans(request.user):
        found = p.body["allocation"] or {}
        figures = [found.get(k) for k in ("placed", "spent_fen", "expected_effect", "gap")]
        rows.append((p.pk, p.name, p.state, p.on, str(p.made_by), p.made_at, str(p.signed_by or ""), p.signed_at, *figures))
    return csv_answer("programme-plans.csv", LIST_HEADER, rows)


@needs("programmes.view")
@require_safe
def prices_csv(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Shadow prices of funds and rules."""
    body = queries.plan_called(request.user, plan_id).body
    header = ["kind", "name", "limit_fen", "used", "effect_per_unit", "yuan_per_unit", "effect_total", "yuan_total"]
    rows: list[tuple[Any, ...]] = [
        ("budget", b["fund"], b["budget_fen"], b["spent_fen"], b["effect_per_10k_yuan"] / 10_000, b["yuan_per_effect"], None, None)
        for b in body["budgets"]
    ]
    rows += [
        (r["kind"], r["name"], None, r["heads"], r["effect_per_head"], r["yuan_per_head"], r["effect_total"], r["yuan_total"]) for r in body["rules"]
    ]
    return csv_answer(f"programme-prices-{plan_id}.csv", header, rows)


@needs("programmes.view")
@require_safe
def balance_csv(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Standardised differences of every covariate, before and after weighting."""
    body = queries.plan_called(request.user, plan_id).body
    rows = [(p["programme"], d["covariate"], d["before"], d["after"]) for p in body["programmes"] for d in p.get("balance", ())]
    return csv_answer(f"programme-balance-{plan_id}.csv", ["programme", "covariate", "before", "after"], rows)


@needs("programmes.placements")
@require_safe
def placements_csv(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Who has which place, after signing and sealing; the look is audited."""
    return csv_answer(f"placements-{plan_id}.csv", list(queries.PLACEMENTS), queries.placements(request.user, plan_id, at=now()))


@needs("programmes.view")
@require_safe
def paper(request: HttpRequest, plan_id: str) -> HttpResponse:
    """`/policy/optimise/<id>.md`: the report in Chinese."""
    plan = queries.plan_called(request.user, plan_id)
    return file_answer(plan.report, f"programmes-{plan.pk}.md", "text/markdown; charset=utf-8")


def _step(request: HttpRequest, plan_id: UUID, act: Any, done: str) -> HttpResponse:
    try:
        act()
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "programmes/one.html", **_one(request, queries.plan_called(request.user, plan_id)))
    say(request, done)
    return HttpResponseRedirect(reverse("programmes-one", args=[plan_id]))


def _index(request: HttpRequest) -> dict[str, Any]:
    typed = request.POST if request.method == "POST" else request.GET
    return {
        "on": rules_day(),
        "may_edit": can(request.user, "programmes.edit"),
        "typed": typed,
        "text": typed.get("text", "") or asked.example(),
        "funds": asked.FUNDS,
        "floors": asked.FLOORS,
        "missing": [name for name in ("people", "programmes") if _is_missing(name)],
        "shown": Paginator(queries.plans(request.user), PER_PAGE).get_page(request.GET.get("page")),
    }


def _one(request: HttpRequest, plan: ProgrammePlan) -> dict[str, Any]:
    return {
        "plan": plan,
        "body": plan.body,
        "names": {p["programme"]: p["name"] for p in plan.body["programmes"]},
        "steps": queries.next_steps(request.user, plan),
        "is_own": plan.made_by_id == request.user.pk,
        "typed": request.POST,
    }


def _is_missing(name: str) -> bool:
    try:
        table(name)
    except LeyeError:
        return True
    return False
