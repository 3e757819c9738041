"""Words of the pages on moves, courses and the skill radar."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from leye.kernel.codes import region_name
from leye.match.columns import EDUCATION
from leye.match.transitions.profiles import Profile
from leye.office.nightly.skills_step import POOLED
from leye.site.words import pick

SCHOOLING = dict(
    zip(EDUCATION, (("小学", "primary"), ("初中", "junior secondary"), ("高中", "senior secondary"), ("中专、技校", "vocational secondary"), ("大专",
    "junior college"),
                    ("本科", "bachelor"), ("硕士", "master"), ("博士", "doctor")), strict=True)
)  # fmt: skip


def schooling_word(code: str) -> str:
    """大专, 本科, …"""
    return pick(*SCHOOLING[code]) if code in SCHOOLING else _("不限")


def job_word(profile: Profile) -> str:
    """The name in daily use; the classification's own stands beside it on the page."""
    return profile.name


def best_word(code: str) -> str:
    """What an option is best at among those shown."""
    return {"distance": _("最近"), "pay": _("工资最高"), "demand": _("需求最好"), "exposure": _("受AI影响最小")}.get(code, code)


def trend_word(trend: int | None) -> str:
    """Direction of demand of the middle group."""
    return {1: _("▲ 上升"), 0: _("＝ 看不出变化"), -1: _("▼ 下降")}.get(trend, _("未知")) if trend is not None else _("未知")


def verdict_word(verdict: str) -> str:
    """What the band allows to say."""
    return {"rising": _("▲ 上升"), "falling": _("▼ 下降"), "steady": _("＝ 看不出变化")}.get(verdict, _("资料不足"))


def against_word(against: str) -> str:
    """What the month ahead is held against."""
    return {"year_ago": _("一年前同月"), "last_six": _("近六个月中位数")}.get(against, _("未知"))


def pay_word(fen: int | None) -> str:
    """Monthly pay in whole yuan."""
    return _("未知") if fen is None else _("%(n)s 元/月") % {"n": f"{round(fen / 100):,}"}


def change_word(share: float | None) -> str:
    """A change of pay with its sign."""
    return _("未知") if share is None else f"{share:+.0%}"


def exposure_word(span: tuple[float, float] | None) -> str:
    """The range of the sources, in percent."""
    return _("未知") if span is None else f"{span[0]:.0%}–{span[1]:.0%}"


def skill_word(blip: Any) -> str:
    """Name of a skill of the radar."""
    if blip.id == POOLED:
        return _("其他技能（合并）")
    return pick(blip.skill.zh, blip.skill.en) if blip.skill is not None else str(blip.id)


def fee_word(yuan: int) -> str:
    """免费, or the fee."""
    return _("免费") if yuan == 0 else _("%(n)s 元") % {"n": f"{yuan:,}"}


def far_word(offer: Any) -> str:
    """线上, or the kilometres as the crow flies; empty where it is unknown from where."""
    if offer.course.mode == "online":
        return _("线上")
    return "" if offer.km is None else _("约 %(n)s 公里") % {"n": f"{offer.km:.0f}" if offer.km >= 1 else "<1"}


def home_word(home: Any) -> str:
    """From where kilometres are counted."""
    return _("从%(place)s的中心算") % {"place": place_word(home.region)} if home.region else _("从您资料里的住处算")


def place_word(region: str) -> str:
    """A district by its name."""
    return region_name(region)
