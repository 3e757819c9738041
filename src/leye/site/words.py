"""Figures, months, lamps and units in the page's language. What is not known is said as unknown, never as zero."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import get_language, gettext

from leye.kernel import signs
from leye.kernel.clock import BEIJING
from leye.kernel.signs import signed

UNITS = {
    "person": ("人", "persons"),
    "post": ("个", "posts"),
    "call": ("次", "calls"),
    "order": ("单", "orders"),
    "ratio": ("比率", "ratio"),
    "times": ("倍", "times"),
}
COUNTED = frozenset({"person", "post", "call", "order"})
INDICATORS = {
    "insured": ("参保人数", "Insured persons"),
    "postings": ("招聘岗位数", "Job postings"),
    "postings_occ": ("招聘岗位数（按职业）", "Job postings by occupation"),
    "registered": ("登记失业人数", "Registered unemployed"),
    "claims": ("失业金申领人数", "Benefit claims"),
    "leaving": ("参保减员", "Leaving insurance"),
    "calls": ("12333热线", "12333 hotline calls"),
    "gig_orders": ("平台订单", "Platform orders"),
    "jobless_rate": ("城镇调查失业率", "Surveyed jobless rate"),
    "gap_region": ("区县失业差距", "Gap between districts"),
    "gap_rural": ("城乡失业差距", "Rural–urban gap"),
}
LEVELS = {
    # level: shape, Chinese, English, urgency in Chinese and English
    "red": ("▲", "红", "Red", "紧急", "urgent"),
    "orange": ("⬟", "橙", "Orange", "严重", "serious"),
    "yellow": ("◆", "黄", "Yellow", "留意", "attention"),
    "blue": ("■", "蓝", "Blue", "提示", "notice"),
    "green": ("●", "正常", "Normal", "", ""),
}
STATES = {
    "open": ("待处置", "Open"),
    "assigned": ("已派单", "Assigned"),
    "acting": ("处置中", "In hand"),
    "closed": ("已办结", "Closed"),
    "false_alarm": ("误报", "False alarm"),
}
MODELS = {
    "leye": ("乐业模型", "Leye"),
    "mix": ("组合", "Mix"),
    "lags_plain": ("滞后回归", "Lag regression"),
    "lags_robust": ("稳健滞后回归", "Robust lag regression"),
    "adjusted": ("逐期变化回归", "Regression of changes"),
    "adjusted_robust": ("稳健逐期变化回归", "Robust regression of changes"),
    "boosted": ("提升树", "Boosted trees"),
    "ces": ("复指数平滑", "Complex exponential smoothing"),
    "smoothed_growth": ("同比平滑", "Smoothed growth"),
    "theta": ("Theta", "Theta"),
    "ets": ("指数平滑", "Exponential smoothing"),
    "auto_theta": ("自选 Theta", "Automatic Theta"),
    "seasonal_naive": ("去年同期", "Seasonal naive"),
    "naive": ("上期不变", "Naive"),
    "fallback": ("简单外推", "Fallback"),
}


def is_english() -> bool:
    """Whether the page is in English."""
    return get_language() == "en"


def pick(zh: str, en: str) -> str:
    """One of the two, by the page's language; Chinese where English is missing."""
    return en if is_english() and en else zh


def level_word(level: str) -> str:
    """红, 橙, …"""
    _, zh, en, _, _ = LEVELS[level]
    return pick(zh, en)


def level_shape(level: str) -> str:
    """The lamp's shape, so that colour is never alone."""
    return LEVELS[level][0]


def level_note(level: str) -> str:
    """What a lamp means, in one word."""
    return pick(LEVELS[level][3], LEVELS[level][4])


def state_word(state: str) -> str:
    """待处置, 已派单, …"""
    return pick(*STATES[state])


def model_word(model: str) -> str:
    """A model's name for people; unknown models by their id."""
    return pick(*MODELS.get(model, (model, model)))


def indicator_word(indicator: str | None) -> str:
    """An indicator's name; empty for the series of a panel of one's own, which have titles only."""
    return pick(*INDICATORS[indicator]) if indicator in INDICATORS else ""


def unit_word(unit: str | None) -> str:
    """人, 个, … A ratio is shown in percent."""
    if unit == "ratio":
        return "%"
    return pick(*UNITS.get(unit, (unit, unit))) if unit else ""


def figure(value: float | int | None, unit: str | None = None) -> str:
    """A figure with thousands marked; ratios in percent with two decimals; 未知 when there is none.

    >>> figure(12345.6), figure(0.0523, "ratio"), figure(7.25)
    ('12,346', '5.23', '7.25')
    """
    if value is None or value != value:
        return gettext("未知")
    if unit == "ratio":
        return f"{value * 100:.2f}"
    if unit in COUNTED or float(value).is_integer() or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.3g}"


def signed_figure(value: float | None, digits: int = 1) -> str:
    """A difference with its sign; 未知 when there is none."""
    return gettext("未知") if value is None or value != value else signed(value, digits)


def signed_percent(share: float | None) -> str:
    """A change with its sign in percent; 未知 when there is none.

    >>> signed_percent(-0.284)
    '−28.4%'
    """
    return gettext("未知") if share is None or share != share else signs.signed_percent(share)


def month_text(day: date | None) -> str:
    """2025年8月, or Aug 2025; a day that begins no month (a weekly panel) is written out."""
    if day is None:
        return gettext("未知")
    text = f"{MONTHS_EN[day.month - 1]} {day.year}" if is_english() else f"{day.year}年{day.month}月"
    return text if day.day == 1 else day_text(day)


def day_text(day: date | None) -> str:
    """2025年8月31日, or 31 Aug 2025."""
    if day is None:
        return gettext("未知")
    return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}" if is_english() else f"{day.year}年{day.month}月{day.day}日"


def instant_text(at: datetime | str | None) -> str:
    """8月31日 22:00 in Beijing time."""
    if not at:
        return gettext("未知")
    when = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(BEIJING)
    return f"{day_text(when.date())} {when:%H:%M}"


def yuan(fen: int | None) -> str:
    """Money for people: yuan below ten thousand, 万元 above; 未知 when there is none.

    >>> yuan(186_000_000), yuan(150_000)
    ('186 万元', '1,500 元')
    """
    if fen is None:
        return gettext("未知")
    value = fen / 100
    if is_english():
        return f"¥{value:,.0f}"
    return f"{value:,.0f} 元" if abs(value) < 10_000 else f"{value / 10_000:,.4g} 万元"


MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
