"""Period cells: from any usual spelling to first day, last day and kind, both ends inclusive."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from leye.intake.cells.missing import excel_error, missing
from leye.intake.cells.outcome import Ambiguous, Bad, Ok, Outcome, Value
from leye.intake.cells.period_forms import Around, Impossible, NeedsReference, single
from leye.intake.cells.period_numeric import excel_serial, readings
from leye.intake.cells.period_relative import absolute, around, same_time_last_year
from leye.intake.cells.period_spans import span
from leye.intake.cells.period_text import clean, digits, split_time, split_weekday
from leye.intake.cells.text import without_footnotes
from leye.kernel.errors import BadInput
from leye.kernel.period import Month, Period

_OPEN = re.compile(
    r"以来|至今|迄今|长期|目前|现在|以后|之后|以前|之前|以往|不限|永久|无固定|起$|开始$|^自|[日月年号度]前$|[日月年号度]后$|[\d年月日]-$|^-\d"
)
_KIND = re.compile(
    r"(?i:fy)\d|学年|学期|财年|财政年|农历|阴历|正月|腊月|冬月|民国|令和|平成|昭和|节|国庆|中秋|元旦|清明|端午|除夕|春运|黄金周|暑假|寒假|暑期|双十一|双11"
    r"|[春夏秋冬]季?$|[年月]初|[年月]中(?!旬)|初$|年中|近[一二两三四五六七八九十\d]|过去|(?<![〇零一二三四五六七八九十])五一(?:期间|假期|长假|$)"
    r"|(?<![〇零一二三四五六七八九十])十一(?:期间|假期|长假|$)|月份?第[一二三四五\d]个?(?:周|星期)|半年来|每[年月季]"
)
_PLAN_NUMBER = {n: i for i, n in enumerate("一二三四五六七八九十", 1)} | {"十" + n: 10 + i for i, n in enumerate("一二三四五", 1)}
_PLAN = re.compile(r"第?(十[一二三四五]|[一二三四五六七八九十])(?:个)?五(?:年?(?:规划|计划))?(?:期间|时期|期)?(末|期末)?")
_UNTIL = re.compile(r"截至到?|截止到?至?")


def period_parser(reference: Period | None) -> Callable[[str], Outcome]:
    """A parser of period cells that reads relative words against the reference."""

    def parse(raw: str) -> Outcome:
        early = missing(raw) or excel_error(raw)
        if early is not None:
            return early
        bare, had_mark = without_footnotes(raw)
        try:
            outcome = _read(clean(bare), reference)
        except NeedsReference:
            return Bad("E_PERIOD_NO_REFERENCE", ("没有年份，也没有给出当前时期",))
        except Impossible:
            return Bad("E_PERIOD_INVALID", ("没有这样的日期",))
        if had_mark and isinstance(outcome, Ok):
            return Ok(outcome.value, outcome.code or "W_FOOTNOTE", (*outcome.notes, "去掉了脚注符号"))
        return outcome

    return parse


def reference_period(text: str | Month | Period | None) -> Period | None:
    """The reference as a Period; raises BadInput when the text is none."""
    if text is None or isinstance(text, Period):
        return text
    if isinstance(text, Month):
        return text.period
    outcome = period_parser(None)(text)
    if not isinstance(outcome, Ok):
        raise BadInput(
            f"“{text}”不是时期", en=f"{text!r} is no period", remedy_zh="请写成 2022、2022Q3 或 2022-08", remedy_en="write 2022, 2022Q3 or 2022-08"
        )
    return Period(date.fromisoformat(outcome.value["start"]), date.fromisoformat(outcome.value["end"]), outcome.value["kind"])


def _read(text: str, reference: Period | None) -> Outcome:
    plan = _plan(text)
    if plan is not None:
        return _ok(plan)
    if _OPEN.search(text):
        return Bad("E_PERIOD_OPEN", ("没有起点或终点的时期",))
    if _KIND.search(text):
        return Bad("E_PERIOD_KIND", ("学年、财年、节日等不是统计时期",))
    text, weekday = split_weekday(text)
    text, possible = split_time(text)
    if not possible:
        raise Impossible
    text = digits(text)
    serial = excel_serial(text)
    if serial is not None:
        return _ok(serial, "W_EXCEL_SERIAL", "按表格软件的日期序号读")
    last_year = same_time_last_year(text, reference)
    if last_year is not None:
        return _ok(last_year)
    outcome = _dated(absolute(text, reference), around(reference))
    if weekday is not None and isinstance(outcome, Ok) and date.fromisoformat(outcome.value["start"]).weekday() != weekday:
        return Bad("E_PERIOD_INVALID", ("日期和星期不符",))
    return outcome


def _dated(text: str, here: Around) -> Outcome:
    found = readings(text, here)
    if found is not None:
        if not found:
            raise Impossible
        if len(found) == 1:
            return _ok(found[0])
        return Ambiguous("E_PERIOD_AMBIGUOUS", tuple(_value(p) for p in dict.fromkeys(found)), ("年、月、日的先后看不出来",))
    text = re.sub(r"(?<=[\d年月季度日号])(?:期间|之间)$", "", text)
    whole = single(text, here) or _point(text, here) or span(text, here)
    if whole is None:
        return Bad("E_PERIOD_INVALID", ("看不出是什么时期",))
    return _ok(whole)


def _point(text: str, here: Around) -> Period | None:
    """…末, …底, 截至…: the last day of the period named."""
    until = _UNTIL.match(text)
    ends = re.search(r"(?:[末底]|(?<=[日号])止)$", text)
    if not until and not ends:
        return None
    body = text[until.end() if until else 0 : ends.start() if ends else len(text)]
    body = re.sub("年年$", "年", body)
    named = single(body, here)
    if named is None or named.kind in ("cumulative", "range") or (ends and ends[0] != "止" and named.kind == "day"):
        return None
    return Period(named.end, named.end, "point")


def _plan(text: str) -> Period | None:
    """Five-year plans: the first ran 1953-1957, the second 1958-1962, the third 1966-1970, and one every five years since."""
    match = _PLAN.fullmatch(text.replace(" ", ""))
    if match is None:
        return None
    number = _PLAN_NUMBER[match[1]]
    start = {1: 1953, 2: 1958}.get(number, 1966 + 5 * (number - 3))
    last = date(start + 4, 12, 31)
    return Period(last, last, "point") if match[2] else Period(date(start, 1, 1), last, "plan")


def _value(period: Period) -> Value:
    return {"start": period.start.isoformat(), "end": period.end.isoformat(), "kind": period.kind}


def _ok(period: Period, code: str | None = None, *notes: str) -> Ok:
    return Ok(_value(period), code, notes)
