"""Words of entitlements, claims and the daily list in the page's language. Money to the fen: a subsidy is not rounded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from leye.office.entitlements.models import RESULT_EN, SOURCE_EN, STATE_EN, Result, Source, State
from leye.policy import Policy
from leye.site.words import is_english, pick

MARKS = {True: "✔", False: "✘", None: "?"}


def money(fen: int | None) -> str:
    """1,872 元, 1,872.50 元; 未知 when there is none."""
    if fen is None:
        return _("未知")
    figure = f"{fen // 100:,}" if fen % 100 == 0 else f"{fen / 100:,.2f}"
    return f"¥{figure}" if is_english() else f"{figure} 元"


def policy_name(policy: Policy | None, code: str = "") -> str:
    """Name for people: a family and its member are set apart; an id that the packs do not know stands as it is."""
    return pick(policy.name.replace("_", "："), policy.name_en) if policy is not None else code


def shown_name(name: str) -> str:
    """The same for a name that is in the page's language already."""
    return name.replace("_", "：")


def amount_text(fen: int | None, months: int | None, unit: str | None) -> str:
    """每月 1,872 元，还可领 6 个月; 一次 1,500 元; 最高可贷…; empty for what pays nothing."""
    if unit in ("status", "cover", "rate", "deferral", None):
        return ""
    if fen is None:
        return _("金额由经办机构核定")
    if unit == "month":
        said = _("每月 %(money)s") % {"money": money(fen)}
        return said if months is None else _("%(said)s，还可领 %(n)s 个月") % {"said": said, "n": months}
    return {"once": _("一次 %(money)s"), "year": _("本年 %(money)s"), "loan": _("最高可贷 %(money)s")}[unit] % {"money": money(fen)}


def verdict_word(verdict: bool | None) -> str:
    """符合, 不符合, 待核实."""
    return {True: _("符合"), False: _("不符合"), None: _("待核实")}[verdict]


def verdict_mark(verdict: bool | None) -> str:
    """✔ ✘ ?: beside the word, never alone."""
    return MARKS[verdict]


def state_word(state: str) -> str:
    """已告知, 已申请, …"""
    return pick(str(State(state).label), STATE_EN[State(state)])


def result_word(result: str) -> str:
    """办了, 没接, …"""
    return pick(str(Result(result).label), RESULT_EN[Result(result)])


def results() -> list[tuple[str, str]]:
    """Codes and words of the five buttons."""
    return [(str(r), result_word(r)) for r in (Result.DONE, Result.APPLIED, Result.NO_ANSWER, Result.LATER, Result.UNWILLING)]


def source_word(source: str) -> str:
    """本人填报, …"""
    return pick(str(Source(source).label), SOURCE_EN[Source(source)])


def fact_word(facts: Any, name: str, words: Mapping[str, Any] | None = None) -> str:
    """Name of a fact."""
    english = words[name].name_en if words and name in words else name
    return pick(facts.facts[name].zh, english) if name in facts.facts else name


def deadline_text(deadline: date | None, on: date) -> str:
    """9月7日前申请（还有 7 天）; empty without one."""
    from leye.site.words import day_text

    if deadline is None:
        return ""
    left = (deadline - on).days
    if left < 0:
        return _("%(day)s 已过期限") % {"day": day_text(deadline)}
    return _("%(day)s 前申请（还有 %(n)s 天）") % {"day": day_text(deadline), "n": left}


def is_soon(deadline: date | None, on: date) -> bool:
    """Whether the deadline lies within a month."""
    return deadline is not None and (deadline - on).days <= 30


def documents(policy: Policy) -> list[str]:
    """Papers to bring, in the page's language; Chinese where English is missing."""
    english = [d for d in policy.apply.documents_en if d]
    return list(english if is_english() and len(english) == len(policy.apply.documents_zh) else policy.apply.documents_zh)


def where(policy: Policy) -> str:
    """Where to apply."""
    return pick(policy.apply.where_zh, policy.apply.where_en)


def scope_word(scope: str) -> str:
    """同一个月, 同一张证书, …"""
    return {
        "same_month": _("同一个月"),
        "same_certificate": _("同一张证书"),
        "same_hire": _("同一次招用"),
        "same_business": _("同一个创业主体"),
        "once": _("只能享受一次"),
        "same_person": _("同一人不能都享受"),
    }.get(scope, scope)


def about_word(code: str) -> str:
    """A policy or a question of the risk profile by its name; anything else as it stands."""
    from leye.office.entitlements.files import packs_here
    from leye.site import risk_words

    return policy_name(packs_here().policies.get(code), risk_words.question_word(code))


def fact_and_value(name: str, value: Any) -> str:
    """出生日期 1985-06-11; empty for what is no fact."""
    from leye.office.entitlements.files import packs_here
    from leye.policy.explain.fact_words import fact_words

    packs = packs_here()
    if name not in packs.facts.facts:
        return ""
    return f"{fact_word(packs.facts, name, fact_words(packs))} {packs.facts.facts[name].word(value)}"
