"""One way to answer with a page: the template, the snapshot it speaks of, and what every page's frame needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from leye.kernel.errors import LeyeError, NotFound
from leye.office.permissions import can
from leye.office.published import Snapshot, published_snapshot
from leye.office.web.errors import status_of

NAV = (
    # group, permission, name of the address, words; pages in order of worth
    ("see", "cockpit.view", "cockpit", _("驾驶舱")),
    ("see", "monitoring.view", "cube", _("监测立方体")),
    ("see", "monitoring.view", "groups", _("重点群体")),
    ("see", "monitoring.view", "flows", _("人员流动")),
    ("see", "monitoring.view", "gaps", _("差距")),
    ("ahead", "series.view", "series-index", _("指标序列")),
    ("ahead", "series.view", "skills", _("技能与职业需求")),
    ("ahead", "forecasts.audit", "forecast-record", _("回测记录")),
    ("see", "reports.view", "reports", _("决策报告")),
    ("help", "today.view", "today", _("今日清单")),
    ("help", "prospects.view", "help-list", _("帮扶名单")),
    ("answer", "alerts.view", "alerts", _("预警处置")),
    ("answer", "plans.view", "plans", _("应对预案")),
    ("answer", "replays.view", "alert-replays", _("预警回放")),
    ("own", "entitlements.own", "my-policies", _("我的政策")),
    ("own", "entitlements.firm", "firm-policies", _("单位的政策")),
    ("work", "profiles.own", "my-profile", _("我的画像")),
    ("own", "prospects.own", "my-outlook", _("我的就业风险")),
    ("own", "decisions.own", "my-decisions", _("关于我的决定")),
    ("own", "objections.raise", "my-objections", _("我的申诉")),
    ("own", "reads.own", "my-data", _("我的资料")),
    ("policy", "claims.view", "claims", _("申领")),
    ("policy", "payments.check", "payment-conflicts", _("重复发放")),
    ("policy", "policy.rules", "rules", _("政策规则")),
    ("policy", "reforms.view", "simulate", _("政策模拟")),
    ("policy", "programmes.view", "programmes", _("项目资金安排")),
    ("policy", "promotion.view", "promotion", _("政策宣传")),
    ("fair", "decisions.replay", "replay-index", _("决策回放")),
    ("fair", "fairness.view", "fairness", _("公平审计")),
    ("fair", "prospects.audit", "risk-quality", _("风险画像质量")),
    ("fair", "review.view", "review", _("人工复核")),
    ("fair", "objections.view", "objections", _("申诉")),
    ("fair", "objections.handle", "data-requests", _("更正与删除")),
    ("fair", "breaker.view", "breakers", _("熔断器")),
    ("fair", "registry.view", "registry", _("算法备案")),
    ("data", "data.view", "data", _("数据质量")),
    ("data", "indicators.view", "indicators", _("指标库")),
    ("data", "releases.view", "releases", _("带噪发布")),
    ("data", "reads.view", "reads", _("读取记录")),
    ("work", "vacancies.own", "vacancies", _("我的岗位")),
    ("work", "vacancies.own", "post", _("发布岗位")),
    ("work", "applications.firm", "firm-applications", _("应聘")),
    ("work", "applications.own", "my-applications", _("我的应聘")),
    ("work", "applications.desk", "desk-applications", _("应聘进展")),
    ("work", "occupations.view", "occupations", _("职业编码")),
    ("work", "matches.own", "my-matches", _("适合我的岗位")),
    ("work", "searches.own", "my-searches", _("我的搜索")),
    ("work", "matches.view", "thin-vacancies", _("缺人的岗位")),
    ("work", "campaigns.view", "campaigns", _("招聘活动")),
    ("ahead", "impact.view", "impact", _("AI 影响")),
    ("ahead", "impact.view", "impact-reviews", _("就业影响评估")),
    ("work", "moves.view", "moves", _("转岗方向")),
    ("work", "moves.view", "skills-radar", _("技能雷达")),
)
GROUPS = {
    "own": _("我的"),
    "work": _("岗位与匹配"),
    "help": _("帮扶到人"),
    "see": _("看清变化"),
    "ahead": _("预测与需求"),
    "answer": _("预警与应对"),
    "policy": _("政策"),
    "fair": _("公平与监督"),
    "data": _("数据"),
}
FEW = 7
"""Pages up to which they stand in one line without groups. # chosen by us: what is taken in at a glance (design page of the screens)"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the navigation. is_here: the page that is open, or the one that it lies below."""

    name: str
    words: Any
    is_here: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """Pages that belong together; without words they stand by themselves."""

    words: Any
    entries: tuple[Entry, ...]

    @property
    def is_here(self) -> bool:
        """Whether the open page is one of these."""
        return any(e.is_here for e in self.entries)


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render inside the frame. `snapshot` is the published one unless the view hands in another."""
    context.setdefault("snapshot", published_snapshot())
    return render(request, template, context, status=status)


def nav_of(request: HttpRequest) -> list[Menu]:
    """Pages that this user may open, in order of worth: FEW or fewer in one line, more by groups; a group of one page is the page itself."""
    user = getattr(request, "user", None)
    mine = [(group, name, words) for group, permission, name, words in NAV if can(user, permission)]
    here = _here(request.path_info, [name for _group, name, _words in mine])
    entries = [(group, Entry(name, words, name == here)) for group, name, words in mine]
    if len(entries) <= FEW:
        return [Menu("", tuple(e for _group, e in entries))] if entries else []
    menus = [(words, tuple(e for g, e in entries if g == group)) for group, words in GROUPS.items()]
    return [Menu(words if len(found) > 1 else "", found) for words, found in menus if found]


def _here(path: str, names: list[str]) -> str | None:
    """The page whose address is the longest beginning of the open one, by whole parts: /data-requests lies under no /data."""
    under = [(len(at), name) for name in names if path == (at := reverse(name)) or path.startswith(at + "/")]
    return max(under)[1] if under else None


def say(request: HttpRequest, text: str) -> None:
    """A sentence for the next page, announced to readers of the screen."""
    messages.success(request, text)


def taken_messages(request: HttpRequest) -> list[str]:
    """What was said and not yet shown; shown once."""
    return [str(m) for m in messages.get_messages(request)] if hasattr(request, "_messages") else []


def csrf_field(request: HttpRequest) -> SafeString:
    """The hidden field of a form, masked once a page: Django's own masks it anew at each of fifty forms, which costs more than the table."""
    made: SafeString | None = getattr(request, "_leye_csrf_field", None)
    if made is None:
        made = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
        request._leye_csrf_field = made  # type: ignore[attr-defined]
    return made


def is_demo_city(snapshot: Snapshot | None) -> bool:
    """Whether the banner 演示数据 · 合成城市 belongs on the page."""
    return snapshot is not None and snapshot.is_city


def refusal(request: HttpRequest, error: LeyeError, template: str, **context: Any) -> HttpResponse:
    """The page again with the refusal where it belongs: what is wrong and what to do next."""
    return page(request, template, status=status_of(error), refused=error, **context)


def after(
    request: HttpRequest, act: Callable[[], object], said: str, to: str, *, template: str, context: Callable[[], Mapping[str, Any]]
) -> HttpResponse:
    """Do it, say so and go on to an address. A refusal is shown on the template it was asked from; what is not there stays not found.

    context: of that template, made only when it is needed.
    """
    try:
        act()
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, template, **context())
    say(request, said)
    return HttpResponseRedirect(to)
