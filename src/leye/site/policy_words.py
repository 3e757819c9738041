"""Words of the open policy pages: for whom, until when, how much, what a line of an explanation says."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from leye.kernel.codes import region_code, region_name
from leye.kernel.errors import NotFound
from leye.policy.explain.labels import quantity
from leye.policy.explain.overview import GROUPS, Overview
from leye.policy.facts import Fact
from leye.policy.pack import Parameter, ParameterValue
from leye.site.rules_words import about_word, fund_word, money_word, unit_word
from leye.site.words import day_text, is_english, pick

FILLED = ("status", "cover", "rate", "deferral")
"""Units of policies that pay nothing."""


def name_word(name: str) -> str:
    """A name as people say it: a family and its member are set apart."""
    return name.replace("_", "：")


def group_word(key: str) -> str:
    """失业人员, 高校毕业生, …"""
    return pick(*GROUPS[key][:2])


def groups_word(row: Overview) -> str:
    """All groups of a policy."""
    return (", " if is_english() else "、").join(group_word(g) for g in row.groups)


def until_word(row: Overview, on: date) -> str:
    """Until when it stands, when it ended, or from when on it will."""
    version = row.version
    if version is None:
        return _("本地没有这项政策")
    if not row.is_in_force:
        return (_("%(day)s 起执行") if version.start > on else _("%(day)s 已到期")) % {
            "day": day_text(version.start if version.start > on else version.end)
        }
    return _("到 %(day)s") % {"day": day_text(version.end)} if version.end else _("长期")


def amount_word(row: Overview) -> str:
    """每月 800 元, 1,000 元至 2,000 元, 最高 300,000 元; why there is none; by the rule where it has no limits of its own."""
    unit = row.version.unit if row.version is not None else ""
    if unit in FILLED or not row.is_in_force or row.version is None:
        return unit_word(unit) if unit in FILLED else ""
    if row.version.amount is None:
        return _("按当地规定")
    low, high = row.low_fen, row.high_fen
    if high is None:
        return _("按规则计算")
    said = money_word(high) if low == high else _("%(low)s 至 %(high)s") % {"low": money_word(low), "high": money_word(high)} if low else ""
    said = said or _("最高 %(high)s") % {"high": money_word(high)}
    return _("每月 %(money)s") % {"money": said} if unit == "month" else _("每年 %(money)s") % {"money": said} if unit == "year" else said


def place_word(region: str) -> str:
    """全国, or the name of the place with those it lies in: 广东省 佛山市."""
    code = region_code(region)
    if code is None:
        return _("全国")
    names = []
    for known in dict.fromkeys((code[:2] + "0000", code[:4] + "00", code)):
        try:
            names.append(region_name(known))
        except NotFound:
            continue
    return " ".join(names) or region


def figure_word(parameter: Parameter, value: ParameterValue) -> str:
    """A figure of a place, or the formula that stands in its place."""
    return number_word(value.value, parameter.unit) if value.formula is None else _("按公式：%(formula)s") % {"formula": value.formula_text}


def number_word(value: int | None, unit: str) -> str:
    """12 个月, 2,100 元, 90%, 5.5%; plain where the unit says nothing to people.

    >>> number_word(90, "pct"), number_word(550, "basis points")
    ('90%', '5.5%')
    """
    if value is None:
        return _("未知")
    if unit.startswith("fen"):
        return money_word(value)
    if unit in ("pct", "basis points"):
        return f"{value if unit == 'pct' else value / 100:g}%"
    if unit == "bool":
        return _("是") if value else _("否")
    return quantity(value, unit, english=is_english())


def days_of(value: ParameterValue) -> str:
    """From which day to which a figure holds; empty where nothing was seen."""
    if value.start == date.min:
        return ""
    if value.end is None:
        return _("%(day)s 起") % {"day": day_text(value.start)}
    return _("%(start)s 至 %(end)s") % {"start": day_text(value.start), "end": day_text(value.end)}


def hint_word(fact: Fact) -> str:
    """What may be written in a field: the unit and the limits."""
    if fact.type == "fen":
        return _("元")
    if fact.type == "int" and fact.is_range:
        return _("%(low)s 到 %(high)s 的整数") % {"low": fact.low, "high": fact.high}
    return ""


__all__ = [
    "about_word", "amount_word", "days_of", "figure_word", "fund_word", "group_word", "groups_word", "hint_word", "money_word", "name_word",
    "number_word", "place_word", "unit_word", "until_word",
]  # fmt: skip
