"""A near miss in words: 差2个月，若继续缴费预计2025年9月满足 / 还要3年，2028-05-01起满足."""

from __future__ import annotations

from datetime import date

from leye.policy.explain.answer import NearMiss
from leye.policy.explain.days import months_later
from leye.policy.explain.labels import Labels, quantity
from leye.policy.facts import Fact


class NearWords:
    """Sentences of one language."""

    def __init__(self, labels: Labels) -> None:
        self.labels, self.english = labels, labels.is_english

    def by_time(self, fact: str, by: int, unit: str, *, on: date, day: date) -> NearMiss:
        """Only waiting helps, and waiting is enough."""
        wait = duration(on, day, english=self.english)
        text = f"{wait} to go, holds from {day}" if self.english else f"还要{wait}，{day}起满足"
        return NearMiss(fact, by, unit, False, None, day, "", f"{wait} to go" if self.english else f"还要{wait}", text)

    def by_change(self, fact: Fact, change: int, target: int, *, on: date, is_employed: bool) -> NearMiss:
        """One fact must be larger or smaller by `change`, to be `target`. is_employed: whether counts of contributions go on."""
        unit = "fen" if fact.type == "fen" else fact.unit
        amount = quantity(abs(change), unit, english=self.english)
        day, when = self._growth(fact, change, target, on, is_employed)
        if self.english:
            text = f"{amount} {'short' if change > 0 else 'too many' if unit != 'fen' else 'too much'}"
        else:
            text = f"差{amount}" if change > 0 else f"多{amount}"
        expected = "" if day is None else self._expected(day, when, fact)
        return NearMiss(fact.id, abs(change), unit, change < 0, target, day, when, text, text + expected)

    def _growth(self, fact: Fact, change: int, target: int, on: date, is_employed: bool) -> tuple[date | None, str]:
        """The first day of the month in which a growing count gets there, and under which assumption."""
        words = self.labels.words.get(fact.id)
        if words is None or (words.while_employed and not is_employed):
            return None, ""
        if words.grows == "month" and change > 0:
            return months_later(on.replace(day=1), change), words.grows_when_en if self.english else words.grows_when_zh
        if words.grows == "year" and change < 0 <= target:
            return months_later(date(on.year, 1, 1), 12), "counted anew each year" if self.english else "每年重新计次"
        return None, ""

    def _expected(self, day: date, when: str, fact: Fact) -> str:
        by_month = self.labels.words[fact.id].grows == "month"
        if self.english:
            return f", expected {day:%Y-%m}, {when}" if by_month else f", {when}, again from {day}"
        return f"，{when}，预计{day.year}年{day.month}月满足" if by_month else f"，{when}，{day}起可再享受"


def duration(on: date, day: date, *, english: bool) -> str:
    """Time from one day to a later one: days below a month, months below two years, then years and months (rounded up to whole months).

    >>> duration(date(2025, 7, 15), date(2025, 9, 15), english=False), duration(date(2025, 7, 15), date(2028, 8, 1), english=True)
    ('2个月', '3 years 1 month')
    """
    months = (day.year - on.year) * 12 + day.month - on.month + (day.day > on.day)
    if day < months_later(on, 1):
        days = (day - on).days
        return f"{days} day{'s' if days > 1 else ''}" if english else f"{days}天"
    if months < 24:
        return quantity(months, "months", english=english)
    years, rest = divmod(months, 12)
    if english:
        return f"{years} years" + (f" {quantity(rest, 'months', english=True)}" if rest else "")
    return f"{years}年" + (f"{rest}个月" if rest else "")
