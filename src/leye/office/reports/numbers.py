"""Numbers of a report: a value with its form, its source, and the place where a reader finds it. Nothing else puts a digit into its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from leye.kernel.clock import BEIJING
from leye.office.reports.figures_zh import UNIT_ZH, figure_zh, instant_zh, month_zh, signed_zh, yuan_zh
from leye.office.reports.sources import Source, as_json, day_of, from_json, run_of

UNIT_EN = {"person": "persons", "post": "posts", "call": "calls", "order": "orders", "times": "times", "ratio": "%"}
UNITS_ZH = UNIT_ZH | {"times": "倍"}
MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
TENTHS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
FORMS = (
    "figure", "gap", "share", "percent", "percent_fine", "count", "decimal", "month", "date", "instant", "tenths", "tenth", "yuan", "text", "quarter",
    "pair", "signed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a report. id: `n12`, counted through the report · form: one of FORMS · unit: of the value, for `figure` and `gap` · href: page
    that shows it."""

    id: str
    value: Any
    form: str
    unit: str
    source: Source
    href: str

    def text(self, lang: str) -> str:
        """As it stands in the report."""
        return write(self.value, self.form, self.unit, lang)

    @property
    def run_id(self) -> str:
        """The run that it was read from."""
        return run_of(self.source)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON; days and instants as text."""
        value = self.value.isoformat() if isinstance(self.value, date) else self.value
        told = {"id": self.id, "value": value, "form": self.form, "unit": self.unit, "href": self.href}
        return told | {"run_id": self.run_id, "source": as_json(self.source)}


def number_from_json(told: dict[str, Any]) -> Number:
    """The number that `as_json` wrote."""
    return Number(told["id"], told["value"], told["form"], told["unit"], from_json(told["source"]), told["href"])


def write(value: Any, form: str, unit: str, lang: str) -> str:
    """A value as a report writes it, in Chinese or English. What is not known, or empty, is said as unknown.

    >>> write(12345.6, "figure", "post", "zh"), write(0.0523, "figure", "ratio", "en"), write(-0.46, "share", "", "zh"), write(.7, "tenths", "", "zh")
    ('12,346 个', '5.23%', '−46%', '七成')
    """
    if value is None or value == "" or value != value:
        return "unknown" if lang == "en" else "未知"
    return {
        "figure": lambda: _figure(value, unit, lang),
        "gap": lambda: _gap(value, unit, lang),
        "pair": lambda: _pair(value, unit, lang),
        "share": lambda: signed_zh(value),
        "percent": lambda: f"{value:.0%}",
        "percent_fine": lambda: f"{value:.1%}",
        "count": lambda: f"{value:,.0f}",
        "signed": lambda: f"{value:+.1f}".replace("-", "−"),
        "decimal": lambda: f"{value:.2f}".replace("-", "−"),
        "month": lambda: _month(day_of(value), lang),
        "date": lambda: _date(day_of(value), lang),
        "instant": lambda: _instant(value, lang),
        "quarter": lambda: _quarter(day_of(value), lang),
        "tenths": lambda: _chance(value, lang),
        "tenth": lambda: _tenth(value, lang),
        "yuan": lambda: f"{value / 100:,.0f} yuan" if lang == "en" else yuan_zh(value),
        "text": lambda: str(value),
    }[form]()


def _figure(value: float, unit: str, lang: str) -> str:
    words = UNIT_EN if lang == "en" else UNITS_ZH
    text, word = figure_zh(value, unit).replace("-", "−"), words.get(unit, "")
    return text + (word if word == "%" else f" {word}") if word else text


def _gap(value: float, unit: str, lang: str) -> str:
    """A difference with its sign; of ratios in percentage points."""
    points = unit == "ratio"
    text = f"{abs(value) * 100:.2f}" + (" points" if lang == "en" else " 个百分点") if points else _figure(abs(value), unit, lang)
    is_nothing = not re.search("[1-9]", text)  # what rounds to nothing has no sign
    return text if is_nothing else ("−" if value < 0 else "+") + text


def _pair(ends: tuple[float, float], unit: str, lang: str) -> str:
    """Both ends of an interval; the unit once."""
    low = figure_zh(ends[0], unit).replace("-", "−")
    return f"{low} – {_figure(ends[1], unit, lang)}"


def _month(day: date, lang: str) -> str:
    return f"{MONTHS_EN[day.month - 1]} {day.year}" if lang == "en" else month_zh(day.replace(day=1))


def _date(day: date, lang: str) -> str:
    return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}" if lang == "en" else f"{day.year}年{day.month}月{day.day}日"


def _instant(at: str | datetime, lang: str) -> str:
    if lang != "en":
        return instant_zh(at)
    when = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(BEIJING)
    return f"{_date(when.date(), 'en')}, {when:%H:%M} Beijing time"


def _quarter(day: date, lang: str) -> str:
    number = (day.month - 1) // 3 + 1
    return f"Q{number} {day.year}" if lang == "en" else f"{day.year}年第{number}季度"


def _chance(p: float, lang: str) -> str:
    """A chance in tenths, as on the pages."""
    if lang == "en":
        return "under 10%" if p < 0.1 else "over 90%" if p > 0.9 else f"about {round(p * 10) * 10}%"
    return "不到一成" if p < 0.1 else "九成以上" if p > 0.9 else f"{TENTHS[round(p * 10)]}成"


def _tenth(share: float, lang: str) -> str:
    """A promised share: 八成, 九成五; 80%, 95%."""
    if lang == "en":
        return f"{share:.0%}"
    whole, half = divmod(round(share * 100), 10)
    return f"{TENTHS[whole]}成" + (TENTHS[half] if half else "")
