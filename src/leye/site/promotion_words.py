"""Words of campaigns in the page's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from leye.kernel.signs import signed
from leye.office.entitlements.files import packs_here
from leye.office.promotion.models import STATE_EN, State
from leye.policy.promote import shipped_channels
from leye.policy.promote.elements import title_of
from leye.site.words import day_text, pick

STAGE_ORDER = ("reached", "delivered", "opened", "applied", "paid")


def state_word(state: str) -> str:
    """草稿, 已签发, …"""
    return pick(str(State(state).label), STATE_EN[State(state)])


def channel_word(channel: str) -> str:
    """短信, 微信, …"""
    name = shipped_channels().channel(channel).name
    return pick(name.zh, name.en)


def sheets_of(channel: str, parts: list[str]) -> list[str]:
    """The parts as one reads them: messages one by one, the lines of a sheet together."""
    return ["\n".join(parts)] if shipped_channels().channel(channel).size.line else parts


def policy_word(policy: str) -> str:
    """Name of a policy; its id where no pack knows it any more."""
    known = packs_here().policies.get(policy)
    return policy if known is None else pick(title_of(known.name), known.name_en)


def stage_word(stage: str) -> str:
    """轮到, 送达, 打开, 申请, 领到."""
    return {"reached": _("轮到"), "delivered": _("送达"), "opened": _("打开"), "applied": _("申请"), "paid": _("领到")}[stage]


def group_word(by: str) -> str:
    """What a funnel is split by."""
    return {"": _("全部"), "sex": _("性别"), "age_band": _("年龄"), "grid_id": _("网格")}[by]


def value_word(by: str, value: str) -> str:
    """女, 16—34, G00000001, 未知."""
    if value in ("", "未知"):
        return _("未知") if by else _("全部")
    return {"F": _("女"), "M": _("男")}.get(value, value) if by == "sex" else value


def step_word(step: int | None) -> str:
    """第 1 批, 留到最后."""
    return _("留到最后") if step is None or step < 0 else _("第 %(n)s 批") % {"n": step + 1}


def share_text(step: Any) -> str:
    """58%（55%–61%）."""
    if step.share is None or step.interval is None:
        return ""
    low, high = step.interval
    return f"{step.share:.0%} ({low:.0%}–{high:.0%})"


def added_text(cell: Any) -> str:
    """+7.7（3.8 到 11.6）, per hundred; empty where too few can be compared."""
    if cell.added is None:
        return ""
    return f"{signed(cell.added.value * 100)} ({range_text(cell.added)})"


def range_text(found: Any) -> str:
    """3.8 到 11.6, per hundred; a dash would be read as a minus."""
    return _("%(low)s 到 %(high)s") % {"low": f"{found.low * 100:.1f}", "high": f"{found.high * 100:.1f}"}


def day_or_nothing(day: Any) -> str:
    """A day, or nothing for grids kept to the end."""
    return day_text(day) if day else ""


def percent_fine(share: float) -> str:
    """A share with one or two digits: 4.0%, 0.96%."""
    return f"{share:.1%}" if share >= 0.02 else f"{share:.2%}"
