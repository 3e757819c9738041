"""政策模拟: the rule as a form, what a change would cost and for whom, scenarios that are saved, compared and signed by a second person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leye.kernel.errors import LeyeError, NotFound
from leye.office.clock import now
from leye.office.entitlements.files import packs_here, rules_day
from leye.office.jobs.actions import ask_for
from leye.office.jobs.models import JobState
from leye.office.jobs.queries import job_called
from leye.office.permissions import can, needs, not_found
from leye.office.published import published_snapshot
from leye.office.reforms import actions, queries, simulating
from leye.office.reforms.job import found_of
from leye.office.reforms.models import Scenario
from leye.office.reforms.papers import docx_of, tables_of
from leye.office.reforms.simulating import Found
from leye.site.analyst import simulate_form
from leye.site.charts.reform import path_figure
from leye.site.csv_answer import csv_answer
from leye.site.file_answer import file_answer
from leye.site.page import is_demo_city, page, refusal, say

PER_PAGE = 20
LIST_HEADER = [
    "scenario_id",
    "name",
    "state",
    "on",
    "made_by",
    "made_at",
    "signed_by",
    "signed_at",
    "cost_before_fen",
    "cost_after_fen",
    "winners",
    "losers",
]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@needs("reforms.view")
@require_http_methods(["GET", "HEAD", "POST"])
def simulate(request: HttpRequest) -> HttpResponse:
    """`/simulate?policy=…&region=…`: the form and the saved scenarios; a POST answers with the figures, or the form again with what is wrong."""
    if request.method != "POST":
        return page(request, "simulate/index.html", **_index(request))
    if not can(request.user, "reforms.edit"):
        raise not_found()
    text = ""
    try:
        text = simulate_form.text_of(request.POST, packs_here(), rules_day())
        if simulating.is_long():
            simulating.read(text)  # what cannot be read is said now, not by the worker in a minute
            job = ask_for("simulate", {"text": text, "notified": _notified(request), "by": request.user.pk}, by=request.user, at=now())
            return HttpResponseRedirect(reverse("simulate-run", args=[job.pk]))
        found = simulating.run(request.user, text, notified=_notified(request))
    except LeyeError as error:
        return refusal(request, error, "simulate/index.html", **_index(request, text=text))
    return page(request, "simulate/result.html", **_result(request, found.text, found.body, found=found))


@needs("reforms.edit")
@require_safe
def run(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """`/simulate/run/<job>`: how far the worker is; the figures once it is done. The page asks again by itself every few seconds."""
    job = job_called(job_id)
    if job.kind != "simulate" or job.by_id != request.user.pk:
        raise not_found()
    if job.state == JobState.DONE:
        found = found_of(job.result)
        return page(request, "simulate/result.html", job=job, **_result(request, found.text, found.body, found=found))
    answer = page(request, "simulate/run.html", job=job)
    if job.state in (JobState.WAITING, JobState.RUNNING):
        answer.headers["Refresh"] = "3"
    return answer


@needs("reforms.edit")
@require_POST
def more(request: HttpRequest) -> HttpResponse:
    """The form of another policy, whose changes come after those of the text in `base`."""
    return page(request, "simulate/index.html", **_index(request))


@needs("reforms.edit")
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what was simulated as a draft. The figures are computed (or remembered) here, never taken from the browser."""
    form = request.POST
    try:
        job = job_called(form["job"]) if form.get("job") else None
        if job is not None and (job.by_id != request.user.pk or job.state != JobState.DONE):
            raise not_found()
        found = found_of(job.result) if job is not None else simulating.run(request.user, form.get("text", ""), notified=_notified(request))
        scenario = actions.save(found, name=form.get("name", ""), acting_user=request.user, at=now())
    except LeyeError as error:
        return refusal(request, error, "simulate/index.html", **_index(request, text=form.get("text", "")))
    say(request, _("存好了。请另一位分析员来看、来签。"))
    return HttpResponseRedirect(reverse("simulate-one", args=[scenario.pk]))


@needs("reforms.view")
@require_safe
def one(request: HttpRequest, scenario_id: UUID) -> HttpResponse:
    """`/simulate/<id>`: a saved scenario with its figures, and what can be done with it."""
    return page(request, "simulate/one.html", **_one(request, queries.scenario_called(request.user, scenario_id)))


@needs("reforms.sign")
@require_POST
def sign(request: HttpRequest, scenario_id: UUID) -> HttpResponse:
    """Sign as the second person."""
    return _step(request, scenario_id, lambda: actions.sign(scenario_id, acting_user=request.user, at=now()), _("签好了，已经留痕。"))


@needs("reforms.edit")
@require_POST
def withdraw(request: HttpRequest, scenario_id: UUID) -> HttpResponse:
    """Take it back, with the reason."""
    reason = request.POST.get("reason", "")
    return _step(request, scenario_id, lambda: actions.withdraw(scenario_id, reason=reason, acting_user=request.user, at=now()), _("撤回了。"))


@needs("reforms.view")
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """`/simulate/compare?id=…&id=…`: two or three scenarios side by side."""
    if not request.GET.getlist("id"):
        return HttpResponseRedirect(reverse("simulate") + "#saved")
    try:
        chosen = queries.compared(request.user, request.GET.getlist("id"))
    except LeyeError as error:
        if isinstance(error, NotFound):
            raise
        return refusal(request, error, "simulate/index.html", **_index(request))
    return page(request, "simulate/compare.html", chosen=chosen, policies=_all_policies(chosen), groups=_all_groups(chosen))


@needs("reforms.view")
@require_safe
def list_csv(request: HttpRequest) -> HttpResponse:
    """The scenarios as a table."""
    rows = (
        (s.pk, s.name, s.state, s.on, str(s.made_by), s.made_at, str(s.signed_by or ""), s.signed_at, s.body["cost_before_fen"],
         s.body["cost_after_fen"], s.body["winners"], s.body["losers"])
        for s in queries.scenarios(request.user)
    )  # fmt: skip
    return csv_answer("reforms.csv", LIST_HEADER, rows)


@needs("reforms.view")
@require_safe
def table_csv(request: HttpRequest, scenario_id: UUID, table: str) -> HttpResponse:
    """`/simulate/<id>/policies.csv` and the other tables of a scenario."""
    scenario = queries.scenario_called(request.user, scenario_id)
    try:
        header, rows = tables_of(scenario.body, table)
    except KeyError:
        raise not_found() from None
    return csv_answer(f"reform-{table}-{scenario.pk}.csv", header, rows)


@needs("reforms.view")
@require_safe
def paper(request: HttpRequest, scenario_id: str, ending: str) -> HttpResponse:
    """`/simulate/<id>.docx`, `.yaml`: the report in Chinese, the reform as text."""
    scenario = queries.scenario_called(request.user, scenario_id)
    name = f"reform-{scenario.pk}.{ending}"
    if ending == "yaml":
        return file_answer(scenario.text, name, "application/yaml; charset=utf-8")
    with translation.override("zh-hans"):
        site = request.build_absolute_uri("/").rstrip("/")
        return file_answer(docx_of(scenario, is_city=is_demo_city(published_snapshot()), site=site), name, DOCX)


def _step(request: HttpRequest, scenario_id: UUID, act: Any, done: str) -> HttpResponse:
    try:
        act()
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "simulate/one.html", **_one(request, queries.scenario_called(request.user, scenario_id)))
    say(request, done)
    return HttpResponseRedirect(reverse("simulate-one", args=[scenario_id]))


def _notified(request: HttpRequest) -> bool:
    return request.POST.get("notified") == "1"


def _index(request: HttpRequest, *, text: str = "") -> dict[str, Any]:
    typed = request.POST if request.method == "POST" else request.GET
    may_edit = can(request.user, "reforms.edit")
    packs, on = packs_here(), rules_day()
    shown = Paginator(queries.scenarios(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "on": on,
        "may_edit": may_edit,
        "choices": simulate_form.policy_choices(packs, on),
        "regions": simulate_form.region_choices(packs),
        "form": simulate_form.form_of(typed, packs, on) if may_edit else None,
        "policy": typed.get("policy", ""),
        "region": typed.get("region", simulate_form.NATION),
        "typed": typed,
        "text": text or typed.get("text", ""),
        "base": typed.get("base", ""),
        "shown": shown,
        "has_people": _has_people(),
    }


def _result(request: HttpRequest, text: str, body: dict[str, Any], *, found: Found) -> dict[str, Any]:
    packs = packs_here()
    return {
        "text": text,
        "body": body,
        "figure": path_figure(request, body["months"], actions.sha256_of(body)),
        "may_edit": can(request.user, "reforms.edit"),
        "choices": simulate_form.policy_choices(packs, found.on),
        "notified": _notified(request),
        "on": found.on,
        "people_sha256": found.people_sha256,
    }


def _one(request: HttpRequest, scenario: Scenario) -> dict[str, Any]:
    return {
        "scenario": scenario,
        "text": scenario.text,
        "body": scenario.body,
        "figure": path_figure(request, scenario.body["months"], scenario.body_sha256),
        "steps": queries.next_steps(request.user, scenario),
        "is_own": scenario.made_by_id == request.user.pk,
        "may_edit": can(request.user, "reforms.edit"),
        "on": scenario.on,
        "people_sha256": scenario.people_sha256,
    }


def _has_people() -> bool:
    try:
        simulating.people_table()
    except LeyeError:
        return False
    return True


def _all_policies(chosen: list[Scenario]) -> list[tuple[str, list[dict[str, Any] | None]]]:
    """Per policy that differs in any scenario its row in each; None where the scenario does not touch it."""
    names = list(dict.fromkeys(p for s in chosen for p in s.body["differing"]))
    rows = [{r["policy"]: r for r in s.body["policies"]} for s in chosen]
    return [(next(s.body["names"][n]["zh"] for s in chosen if n in s.body["names"]), [r.get(n) for r in rows]) for n in names]


def _all_groups(chosen: list[Scenario]) -> list[tuple[str, str, list[dict[str, Any] | None]]]:
    """(column, value, its row in each scenario)."""
    keys = list(dict.fromkeys((r["column"], r["zh"]) for s in chosen for r in s.body["groups"]))
    rows = [{(r["column"], r["zh"]): r for r in s.body["groups"]} for s in chosen]
    words = {c: w for s in chosen for c, w in s.body["columns"].items()}
    return [(words[c], v, [r.get((c, v)) for r in rows]) for c, v in keys]
