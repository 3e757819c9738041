"""Figures as a Chinese report writes them. Pages have their own, in two languages."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import quote

from leye.kernel.clock import BEIJING

UNIT_ZH = {"person": "人", "post": "个", "call": "次", "order": "单", "ratio": "%"}
LEVEL_ZH = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"}
_COUNTED = frozenset({"person", "post", "call", "order"})


def figure_zh(value: float | None, unit: str | None) -> str:
    """A figure without its unit; counts are whole, ratios in percent with two decimals; 未知 when there is none.

    >>> figure_zh(12345.6, "post"), figure_zh(0.0523, "ratio"), figure_zh(None, None)
    ('12,346', '5.23', '未知')
    """
    if value is None or value != value:
        return "未知"
    if unit == "ratio":
        return f"{value * 100:.2f}"
    if unit in _COUNTED or float(value).is_integer() or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.3g}"


def with_unit(value: float | None, unit: str | None) -> str:
    """A figure with its unit: `202 个`, `5.23%`, `未知`."""
    word = UNIT_ZH.get(unit or "", "")
    text = figure_zh(value, unit)
    return text if text == "未知" or not word else text + (word if word == "%" else f" {word}")


def month_zh(day: date) -> str:
    """2025年8月; a day that begins no month is written out."""
    return f"{day.year}年{day.month}月" + ("" if day.day == 1 else f"{day.day}日")


def instant_zh(at: str | datetime) -> str:
    """2025年8月31日 22:00, Beijing time."""
    when = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(BEIJING)
    return f"{when.year}年{when.month}月{when.day}日 {when:%H:%M}"


def yuan_zh(fen: int | None) -> str:
    """186 万元, 1,500 元, 未知."""
    if fen is None:
        return "未知"
    value = fen / 100
    return f"{value:,.0f} 元" if abs(value) < 10_000 else f"{value / 10_000:,.4g} 万元"


def signed_zh(share: float | None) -> str:
    """−45%, +1.3%, 未知. Shares that round to ten percent have no decimal, on either side of it."""
    if share is None:
        return "未知"
    return ("−" if share < 0 else "+") + (f"{abs(share):.0%}" if abs(share) >= 0.0995 else f"{abs(share):.1%}")


def series_href(unique_id: str) -> str:
    """Address of a series' page."""
    return f"/series/{quote(unique_id, safe='')}"
