"""Three slices that share no person and no day: fit, calibrate, judge. Each sees what was known when it ended, nothing later."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from leye.kernel.errors import BadInput
from leye.match.learning.events import Watch, known, outcomes

SHARES = (0.5, 0.2, 0.3)
"""Of people and, apart from the days of waiting, of time: fit, calibrate, judge. # chosen by us: the fit needs few rows,
the judge many: a gain of a point in NDCG is hidden by the luck of 300 people"""
FEWEST = 30
"""Rows of each answer that a slice needs on each side. # chosen by us: below it a Platt curve is luck"""


@dataclass(frozen=True)
class Slices:
    """Outcomes by slice, and the instants at which fit and calibrate end."""

    fit: pl.DataFrame
    calibrate: pl.DataFrame
    judge: pl.DataFrame
    fit_until: datetime
    calibrate_until: datetime


def slices(events: pl.DataFrame, until: datetime, watch: Watch) -> Slices:
    """Split by person (a hash of the id) and by time. A slice begins where the one before it ended, and closes with the watch of its last showing.

    Raises BadInput (E_LEARN_SPAN) when three watches do not fit between the first showing and `until`."""
    seen = known(events, until)
    first = seen["shown_at"].min()
    if not isinstance(first, datetime) or until - first <= 3 * watch.whole:
        raise BadInput(
            f"从第一次推荐到截止日不足 {3 * watch.whole.days} 天，分不出三段", code="E_LEARN_SPAN",
            en=f"fewer than {3 * watch.whole.days} days between the first showing and the cut",
            remedy_zh="等事件更多，或缩短 --apply-days、--answer-days", remedy_en="wait for more events, or shorten --apply-days and --answer-days",
        )  # fmt: skip
    room = until - first - 3 * watch.whole
    one = first + watch.whole + SHARES[0] * room
    two = one + watch.whole + SHARES[1] * room
    group = pl.col("person_id").map_elements(_group, return_dtype=pl.Int64)
    fit = outcomes(events, one, watch).filter(group == 0)
    calibrate = outcomes(events, two, watch).filter((pl.col("shown_at") > one) & (group == 1))
    judge = outcomes(events, until, watch).filter((pl.col("shown_at") > two) & (group == 2))
    return Slices(fit, calibrate, judge, one, two)


def check_enough(rows: pl.DataFrame, name: str) -> None:
    """Raise BadInput (E_LEARN_FEW) when a slice has too few of one answer on one side."""
    for side, column in (("申请 / applied", "applied"), ("录用 / accepted", "accepted")):
        for answer in (True, False):
            found = int((rows[column] == answer).sum())
            if found < FEWEST:
                raise BadInput(
                    f"{name} 一段里 {side} = {answer} 只有 {found} 行，至少要 {FEWEST} 行",
                    en=f"slice {name} has {found} rows with {column} = {answer}, {FEWEST} are needed", code="E_LEARN_FEW",
                    remedy_zh="继续用手设权重，等事件更多再学", remedy_en="keep the hand weights and wait for more events",
                )  # fmt: skip


def _group(person_id: str) -> int:
    """0, 1 or 2 by SHARES; the same on every machine."""
    at = int.from_bytes(hashlib.sha256(person_id.encode()).digest()[:6], "big") / 2**48
    return 0 if at < SHARES[0] else 1 if at < SHARES[0] + SHARES[1] else 2
