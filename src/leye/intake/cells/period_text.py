"""Period cells brought to one spelling: Chinese figures to digits, English months to numbers, times of day and weekdays off."""

from __future__ import annotations

import re

from leye.intake.cells.numerals import DIGITS, chinese
from leye.intake.cells.text import fold, words

_MONTHS = words("jan feb mar apr may jun jul aug sep oct nov dec")
_LONG = words("january february march april may june july august september october november december")
_ENGLISH = {name: i + 1 for names in (_MONTHS, _LONG) for i, name in enumerate(names)} | {"sept": 9}
MONTH_WORD = "|".join(sorted(_ENGLISH, key=len, reverse=True))

_TIME = re.compile(
    r"[T ,]*(?:上午|下午|凌晨|早上|晚上|晚|中午)?(?P<h>\d{1,2})(?::(?P<m>\d{2})(?::(?P<s>\d{2})(?:\.\d+)?)?"
    r"|[时点](?:(?P<m2>\d{1,2})分?|整|半)?(?:\d{1,2}秒)?)"
    r"(?: ?[AaPp][Mm])?(?:\+08:?00)?$"
)
_WEEKDAY = re.compile(r"[(]?(?:星期|周|礼拜)([一二三四五六日天])[)]?$")
_HAN_RUN = re.compile("[零〇○一二三四五六七八九十廿卅壹贰叁肆伍陆柒捌玖拾]+")
_ROMAN = {"Ⅰ": "1", "Ⅱ": "2", "Ⅲ": "3", "Ⅳ": "4"}


def clean(raw: str) -> str:
    """Folded text with one kind of dash and no quotation marks; blanks kept only where they part two figures or words."""
    text = fold(raw)
    text = re.sub("[“”‘’\"'「」『』《》]", "", text)
    text = re.sub("[–—―─━ー~]+|--+", "-", text)
    for roman, digit in _ROMAN.items():
        text = text.replace(roman, digit)
    return re.sub(r"\s+", " ", text).strip(" ,。;")


def split_weekday(text: str) -> tuple[str, int | None]:
    """The text without a trailing weekday, and that weekday (Monday 0), when a day stands before it."""
    match = _WEEKDAY.search(text)
    if match is None or not re.search(r"[日号\d]\s*$", text[: match.start()]) or text[: match.start()].endswith("第"):
        return text, None
    return text[: match.start()].strip(), "一二三四五六日".index(match[1].replace("天", "日"))


def split_time(text: str) -> tuple[str, bool]:
    """The text without a time of day, and whether that time can be one; a bare time is left as it is."""
    match = _TIME.search(text)
    if match is None or not match.start() or not re.search(r"\d", text[: match.start()]):
        return text, True
    before = text[: match.start()]
    if re.search(r"\d$", before) and text[match.start()] not in "T ,上下凌早晚中":
        return text, True
    hour, minute, second = int(match["h"]), int(match["m"] or match["m2"] or 0), int(match["s"] or 0)
    return before.strip(), hour <= 24 and minute < 60 and second < 60


def digits(text: str) -> str:
    """Chinese figures as digits, 元月 as 1月, English months as numbers between dashes, blanks off.

    >>> digits("二〇二二年十二月"), digits("Apr-22"), digits("2022 03 15")
    ('2022年12月', '~4~-22', '2022-03-15')
    """
    text = text.replace("元月", "1月").replace("年元旦", "年元旦")
    text = _HAN_RUN.sub(_arabic, text)
    text = re.sub(rf"(?i)(?<![a-z])({MONTH_WORD})\.?(?![a-z])", lambda m: f"~{_ENGLISH[m[1].lower()]}~", text)
    text = re.sub(r"(?<=\d) +(?=\d)", "-", text)
    return text.replace(" ", "")


def _arabic(match: re.Match[str]) -> str:
    run = match[0]
    if all(c in DIGITS for c in run):
        return "".join(str(DIGITS[c]) for c in run)
    value = chinese(run)
    return str(int(value)) if value is not None else run
