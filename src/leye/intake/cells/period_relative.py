"""Words that lean on the current period (去年, 上月, 本季度, 去年同期), and the reference itself."""

from __future__ import annotations

import re
from datetime import date, timedelta

from leye.intake.cells.period_forms import Around, NeedsReference
from leye.kernel.period import Month, Period

_YEAR_WORD = re.compile(r"(今年|本年度?|当年|去年|上一?年度?|前年|明年|次年|下一?年度?)(?:的|,)?")
_YEAR_SHIFT = {"今": 0, "本": 0, "当": 0, "去": -1, "上": -1, "前": -2, "明": 1, "次": 1, "下": 1}
_MONTH_WORD = re.compile(r"(本|当|这个|上一?个?|下一?个?)月(?!份?-)份?")
_QUARTER_WORD = re.compile(r"(本|当|上一?个?|下一?个?)季度?")
_WEEK_WORD = re.compile(r"(本|这|上一?个?|下一?个?)周")
_DAY_WORD = {"今天": 0, "今日": 0, "当日": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1, "明日": 1}
_SAME_TIME = re.compile(r"(?:去年|上年|上一年|同比)(?:的)?(?:同期|同月|同季度?)")


def around(reference: Period | None) -> Around:
    """Year and month of the reference: of its last day when it is cumulative, else only when it lies within one."""
    if reference is None:
        return Around()
    if reference.kind == "cumulative":
        return Around(reference.end.year, reference.end.month)
    one_year = reference.start.year == reference.end.year
    one_month = one_year and reference.start.month == reference.end.month
    return Around(reference.start.year if one_year else None, reference.start.month if one_month else None)


def same_time_last_year(text: str, reference: Period | None) -> Period | None:
    """The reference a year earlier when the text says so; whole months stay whole months. None for any other text."""
    if not _SAME_TIME.fullmatch(text):
        return None
    if reference is None:
        raise NeedsReference
    start, end = _year_earlier(reference.start), _year_earlier(reference.end)
    if (reference.end + timedelta(days=1)).day == 1:
        end = Month.of(end).last
    return Period(start, end, reference.kind)


def _year_earlier(day: date) -> date:
    last = (Month.of(day) + -12).last
    return date(day.year - 1, day.month, min(day.day, last.day))


def absolute(text: str, reference: Period | None) -> str:
    """The text with its relative word replaced by the year, quarter, month or day that it means. Raises NeedsReference."""
    here = around(reference)
    match = _YEAR_WORD.match(text)
    if match:
        return f"{_known(here.year) + _YEAR_SHIFT[match[1][0]]}年{text[match.end() :]}"
    match = _MONTH_WORD.match(text)
    if match:
        month = Month(_known(here.year), _known(here.month)) + _step(match[1])
        return f"{month.year}年{month.month}月{text[match.end() :]}"
    match = _QUARTER_WORD.match(text)
    if match:
        return _quarter(match, reference) + text[match.end() :]
    match = _WEEK_WORD.fullmatch(text)
    if match:
        monday = _day(reference, ("day", "week")) + timedelta(weeks=_step(match[1]))
        year, week, _ = monday.isocalendar()
        return f"{year}年第{week}周"
    if text in _DAY_WORD:
        return f"{_day(reference, ('day',)) + timedelta(days=_DAY_WORD[text]):%Y%m%d}"
    return _bare_end(text, here)


def _bare_end(text: str, here: Around) -> str:
    """年末, 月底, 季末 alone stand for those of the reference."""
    if re.fullmatch(r"年[末底]", text):
        return f"{_known(here.year)}{text}"
    if re.fullmatch(r"月[末底]", text):
        return f"{_known(here.year)}年{_known(here.month)}{text}"
    if re.fullmatch(r"季度?[末底]", text):
        return f"{_known(here.year)}年{(_known(here.month) + 2) // 3}季度{text[-1]}"
    return text


def _quarter(match: re.Match[str], reference: Period | None) -> str:
    here = around(reference)
    is_quarter = reference is not None and reference.kind == "quarter"
    month = Month.of(reference.start) if is_quarter and reference else Month(_known(here.year), _known(here.month))
    month += 3 * _step(match[1])
    return f"{month.year}年{(month.month + 2) // 3}季度"


def _step(word: str) -> int:
    return {"上": -1, "下": 1}.get(word[0], 0)


def _known(part: int | None) -> int:
    if part is None:
        raise NeedsReference
    return part


def _day(reference: Period | None, kinds: tuple[str, ...]) -> date:
    if reference is None or reference.kind not in kinds:
        raise NeedsReference
    return reference.start
