"""Pay cells: range, period, pays a year, probation. What could be another amount or another period is quarantined, not chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from leye.intake.cells import salary_words as words
from leye.intake.cells.missing import excel_error, missing
from leye.intake.cells.number_words import FOREIGN
from leye.intake.cells.outcome import Ambiguous, Bad, Missing, Ok, Outcome, Value
from leye.intake.cells.salary_money import DETACHED, Money, NoFigure, UnitUnclear, monies
from leye.intake.cells.salary_text import Cleaned, clean, leftover, outside
from leye.intake.cells.text import without_footnotes

_A_MONTH: dict[str, Decimal] = {
    "hour": Decimal(176),
    "day": Decimal(22),
    "week": Decimal("4.33"),
    "month": Decimal(1),
    "year": Decimal(1) / 12,
    "piece": Decimal(0),
}
# amounts a month at 22 days of 8 hours and 4.33 weeks: chosen by us, used only to refuse absurd pay
_CEILING = 10_000_000  # yuan a month; above it a figure is a slip
_SMALL = {"month": 1000, "year": 1000, "week": 100, "day": 30, "hour": 3, "piece": 0}
# chosen by us: bare figures below these, in yuan, were meant in thousands or ten thousands


@dataclass(frozen=True, slots=True)
class Pay:
    """An amount with its role in the cell: main, base, total, regular or probation."""

    money: Money
    role: str
    low: Decimal | None
    high: Decimal | None
    period: str | None


def parse_salary(raw: str) -> Outcome:
    """Amounts in fen per period; null for an open end. See docs/reference/intake-cells.md."""
    early = missing(raw) or excel_error(raw)
    if early is not None:
        return early
    cell = clean(without_footnotes(raw)[0])
    if cell.text != cell.without_phone and not re.search(r"\d", cell.without_phone):
        return Missing("M_NEGOTIABLE") if cell.is_negotiable else Bad("E_NUMBER_SYNTAX", ("电话号码不是工资",))
    if FOREIGN.search(cell.without_phone):
        return Bad("E_CURRENCY", ("外币工资不能直接入库",))
    if words.DATE.search(cell.without_phone):
        return Bad("E_NUMBER_SYNTAX", ("像是日期，不是工资",))
    if words.VAGUE.search(cell.body):
        return Bad("E_NUMBER_APPROX", ("只有概数，没有数字",))
    try:
        found = monies(cell.body)
    except UnitUnclear:
        return Ambiguous("E_SALARY_UNIT", (), ("看不出是元、千元还是万元",))
    except NoFigure:
        return Bad("E_NUMBER_SYNTAX", ("数字写法不规范",))
    if not found:
        return Missing("M_NEGOTIABLE") if cell.is_negotiable else Bad("E_NUMBER_SYNTAX", ("没有工资数字",))
    return _decide(cell, found)


def _decide(cell: Cleaned, found: list[Money]) -> Outcome:
    pays = _pays(cell.body, found)
    main = _main([p for p in pays if p.role != "probation"])
    if main is None:
        return Ambiguous("E_SALARY_MANY", (), ("有几个不同的工资",))
    trouble = leftover(cell, found)
    if trouble is not None:
        return trouble
    probation = [p for p in pays if p.role == "probation"]
    if len(probation) > 1 or (probation and cell.probation_share is not None):
        return Ambiguous("E_SALARY_MANY", (), ("试用期工资不止一个",))
    words_left = outside(cell.body, found)
    detached = {name for pattern, name in DETACHED if pattern.search(words_left)}
    period = _period(cell, main, detached)
    if isinstance(period, Ambiguous):
        return period
    refusal = _range_error(main, period)
    if refusal is not None:
        return refusal
    return _answer(cell, main, probation[0] if probation else None, period)


def _pays(body: str, found: list[Money]) -> list[Pay]:
    """Roles by the words before each amount, or right after it within its clause."""
    pays, place, stage = [], 0, ""
    for i, money in enumerate(found):
        before = body[place : money.start]
        end = found[i + 1].start if i + 1 < len(found) else len(body)
        after = re.split(r"[,;。]", body[money.end : end])[0]
        marks = [(m.start(), name) for name, p in (("probation", words.PROBATION), ("regular", words.REGULAR)) for m in p.finditer(before)]
        if marks:
            stage = max(marks)[1]
        own_clause = i + 1 == len(found) or len(after) < len(body[money.end : end])
        pays.append(_pay(money, stage, before, after if own_clause else ""))
        place = money.end
    return pays


def _pay(money: Money, stage: str, before: str, after: str) -> Pay:
    role = stage or "main"
    if role != "probation":
        for name, pattern in (("total", words.TOTAL), ("base", words.BASE)):
            if pattern.search(before) or (not words.BASE.search(before) and pattern.search(after)):
                role = name
                break
    low: Decimal | None = money.low
    high: Decimal | None = money.high
    clause = re.split(r"[,;。]", before)[-1]
    if money.bound in ("以下", "以内") or words.AT_MOST.search(clause):
        low = None
    elif money.bound in ("以上", "起", "起步", "+") or words.AT_LEAST.search(clause):
        high = None
    return Pay(money, role, low, high, money.period)


def _main(pays: list[Pay]) -> Pay | None:
    """The amount that counts: total before base, else the regular one; None when several differ."""
    for role in ("total", "regular"):
        some = [p for p in pays if p.role == role]
        if some:
            rest = [p for p in pays if p.role not in (role, "base")]
            return some[0] if len({(p.low, p.high, p.period) for p in some}) == 1 and not rest else None
    return pays[0] if len({(p.low, p.high, p.period, p.role) for p in pays}) == 1 else None


def _period(cell: Cleaned, main: Pay, detached: set[str]) -> str | Ambiguous:
    """Beside the amount, else the one period word of the cell, else how it is paid out, else a month when the amount is a month's."""
    named = {period for period, pattern in words.STRONG if pattern.search(cell.body)}
    named |= detached
    written = {main.period} if main.period else named
    unclear = Ambiguous("E_SALARY_PERIOD", (), ("看不出是按月、按年还是按天",))
    if len(written) > 1 or (main.period and named - {main.period}):
        return unclear
    ends = [x for x in (main.low, main.high) if x is not None]
    if written:
        period = written.pop()
        if main.money.is_bare and max(ends) < _SMALL[period]:
            return Ambiguous("E_SALARY_UNIT", _units(main, period), ("看不出是元、千元还是万元",))
        return period
    weak = {period for period, pattern in words.WEAK if pattern.search(cell.body)}
    if weak:
        return weak.pop() if len(weak) == 1 and ("month" in weak or max(ends) < 3000) else unclear
    if "计件" in cell.body and max(ends) < 10:
        return "piece"
    if all(1000 <= x < 100_000 for x in ends):
        return "month"
    if main.money.is_bare and max(ends) < 1000:
        return Ambiguous("E_SALARY_UNIT", _units(main, "month"), ("看不出是元、千元还是万元",))
    return unclear


def _units(main: Pay, period: str) -> tuple[Value, ...]:
    """The amount read in thousands and in ten thousands, as candidates; none when that would be absurd."""
    if main.money.high > 100:
        return ()
    return tuple(
        _value(_times(main.low, size), _times(main.high, size), period, 12 if period == "month" else None, None, None) for size in (1000, 10_000)
    )


def _range_error(main: Pay, period: str) -> Bad | None:
    if main.money.is_negative:
        return Bad("E_RANGE", ("工资不能是负数",))
    if main.money.low > main.money.high:
        return Bad("E_RANGE", ("下限高于上限",))
    if main.money.high * _A_MONTH[period] > _CEILING or main.money.high == 0:
        return Bad("E_RANGE", ("金额超出合理范围",))
    return None


def _answer(cell: Cleaned, main: Pay, probation: Pay | None, period: str) -> Outcome:
    low, high = main.low, main.high
    if words.NO_CEILING.search(cell.body) or (main.role != "total" and words.OPEN_TOP.search(cell.body)) or main.role == "base":
        low, high = low if low is not None else high, None
    trial: tuple[Decimal | None, Decimal | None] = (None, None)
    if probation is not None:
        if probation.period not in (None, period) or probation.money.low > probation.money.high:
            return Ambiguous("E_SALARY_MANY", (), ("试用期和转正后的计薪方式不同",))
        if probation.money.is_bare and probation.money.high * 10 < main.money.low:
            return Ambiguous("E_SALARY_UNIT", (), ("看不出试用期工资的单位",))
        trial = (probation.low, probation.high)
    elif cell.probation_share is not None:
        trial = (_times(main.low, cell.probation_share), _times(main.high, cell.probation_share))
    months = (cell.months or 12) if period == "month" else None
    code = "W_APPROX" if words.APPROX.search(cell.body) else None if _says_period(cell, main) else "W_ASSUMED_PERIOD"
    notes = cell.notes if _says_period(cell, main) else (*cell.notes, "没有写周期，按月薪读")
    return Ok(_value(low, high, period, months, *trial), code, notes)


def _says_period(cell: Cleaned, main: Pay) -> bool:
    patterns = (*(p for _, p in (*words.STRONG, *words.WEAK)), *(p for p, _ in DETACHED))
    return bool(main.period) or any(p.search(cell.body) for p in patterns) or "计件" in cell.body


def _value(
    low: Decimal | None, high: Decimal | None, period: str, months: int | None, trial_low: Decimal | None, trial_high: Decimal | None
) -> Value:
    return {
        "min_fen": _fen(low),
        "max_fen": _fen(high),
        "period": period,
        "months": months,
        "probation_min_fen": _fen(trial_low),
        "probation_max_fen": _fen(trial_high),
    }


def _times(amount: Decimal | None, factor: Decimal | int) -> Decimal | None:
    return None if amount is None else amount * factor


def _fen(yuan: Decimal | None) -> int | None:
    return None if yuan is None else int((yuan * 100).quantize(Decimal(1), ROUND_HALF_UP))
