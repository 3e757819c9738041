"""What a mark is worth to the person, and how much sooner a near deadline should be seen to.

    expected_fen = amount                       for what is paid once or counted by the year
                 = amount * min(months, 12)     for what is paid monthly; 12 where the months are open
                 = 0                            for loans (borrowed money is no gain), statuses, rates, cover, and unknown amounts
    urgency      = 1 + 30 / (days left + 30)    2 on the last day, 1.5 a month before, 1 without a deadline
    weight       = worth * chance * urgency     worth is expected_fen, or NOTIONAL_FEN where there is no known money

The cap of 12 months, the curve and the notional worth are our own choice: a year is what a person plans for; a deadline may double the weight of a
claim but never outweigh one of twice the money; and a recognition, a loan or a grant whose local amount nobody published would otherwise always come
last. chance: 1 for a yes; for an unknown see `chance.py`.
"""

from __future__ import annotations

from datetime import date

import polars as pl

CAP_MONTHS = 12
HALF_DAYS = 30
NOTIONAL_FEN = 100_000
PAID = ("month", "year", "once")


def expected_fen(amount_fen: int | None, months: int | None, unit: str) -> int:
    """Fen that the person would get within a year; 0 where nothing can be said. unit: of the policy's version."""
    if amount_fen is None or unit not in PAID:
        return 0
    return amount_fen * (min(CAP_MONTHS, max(0, months)) if months is not None else CAP_MONTHS) if unit == "month" else amount_fen


def urgency(deadline: date | None, on: date) -> float:
    """Between 1 and 2; 2 on the last day and after it."""
    if deadline is None:
        return 1.0
    return 1 + HALF_DAYS / (max(0, (deadline - on).days) + HALF_DAYS)


def weight_of(expected: int, chance: float, deadline: date | None, on: date) -> int:
    """The weight by which lists are ordered, in fen."""
    return round((expected or NOTIONAL_FEN) * chance * urgency(deadline, on))


def expected_expr(amount: str = "amount_fen", months: str = "months", unit: str = "unit") -> pl.Expr:
    """`expected_fen` over columns."""
    of_months = pl.col(months).fill_null(CAP_MONTHS).clip(0, CAP_MONTHS)
    monthly = pl.col(amount) * pl.when(pl.col(unit) == "month").then(of_months).otherwise(1)
    return pl.when(pl.col(unit).is_in(PAID)).then(monthly).otherwise(0).fill_null(0).cast(pl.Int64)


def urgency_expr(on: date, deadline: str = "deadline") -> pl.Expr:
    """`urgency` over a column of dates."""
    left = (pl.col(deadline) - pl.lit(on)).dt.total_days().clip(0)
    return (1 + HALF_DAYS / (left + HALF_DAYS)).fill_null(1.0)


def weight_expr(on: date) -> pl.Expr:
    """`weight_of` over the columns `expected_fen, chance, deadline`."""
    worth = pl.when(pl.col("expected_fen") > 0).then(pl.col("expected_fen")).otherwise(NOTIONAL_FEN)
    return (worth * pl.col("chance") * urgency_expr(on)).round(0, mode="half_to_even").cast(pl.Int64)
