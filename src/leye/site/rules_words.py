"""Words of rule packs in the page's language: states, units, funds, groups of conditions, what a parameter says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from leye.kernel.codes import region_code, region_name
from leye.kernel.errors import NotFound
from leye.office.rules.models import STATE_EN, State
from leye.policy.pack import Clause, ClauseNode, Group, Parameter, Version
from leye.site.words import day_text, pick

UNITS = {
    "month": ("按月", "a month"),
    "year": ("按年", "a year"),
    "once": ("一次", "once"),
    "loan": ("贷款额度", "a loan, up to"),
    "status": ("身份认定", "a status"),
    "rate": ("费率", "a rate"),
    "deferral": ("缓缴", "a deferral"),
    "cover": ("保障", "cover"),
}
FUNDS = {
    "ui_fund": ("失业保险基金", "Unemployment insurance fund"),
    "employment_fund": ("就业补助资金", "Employment subsidy fund"),
    "guarantee_fund": ("创业担保贷款基金", "Loan guarantee fund"),
    "injury_fund": ("工伤和职业伤害保障基金", "Injury fund"),
    "tax": ("税费减免", "Taxes forgone"),
    "none": ("不花钱", "No money"),
}
ABOUT = {"person": ("个人", "A person"), "hire": ("一次招用", "A hire"), "firm": ("单位", "A firm")}
STATUSES = {"verified": ("已核实", "Verified"), "unverified": ("依据待核实", "Basis not verified")}
RULES = {"max_benefit": ("选金额高的", "the larger one"), "choose": ("自己选", "one's own choice"), "priority": ("按顺序", "by order")}
KINDS = {"all": ("都要满足", "All of these"), "any": ("满足一条即可", "One of these"), "not": ("不能是", "None of this")}
VERBS = {
    "saved": ("保存", "saved"),
    "signed": ("签字", "signed"),
    "sent_back": ("退回", "sent back"),
    "published": ("公布", "published"),
    "superseded": ("被新版代替", "replaced by a newer one"),
    "withdrawn": ("撤回", "withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One condition or group of a tree, at its depth."""

    level: int
    node: ClauseNode

    @property
    def is_group(self) -> bool:
        """Whether it is a group."""
        return isinstance(self.node, Group)


def lines_of(node: ClauseNode, level: int = 0) -> Iterator[Line]:
    """A tree in the order of reading."""
    yield Line(level, node)
    if isinstance(node, Group):
        for part in node.parts:
            yield from lines_of(part, level + 1)


def state_word(state: str) -> str:
    """草稿, 已签字…"""
    return pick(str(State(state).label), STATE_EN[State(state)])


def unit_word(unit: str) -> str:
    """按月, 一次…; others as they stand."""
    return pick(*UNITS.get(unit, (unit, unit)))


def fund_word(fund: str) -> str:
    """Which money pays."""
    return pick(*FUNDS.get(fund, (fund, fund)))


def about_word(about: str) -> str:
    """个人, 一次招用, 单位."""
    return pick(*ABOUT.get(about, (about, about)))


def status_word(status: str) -> str:
    """已核实, 依据待核实."""
    return pick(*STATUSES.get(status, (status, status)))


def rule_word(rule: str) -> str:
    """How one of a group is chosen."""
    return pick(*RULES.get(rule, (rule, rule)))


def verb_word(verb: str) -> str:
    """What was done to a draft."""
    return pick(*VERBS.get(verb, (verb, verb)))


def kind_word(group: Group) -> str:
    """都要满足, 满足一条即可, …"""
    if group.kind == "at_least":
        return _("至少满足 %(k)s 条") % {"k": group.k}
    return pick(*KINDS[group.kind])


def place_word(region: str) -> str:
    """全国, or the name of the place with its prefix."""
    code = region_code(region)
    if code is None:
        return _("全国")
    try:
        return f"{region_name(code)} {region}"
    except NotFound:
        return region


def days_word(version: Version) -> str:
    """From which day to which."""
    if version.end is None:
        return _("%(start)s 起，%(why)s") % {"start": day_text(version.start), "why": version.sunset or _("没有写终止日期")}
    return _("%(start)s 至 %(end)s") % {"start": day_text(version.start), "end": day_text(version.end)}


def amount_word(version: Version) -> str:
    """The amount as the file says it; the reason where there is none."""
    if version.amount_text:
        return version.amount_text
    return pick(version.amount_why_zh, version.amount_why_en) or _("不发钱")


def value_word(value: int | None, unit: str) -> str:
    """A number with its unit; money in yuan."""
    if value is None:
        return _("未知")
    if unit.startswith("fen"):
        return money_word(value)
    return f"{value:,} {unit}" if unit not in ("1", "") else f"{value:,}"


def money_word(fen: int) -> str:
    """An amount to the fen: a rule is exact.

    >>> money_word(250_050), money_word(80_000)
    ('2,500.50 元', '800 元')
    """
    text = f"{fen // 100:,}" if fen % 100 == 0 else f"{fen / 100:,.2f}"
    return pick(f"{text} 元", f"¥{text}")


def bounds_word(parameter: Parameter) -> str:
    """What any place may set; empty without bounds."""
    low, high = (None if v is None else value_word(v, parameter.unit) for v in (parameter.low, parameter.high))
    if low is None and high is None:
        return ""
    return _("最低 %(low)s，最高 %(high)s") % {"low": low or _("不限"), "high": high or _("不限")}


def is_condition(node: ClauseNode) -> bool:
    """Whether a node is a single condition."""
    return isinstance(node, Clause)
