"""Words of breakers and reviews in the page's language."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leye.kernel.codes import region_name
from leye.kernel.errors import NotFound
from leye.office.review.models import Because, BreakerEvent, Verdict
from leye.site.words import pick

STATES = {
    # state: shape, colour, Chinese, English
    "closed": ("●", "green", "正常", "In order"),
    "dual": ("◆", "yellow", "双轨", "Dual track"),
    "half_open": ("⬟", "orange", "试运行", "On trial"),
    "open": ("▲", "red", "熔断", "Open"),
}
BECAUSE_EN = {
    Because.LOT: "Daily lot",
    Because.DUAL: "Dual track",
    Because.TRIAL: "After a restart",
    Because.REFERRED: "Breaker open: a person decides",
}
VERDICT_EN = {Verdict.AGREE: "Same", Verdict.DISAGREE: "Different", Verdict.OTHER: "None fits"}


def breaker_lamp(state: str) -> SafeString:
    """A breaker's state as shape, word and colour together."""
    shape, colour, zh, en = STATES[state]
    return format_html('<span class="lamp lamp-{}"><span class="lamp-shape" aria-hidden="true">{}</span> {}</span>', colour, shape, pick(zh, en))


def state_word(state: str) -> str:
    """正常, 双轨, …"""
    return pick(*STATES[state][2:])


def state_meaning(state: str) -> str:
    """Who decides, in one sentence."""
    return {
        "closed": _("机器决定，平时抽查一小部分。"),
        "dual": _("机器决定，人同时另判一部分，两边对照。"),
        "half_open": _("恢复试运行：机器决定，一半由人另判，连续一致才算恢复。"),
        "open": _("机器停下，由人决定。"),
    }[state]


def verb_word(verb: str) -> str:
    """What happened to a breaker."""
    return {
        "watch": _("转入双轨"),
        "unwatch": _("结束双轨"),
        "open": _("断开"),
        "restart": _("恢复试运行"),
        "agreed": _("复核一致"),
        "disagreed": _("复核不一致"),
        "misjudged": _("报误判"),
        "drift_seen": _("结果分布有变化"),
        "drift_tripped": _("结果分布大变"),
    }[verb]


def cause_of(event: BreakerEvent) -> str:
    """Why it changed: a person's words, or the statistics that crossed their limits."""
    found = event.detail.get("findings", {})
    crossed = [f"{name} {f['value']:.3g} > {f['limit']:.3g}" for name, f in found.items() if f.get("level", "none") != "none"]
    return event.why or "；".join(crossed)


def because_word(because: str) -> str:
    """Why a case is reviewed."""
    return pick(str(Because(because).label), BECAUSE_EN[Because(because)])


def verdict_word(verdict: str) -> str:
    """一致, 不一致, 另有结论."""
    return pick(str(Verdict(verdict).label), VERDICT_EN[Verdict(verdict)])


def place_word(region: str) -> str:
    """全市, or the district's name; its code where the table has no name, or in English."""
    if not region:
        return _("全市")
    try:
        return pick(region_name(region), region)
    except NotFound:
        return region


def span_text(seconds: int | None) -> str:
    """3 分 20 秒; 未知 when it was not measured.

    >>> span_text(200)
    '3 分 20 秒'
    """
    if seconds is None:
        return _("未知")
    if seconds < 60:
        return _("%(n)s 秒") % {"n": seconds}
    return _("%(m)s 分 %(s)s 秒") % {"m": seconds // 60, "s": seconds % 60}
