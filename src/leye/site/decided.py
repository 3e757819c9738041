"""What a decision's codes and inputs mean, in the page's language, from the algorithm's card."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from django.utils.translation import gettext

from leye.city.panel import PLATFORMS
from leye.kernel.decision import InputValue
from leye.office.decisions.erase import years_of
from leye.office.registry.texts import CardTexts, Pair
from leye.site import entitlement_words
from leye.site.words import is_english, pick

_FIGURE = re.compile(r"\{\w+\}")
LONGEST = 600
"""Characters of one input on a page; the rest is in the download."""


INPUTS = {
    "order_id": ("订单号", "order"),
    "run": ("运行", "run"),
    "alert": ("预警", "alert"),
    "since": ("从何时起", "since"),
    "evidence": ("依据", "evidence"),
    "lamp": ("亮灯月份", "month of the lamp"),
    "sex": ("性别", "sex"),
    "age_band": ("年龄段", "age band"),
    "M": ("男", "men"),
    "F": ("女", "women"),
    "on": ("按哪一天的规则", "day of the rules"),
    "rule": ("规则指纹", "fingerprint of the rule"),
    "policy": ("政策", "policy"),
    "months": ("还可领月数", "months left"),
    "missing": ("还缺的事实", "missing facts"),
    "choice": ("同类取舍", "choice within a group"),
    "about": ("职工", "employee"),
    "item": ("哪一项", "which one"),
    "p_6": ("六个月内的可能", "chance within six months"),
    "p_12": ("十二个月内的可能", "chance within twelve months"),
    "low_12": ("范围：低", "range: low"),
    "high_12": ("范围：高", "range: high"),
    "contributions": ("各项作用（对数几率）", "contributions (log odds)"),
}
"""Inputs and protected attributes that are no features of a card."""

VALUES = {**PLATFORMS, "standard": ("普通", "standard"), "premium": ("优质", "premium")}
"""Values of inputs that the demo's platform hands in as codes."""

BREAKERS = {
    "closed": ("正常，由算法决定", "closed: the algorithm decides"),
    "dual": ("双轨，人和算法同时决定", "dual: people decide beside it"),
    "open": ("断开，由人决定", "open: people decide"),
    "half_open": ("半开，试运行", "half open: on trial"),
}
BASES = {
    "statement": ("报送的规则说明", "the operator's statement"),
    "run": ("运行", "run"),
    "card": ("备案卡", "card"),
}
"""First part of a basis `kind:name` -> words."""


def outcome_word(card: CardTexts, code: str) -> str:
    """派给, 未派, …"""
    return _word(card.outcomes, code)


def feature_word(card: CardTexts, name: str) -> str:
    """接单片区, 空闲时长, 订单号, …; a policy by its name."""
    if name in card.features:
        return _word(card.features, name)
    return _word(INPUTS, name) if name in INPUTS else entitlement_words.about_word(name)


def reason_word(card: CardTexts, code: str) -> str:
    """A reason's words without its figures, which a batch does not repeat."""
    return _FIGURE.sub("…", _word(card.reasons, code))


def purpose_word(card: CardTexts, code: str) -> str:
    """派单, 及早发现就业形势变化, …"""
    return _word(card.purposes, code)


def breaker_word(state: str) -> str:
    """正常，由算法决定, …"""
    return _word(BREAKERS, state)


def retention_word(retention: str) -> str:
    """至少保存 3 年."""
    return gettext("至少保存 %(n)s 年") % {"n": years_of(retention)}


def basis_text(basis: str) -> str:
    """报送的规则说明 platform.dispatch; a clause or anything else as it stands."""
    kind, colon, name = basis.partition(":")
    if kind == "policy" and colon:
        return entitlement_words.about_word(name)
    return f"{_word(BASES, kind)} {name}" if colon and kind in BASES else basis


def protected_word(text: str) -> str:
    """性别, 年龄段, 男, 女; bands as they stand."""
    return _word(INPUTS, text)


def input_text(value: InputValue) -> str:
    """A value as people read it; what is not plain is shown as JSON, cut short."""
    if isinstance(value, bool):
        return pick("是", "yes") if value else pick("否", "no")
    if value is None:
        return pick("未知", "unknown")
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"
    text = _word(VALUES, value) if isinstance(value, str) else _facts_text(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _facts_text(value: InputValue) -> str:
    """Facts by their names; other lists and mappings as JSON."""
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    parts = [entitlement_words.fact_and_value(name, inner) or f"{_word(INPUTS, name)} {_plain(inner)}" for name, inner in value.items()]
    return ("; " if is_english() else "；").join(parts)


def _plain(value: InputValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _word(table: Mapping[str, Pair], code: str) -> str:
    found = table.get(code)
    return pick(*found) if found and found[0] else code
