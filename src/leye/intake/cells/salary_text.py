"""A pay cell brought to one spelling, with pays a year, probation share and benefits taken out; and what the words left over mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from leye.intake.cells import salary_words as words
from leye.intake.cells.numerals import figure
from leye.intake.cells.outcome import Ambiguous, Bad, Outcome
from leye.intake.cells.salary_money import DETACHED, Money
from leye.intake.cells.text import dashes_as_range, fold

_COUNT = r"(\d{2}|十[一二三四五六七八])"
_PAYS = re.compile(
    rf"(?<![\d.十])[*×x✕·•]?{_COUNT}(?:(?:-|至|到){_COUNT})?(?:个?薪(?!资|酬|水)|个月薪资?)"
    rf"|[*×x✕]{_COUNT}(?:-{_COUNT})?(?:个月)?(?![\d千k万w.元])"
)
_DOUBLE = re.compile(r"年[底终]双薪|年[底终]多?发?(?:一|1)个月(?:工资|薪资)")
_SHARE_CLAUSE = re.compile(rf"(?:{words.PROBATION.pattern})[^,;。)]{{0,12}}?(?:{words.PERCENT.pattern})")

_TRIAL_ONLY = re.compile(rf"(?:{words.PROBATION.pattern})(?:{words.PROBATION_TIME})(?=[,;)]|$)")
_TRIAL_TIME = re.compile(rf"({words.PROBATION.pattern})(?:{words.PROBATION_TIME})")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """text: one spelling · without_phone: text less phone numbers · body: what amounts are read from · months: pays a year ·
    probation_share: 0-1, pay during probation as a part of the regular pay."""

    text: str
    without_phone: str
    body: str
    months: int | None
    probation_share: Decimal | None
    is_negotiable: bool
    notes: tuple[str, ...]


def clean(raw: str) -> Cleaned:
    """The cell without blanks, in lower case, dashes and 至/到 between figures as `-`."""
    text = re.sub(r"(?<=\d) +(?=\d)", ";", fold(raw).lower()).replace(" ", "")
    text = dashes_as_range(text)
    text = re.sub(r"(?<=[\d千k万w元十百一二三四五六七八九月天时])[至到](?!手)(?=[\d¥一二两三四五六七八九十])", "-", text)
    without_phone = words.PHONE.sub("", text)
    body, months, notes = _pays_a_year(without_phone)
    body, share = _probation_share(body)
    negotiable = bool(words.NEGOTIABLE.search(body))
    body, aside = _without_benefits(words.NEGOTIABLE.sub(",", body))
    if aside:
        notes.append("未计入：" + "、".join(aside))
    return Cleaned(text, without_phone, body, months, share, negotiable, tuple(notes))


def _pays_a_year(text: str) -> tuple[str, int | None, list[str]]:
    if _DOUBLE.search(text):
        return _DOUBLE.sub(",", text), 13, []
    match = _PAYS.search(text)
    if match is None:
        return text, None, []
    counts = [int(figure(g) or 0) for g in match.groups() if g]
    if not all(12 <= c <= 36 for c in counts):
        return text, None, []
    notes = [f"{counts[0]}-{counts[1]}薪，取少的"] if len(counts) > 1 else []
    return text[: match.start()] + "," + text[match.end() :], min(counts), notes


def _probation_share(text: str) -> tuple[str, Decimal | None]:
    match = _SHARE_CLAUSE.search(text)
    if match is None:
        return text, None
    percent = re.search(words.PERCENT, match[0])
    if percent is None:
        return text, None
    share = Decimal(percent[1]) / 100 if percent[1] else _tenths(percent[2])
    if share is None or not 0 < share <= 1:
        return text, None
    return text[: match.start()] + "," + text[match.end() :], share


def _tenths(text: str) -> Decimal | None:
    """八 -> 0.8, 八五 -> 0.85, 8.5 -> 0.85."""
    plain = "".join(str(int(figure(c) or 0)) if not (c.isascii()) else c for c in text)
    try:
        value = Decimal(plain)
    except ArithmeticError:
        return None
    return value / 10 if value < 10 else value / 100


def _without_benefits(text: str) -> tuple[str, list[str]]:
    text = _TRIAL_ONLY.sub(",", text)
    text = _TRIAL_TIME.sub(r"\1,", text)
    aside = [m[0] for m in words.BENEFITS.finditer(text)]
    return re.sub(rf"\+?(?:{words.BENEFITS.pattern})", ",", text), aside


def outside(body: str, found: list[Money]) -> str:
    """The text without its amounts, a bar in the place of each."""
    rest, place = [], 0
    for money in found:
        rest.append(body[place : money.start])
        place = money.end
    return "|".join([*rest, body[place:]])


def leftover(cell: Cleaned, found: list[Money]) -> Outcome | None:
    """What the words outside the amounts forbid: other figures, words that change the amount, or a text that is not about pay."""
    words_left = outside(cell.body, found)
    for pattern in (words.OPEN_TOP, words.NO_CEILING, words.AT_MOST, words.AT_LEAST, words.APPROX, words.TOTAL, words.BASE):
        words_left = pattern.sub("", words_left)
    for _, pattern in (*words.STRONG, *words.WEAK):
        words_left = pattern.sub("", words_left)
    for pattern, _ in DETACHED:
        words_left = pattern.sub("", words_left)
    if re.search(r"-", words_left):
        return Bad("E_NUMBER_SYNTAX", ("范围只有一半",))
    words_left = words.WORDS.sub("", words_left)
    if re.search(r"\d|%", words_left):
        return Ambiguous("E_SALARY_MANY", (), ("还有别的数字",))
    if re.search(r"/\w", words_left):
        return Ambiguous("E_SALARY_PERIOD", (), ("看不出计薪的周期",))
    plain = re.sub(r"[^\w]|_", "", words_left)
    if words.DANGER.search(plain):
        return Ambiguous("E_SALARY_MANY", (), (f"“{plain}”可能改变金额",))
    if len(plain) > 8 or (plain and all(m.is_bare for m in found)):
        return Bad("E_NUMBER_SYNTAX", (f"“{plain}”不像工资",))
    return None
