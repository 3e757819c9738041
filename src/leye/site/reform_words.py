"""Words of the simulation's pages: findings, funds, states, groups, values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from leye.office.reforms.models import STATE_EN, Scenario, State
from leye.policy.simulate.change_words import number_words
from leye.policy.simulate.report import FUNDS_ZH
from leye.site.words import is_english, pick, yuan

FUNDS_EN = {
    "ui_fund": "Unemployment insurance fund",
    "employment_fund": "Employment subsidies",
    "guarantee_fund": "Start-up loan guarantee fund",
    "injury_fund": "Occupational injury cover",
    "tax": "Tax forgone",
    "none": "No fund (employers)",
}
STEPS_EN = {"比较": "comparing", "按月成本": "cost by month", "申领率区间": "interval of take-up", "边际成本": "marginal cost"}
Body = Mapping[str, Any]


def step_word(step: str) -> str:
    """What a running simulation is at."""
    return pick(step, STEPS_EN.get(step, step)) or "…"


def headline(body: Body) -> str:
    """每年多花 28,500 元，39 人得益，12 人受损."""
    delta = body["cost_after_fen"] - body["cost_before_fen"]
    said = _("每年多花 %(y)s") if delta > 0 else _("每年少花 %(y)s") if delta < 0 else _("花的钱不变")
    money = said % {"y": yuan(abs(delta))} if delta else said
    return _("%(money)s，%(w)s 人得益，%(l)s 人受损") % {"money": money, "w": f"{body['winners']:,}", "l": f"{body['losers']:,}"}


def cheapest(chosen: Sequence[Scenario]) -> str:
    """The finding of a comparison."""
    first = min(chosen, key=lambda s: s.body["cost_after_fen"] - s.body["cost_before_fen"])
    reach = max(chosen, key=lambda s: s.body["winners"])
    if len({s.body["winners"] for s in chosen}) == 1:
        return _("“%(name)s”花钱最少，得益的人一样多") % {"name": first.name}
    if first.body["winners"] == reach.body["winners"]:
        return _("“%(name)s”花钱最少，得益的人也最多") % {"name": first.name}
    return _("“%(a)s”花钱最少，“%(b)s”得益的人最多") % {"a": first.name, "b": reach.name}


def state_word(state: str) -> str:
    """草案, 已签署, 已撤回."""
    return pick(str(State(state).label), STATE_EN[State(state)])


def fund_word(fund: str) -> str:
    """A fund's name."""
    return pick(FUNDS_ZH.get(fund, fund), FUNDS_EN.get(fund, fund))


def source_word(take_up: Mapping[str, Any]) -> str:
    """Whose take-up numbers were used."""
    said = {
        "assumed": _("申领率是假设的：价值一年 1,000 元的待遇有 %(base)s 的人申领（%(low)s–%(high)s），价值越高申领越多。"),
        "reform": _("申领率是方案里写明的假设。"),
        "fitted": _("申领率按本地记录拟合。"),
    }[take_up["source"]] % {"base": "60%", "low": "45%", "high": "75%"}
    if take_up["notified"]:
        said += _("假设逐人通知。")
    if take_up["source"] == "fitted":
        said += _("记录里 %(n)s 名符合者，%(t)s 名申领。") % {"n": f"{take_up['record_people']:,}", "t": f"{take_up['record_taken']:,}"}
    elif take_up.get("record_why"):
        said += _("本地记录不够：%(why)s。") % {"why": pick(take_up["record_why"], take_up.get("record_why_en", ""))}
    return said


def fund_sums(body: Body) -> list[dict[str, Any]]:
    """Per fund its word and the sums over the months."""
    sums: dict[str, list[int]] = {}
    for row in body["funds"]:
        found = sums.setdefault(row["pays"], [0, 0])
        found[0] += row["cost_before_fen"]
        found[1] += row["cost_after_fen"]
    return [{"word": fund_word(fund), "before": a, "after": b} for fund, (a, b) in sums.items()]


def month_count(body: Body) -> int:
    """Months of the path."""
    return len({row["month"] for row in body["months"]})


def column_heading(column: str, word: str) -> str:
    """按地区, by region."""
    known = {"region": "region", "sex": "sex", "age_band": "age"}
    return pick(f"按{word}", f"By {known.get(column, column)}")


def group_word(row: Mapping[str, Any]) -> str:
    """A group's value: Chinese words, or the value as it stands in English."""
    return pick(row["zh"], row["value"] if row["value"] is not None else "unknown")


def number_label(curve: Mapping[str, Any]) -> str:
    """What a curve moves."""
    return pick(curve["label"], curve["parameter"])


def value_word(curve: Mapping[str, Any], value: int) -> str:
    """A value of the curve with its unit; which one the law and the reform say."""
    text = number_words(value, curve["unit"])[1 if is_english() else 0]
    mark = _("（现行）") if value == curve["law"] else _("（方案）") if value == curve["value"] else ""
    return text + mark
