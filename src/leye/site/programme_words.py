"""Words of the pages on programmes: findings, groups, rules, points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from leye.kernel.signs import signed
from leye.office.programmes.models import STATE_EN, State
from leye.policy.optimise.programmes import GROUPS_ZH
from leye.policy.optimise.report_zh import KINDS_ZH, VERDICTS_ZH
from leye.site.words import pick

Body = Mapping[str, Any]
VERDICTS_EN = {"effective": "effective", "no_evidence": "no evidence of an effect", "harmful": "harmful", "not_evaluated": "cannot be evaluated"}
KINDS_EN = {"floor_share": "at least this share", "cap_share": "at most this share", "places": "places", "at_least": "at least", "at_most": "at most"}
GROUPS_EN = {
    "women": "women",
    "men": "men",
    "disabled": "disabled people",
    "rural": "rural households",
    "graduates": "graduates",
    "hard_to_employ": "hard to employ",
    "dibao": "on dibao",
    "veterans": "veterans",
    "youth": "under 25",
    "older": "45 and older",
}
STEPS_EN = {
    "读表": "reading tables",
    "标注谁符合哪个项目": "marking who is eligible",
    "估计效果，安排名额": "effects and places",
    "学规则，写报告": "rules and report",
    "逐人留痕": "sealing outcomes",
}


def headline(body: Body) -> str:
    """安排 200 人，花 300,000 元，预计多就业 24.7 人; or that nothing is worth placing."""
    allocation = body["allocation"]
    if not allocation or not allocation["placed"]:
        return _("没有一个项目有证据表明有效，不建议安排名额")
    low, high = allocation["expected_interval_95"]
    said = _("建议安排 %(n)s 人，预计多就业 %(e)s 人（%(l)s–%(h)s）")
    return said % {"n": f"{allocation['placed']:,}", "e": f"{allocation['expected_effect']:.1f}", "l": f"{low:.1f}", "h": f"{high:.1f}"}


def state_word(state: str) -> str:
    """草案, 已签署, 已撤回."""
    return pick(State(state).label, STATE_EN[State(state)])


def verdict_word(verdict: str) -> str:
    """有效, 没有证据表明有效, …"""
    return pick(VERDICTS_ZH[verdict], VERDICTS_EN[verdict])


def group_word(group: str | None) -> str:
    """残疾人; a region by its code; everybody without a group."""
    if group is None:
        return _("全部")
    return pick(GROUPS_ZH.get(group, group.removeprefix("region:")), GROUPS_EN.get(group, group.removeprefix("region:")))


def rule_word(row: Body) -> str:
    """残疾人保底比例."""
    return f"{group_word(row['group'])} {pick(KINDS_ZH[row['kind']], KINDS_EN[row['kind']])}"


def points(share: float | None) -> str:
    """+12.3; a dash where nothing is known."""
    return "—" if share is None else signed(share * 100)


def span(interval: list[float] | None) -> str:
    """+6.2 – +18.5."""
    return "—" if not interval else f"{points(interval[0])} – {points(interval[1])}"


def tiny(gap: float | None) -> str:
    """A relative gap as people read it."""
    return "—" if gap is None else "< 0.0001 %" if gap < 1e-6 else f"{gap * 100:.4f} %"


def step_word(step: str) -> str:
    """What the worker is at."""
    return pick(step, STEPS_EN.get(step, step)) or "…"
