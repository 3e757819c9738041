"""Steps of one version: each view reads its form, calls the action and comes back to the version's page, or shows the refusal there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leye.kernel.clock import BEIJING
from leye.kernel.errors import BadInput, LeyeError
from leye.office.accounts.models import User
from leye.office.clock import now
from leye.office.permissions import needs
from leye.office.registry import actions, incidents, reading, sandboxes, spot_checks
from leye.office.web.errors import status_of
from leye.site.admin.registry_page import version_context
from leye.site.page import page, say
from leye.trust.registry.sandbox import Metric, Plan


@needs("registry.edit")
@require_POST
def assess(request: HttpRequest, version_id: int) -> HttpResponse:
    """Hand in the self-assessment."""
    document, reason = _document(request), request.POST.get("reason", "")
    return _after(
        request,
        version_id,
        lambda u, at: actions.assess(version_id, reason=reason, acting_user=u, at=at, document=document),
        _("评估交上了，等两方签字"),
    )


@needs("registry.edit")
@require_POST
def file(request: HttpRequest, version_id: int) -> HttpResponse:
    """Record the filing."""

    def act(user: User, at: datetime) -> None:
        form = request.POST
        actions.file(version_id, number=form.get("number", ""), on=_day(form.get("filed_on", "")), expires_on=_day(form.get("expires_on", "")),
                     reason=form.get("reason", ""), acting_user=user, at=at, document=_document(request))  # fmt: skip

    return _after(request, version_id, act, _("备案登记好了"))


@needs("registry.edit")
@require_POST
def launch(request: HttpRequest, version_id: int) -> HttpResponse:
    """Start running."""
    reason = request.POST.get("reason", "")
    return _after(request, version_id, lambda u, at: actions.launch(version_id, reason=reason, acting_user=u, at=at), _("上线运行了"))


@needs("registry.suspend")
@require_POST
def suspend(request: HttpRequest, version_id: int) -> HttpResponse:
    """Stop it."""
    document, reason = _document(request), request.POST.get("reason", "")
    return _after(
        request,
        version_id,
        lambda u, at: actions.suspend(version_id, reason=reason, acting_user=u, at=at, document=document),
        _("暂停了，事情由人来办"),
    )


@needs("registry.suspend")
@require_POST
def blacklist(request: HttpRequest, version_id: int) -> HttpResponse:
    """Put it on the blacklist."""
    document, reason = _document(request), request.POST.get("reason", "")
    return _after(
        request, version_id, lambda u, at: actions.blacklist(version_id, reason=reason, acting_user=u, at=at, document=document), _("列入黑名单了")
    )


@needs("registry.sign")
@require_POST
def sign(request: HttpRequest, version_id: int) -> HttpResponse:
    """Sign the review before launch."""
    note = request.POST.get("note", "")
    return _after(request, version_id, lambda u, at: actions.sign(version_id, acting_user=u, at=at, note=note), _("签好了"))


@needs("registry.edit")
@require_POST
def sandbox(request: HttpRequest, version_id: int) -> HttpResponse:
    """Set up or change a pilot."""
    return _after(request, version_id, lambda u, at: sandboxes.set_sandbox(version_id, _plan(request), acting_user=u, at=at), _("沙盒设好了"))


@needs("registry.sign")
@require_POST
def metric(request: HttpRequest, version_id: int) -> HttpResponse:
    """Record a value of a pilot's metric."""

    def act(user: User, at: datetime) -> None:
        form = request.POST
        value = _number(form.get("value", ""), _("指标"))
        sandboxes.record_metric(version_id, form.get("metric", ""), value, note=form.get("note", ""), acting_user=user, at=at)

    return _after(request, version_id, act, _("记下了"))


@needs("registry.edit")
@require_POST
def conclude(request: HttpRequest, version_id: int) -> HttpResponse:
    """The verdict on a pilot."""
    is_passed, note = request.POST.get("verdict") == "passed", request.POST.get("reason", "")
    return _after(
        request, version_id, lambda u, at: sandboxes.conclude(version_id, is_passed=is_passed, note=note, acting_user=u, at=at), _("沙盒有结论了")
    )


@needs("registry.sign")
@require_POST
def spot_check(request: HttpRequest, version_id: int) -> HttpResponse:
    """Draw a sample."""

    def act(user: User, at: datetime) -> None:
        size = int(_number(request.POST.get("size", "") or str(spot_checks.SAMPLE), _("条数")))
        spot_checks.draw_spot_check(version_id, size=size, acting_user=user, at=at)

    return _after(request, version_id, act, _("抽好了，逐条看"))


@needs("registry.sign")
@require_POST
def judge(request: HttpRequest, version_id: int, check_id: int, place: int) -> HttpResponse:
    """Say what was found of one drawn decision."""
    found, note = request.POST.get("found", ""), request.POST.get("note", "")
    return _after(
        request,
        version_id,
        lambda u, at: spot_checks.judge(check_id, place, found=found, note=note, acting_user=u, at=at),
        _("记下了"),
        f"#check-{check_id}",
    )


@needs("registry.suspend")
@require_POST
def incident(request: HttpRequest, version_id: int) -> HttpResponse:
    """Open an incident and trace it."""

    def act(user: User, at: datetime) -> None:
        form = request.POST
        starts_at, ends_at = _instant(form.get("starts_at", "")), _instant(form.get("ends_at", ""))
        incidents.open_incident(
            version_id,
            starts_at=starts_at,
            ends_at=ends_at,
            about=form.get("about", ""),
            region=form.get("region", "").strip()[:6],
            acting_user=user,
            at=at,
        )

    return _after(request, version_id, act, _("事件登记了，这一时段的决定已经固定"))


@needs("registry.suspend")
@require_POST
def close_incident(request: HttpRequest, version_id: int, incident_id: int) -> HttpResponse:
    """Say what came of it."""
    result = request.POST.get("result", "")
    return _after(request, version_id, lambda u, at: incidents.close_incident(incident_id, result=result, acting_user=u, at=at), _("事件办结了"))


def _after(request: HttpRequest, version_id: int, act: Callable[[Any, datetime], object], text: str, part: str = "") -> HttpResponse:
    """Do it and come back; a refusal is shown on the version's page, with what to do next."""
    try:
        act(request.user, now())
    except LeyeError as error:
        context = version_context(request, reading.version_called(version_id))
        return page(request, "registry/version.html", status=status_of(error), refused=error, **context)
    say(request, text)
    return HttpResponseRedirect(reverse("registry-version", args=[version_id]) + part)


def _document(request: HttpRequest) -> str:
    """SHA-256 of the uploaded document, which itself is not kept; empty without one."""
    upload = request.FILES.get("document")
    return hashlib.sha256(upload.read()).hexdigest() if upload is not None and upload.size else ""


def _plan(request: HttpRequest) -> Plan:
    form = request.POST
    ends_on = _day(form.get("ends_on", ""))
    if ends_on is None:
        raise BadInput("沙盒要有到期日", en="a sandbox has an end", remedy_zh="选一个日期", remedy_en="choose a day", code="E_SANDBOX")
    name = form.get("metric", "").strip()[:60]
    watched = Metric(name, name, name, _number(form.get("worst", ""), _("底线")), form.get("bad") != "below")
    return Plan(int(_number(form.get("max_subjects", ""), _("人数上限"))), ends_on, (watched,) if name else ())


def _number(text: str, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not abs(value) < 1e15:
        raise BadInput(f"{what}要填一个数", en="a number is needed", remedy_zh="只写数字", remedy_en="digits only", code="E_NUMBER")
    return value


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"“{text[:20]}”不是日期", en="not a date", remedy_zh="写成 2025-09-01", remedy_en="write 2025-09-01", code="E_DATE") from None


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"“{text[:25]}”不是时间", en="not an instant", remedy_zh="写成 2025-09-01T08:00", remedy_en="write 2025-09-01T08:00",
                       code="E_DATE") from None  # fmt: skip
    return found if found.tzinfo else found.replace(tzinfo=BEIJING)
