"""Money expressions inside pay cells: figures with sizes (千 k 万 w), ranges whose left side may borrow the right side's size, and 元/月."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from leye.intake.cells.numerals import figure
from leye.intake.cells.salary_words import PER

_HAN = "一二两三四五六七八九十百千万零〇壹贰叁肆伍陆柒捌玖拾佰仟"
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_SMALLER = r"(?:(?:\d[千k百])+\d?|\d(?![\d.,%千k万w]))"  # 1万5, 1万5千
_CHINESE = rf"[{_HAN}]+(?:点[一二三四五六七八九零五]+[千万百]?)?"
_FIG = rf"(?:¥|(?:rmb|cny):?|人民币)?(?:{_ARABIC}(?:[千k万w百亿]{_SMALLER}?)?|{_CHINESE})"
_YUAN = r"(?:元整?|块钱?|rmb|cny|人民币|圆)?"
_PERIOD = "|".join(p for p, _ in PER)
_PER = rf"(?:/(?:人/)?(?P<p{{n}}>{_PERIOD})(?:/人)?(?![a-z])|[每一](?P<q{{n}}>{_PERIOD})(?![a-z结]))?"
MONEY = re.compile(
    rf"(?P<sign>(?<![\d千k万w元百)])-)?(?P<a>{_FIG})(?P<ya>{_YUAN}){_PER.format(n=1)}"
    rf"(?:-(?P<b>{_FIG})(?P<yb>{_YUAN}))?(?P<bound>以上|起步|起|以下|以内|左右|上下|\+(?=$|[^\d{_HAN}.]))?(?P<yc>{_YUAN}){_PER.format(n=2)}(?P<bound2>以上|起步|起|以下|以内|左右|上下|\+(?=$|[^\d{_HAN}.]))?"
)
_SIZED = re.compile(rf"([\d.,]+|[{_HAN[:10]}]+)([百千万])")


class UnitUnclear(ValueError):
    """Two figures whose sizes cannot be told: 5-8, 6-8000, 8-1.2万."""


class NoFigure(ValueError):
    """Something that looks like a figure and is none."""


@dataclass(frozen=True, slots=True)
class Money:
    """One expression. low, high in yuan; period as written beside it, or None; `is_bare`: neither size nor yuan was written."""

    low: Decimal
    high: Decimal
    period: str | None
    bound: str | None
    is_bare: bool
    is_negative: bool
    start: int
    end: int


def monies(text: str) -> list[Money]:
    """Every expression from left to right. Raises UnitUnclear and NoFigure."""
    return [_money(m) for m in MONEY.finditer(text) if not _is_word(m)]


def _is_word(match: re.Match[str]) -> bool:
    """A lone Chinese figure is a word (一) unless it is written as money."""
    return match["b"] is None and re.fullmatch(f"[{_HAN}]", match["a"]) is not None and not (match["ya"] or match["p1"] or match["p2"])


def _money(match: re.Match[str]) -> Money:
    left, left_sized = _value(match["a"])
    low, high, sized = left, left, left_sized
    if match["b"] is not None:
        high, right_sized = _value(match["b"])
        low = _left(match["a"], left, left_sized, match["b"], right_sized, high)
        sized = left_sized or right_sized
    yuan = bool(match["ya"] or match["yb"] or match["yc"] or "¥" in match[0] or re.search("rmb|cny|人民币", match[0]))
    written = {_period(match[g]) for g in ("p1", "q1", "p2", "q2") if match[g]}
    if len(written) > 1:
        raise UnitUnclear
    period = written.pop() if written else None
    return Money(low, high, period, match["bound"] or match["bound2"], not (sized or yuan), bool(match["sign"]), match.start(), match.end())


def _value(text: str) -> tuple[Decimal, bool]:
    body = re.sub("^(?:¥|(?:rmb|cny):?|人民币)", "", text).replace("k", "千").replace("w", "万")
    value = figure(body)
    if value is None:
        raise NoFigure
    return value, re.search("[百千万亿佰仟]", body) is not None


def _left(left_text: str, left: Decimal, left_sized: bool, right_text: str, right_sized: bool, right: Decimal) -> Decimal:
    """The left figure in yuan: it borrows the right one's size when it has none and is the smaller figure."""
    if left_sized and not right_sized and right < 100:
        raise UnitUnclear
    if left_sized or not right_sized:
        if left < 100 and right >= 1000 and not left_sized:
            raise UnitUnclear
        return left
    match = _SIZED.match(re.sub("^(?:¥|(?:rmb|cny):?|人民币)", "", right_text).replace("k", "千").replace("w", "万"))
    coefficient = figure(match[1].replace(",", "")) if match else None
    if match is None or coefficient is None:
        raise UnitUnclear
    if left <= coefficient:
        return left * {"百": 100, "千": 1000, "万": 10000}[match[2]]
    if left < 100:
        raise UnitUnclear
    return left


DETACHED = tuple((re.compile(rf"/(?:{pattern})(?![\w])"), period) for pattern, period in PER)
"""A period set apart from its amount: 8000元（税后）/月."""


def _period(word: str) -> str:
    return next(period for pattern, period in PER if re.fullmatch(pattern, word))
