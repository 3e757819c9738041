"""Monthly indicators and quarterly targets in one panel: laid on whole quarters, turned into changes, and cut as ragged as it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from leye.forecast.arrays import Floats
from leye.forecast.panel import Panel, known_at
from leye.forecast.scale import fill_from_past
from leye.forecast.theta import recent_pattern
from leye.kernel.errors import BadInput

MONTHS_OF_QUARTER = 3
LEAST_SEASONAL = 0.2
"""Share of visibly seasonal indicators from which a panel is taken as not adjusted; the same as the forecast's own threshold."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """indicators: (n, T) monthly levels on the working scale, column 0 the first month of quarter 0 · targets: (m, Q) quarterly levels likewise,
    T = 3 Q · lag: seasons back that changes are taken over (1 quarter, or 4 where the panel is not adjusted) · first: first day of quarter 0 ·
    offset: (m,) months after a quarter's first one at which the target writes its date · is_log: of indicators and of targets."""

    ids: tuple[str, ...]
    target_ids: tuple[str, ...]
    indicators: Floats
    targets: Floats
    lag: int
    first: date
    offset: tuple[int, ...]
    log_indicators: tuple[bool, ...]
    log_targets: tuple[bool, ...]

    @property
    def indicator_changes(self) -> Floats:
        """(n, T) changes over a month, or over a year; NaN where either end is missing."""
        return _changes(self.indicators, 1 if self.lag == 1 else 12)

    @property
    def target_changes(self) -> Floats:
        """(m, Q) changes over a quarter, or over a year."""
        return _changes(self.targets, self.lag)

    def day(self, target: int, quarter: int) -> date:
        """The date of a quarter as the target writes it."""
        return month_at(self.first, MONTHS_OF_QUARTER * quarter + self.offset[target])


def read_mixed(panel: pl.DataFrame, targets: Sequence[str], *, origin: date | None = None, ahead: int = 1) -> Mixed:
    """panel: `unique_id, ds, y`, monthly and quarterly series together; a quarterly one has one month of each quarter, whichever it is.

    ahead: quarters after the newest month for which there is room. Raises BadInput: E_NOWCAST_STEP (not monthly), E_NOWCAST_TARGET (unknown),
    E_NOWCAST_QUARTERLY (a target that is not quarterly), E_NOWCAST_INDICATORS (nothing monthly beside the targets).
    """
    return mixed_of(known_at(panel, None, origin=origin), targets, ahead=ahead)


def mixed_of(known: Panel, targets: Sequence[str], *, ahead: int) -> Mixed:
    """As `read_mixed`, from a panel that is laid out already."""
    if known.step.unit not in ("month", "quarter"):
        raise _bad("时序表要是月度和季度的", "the panel must be monthly and quarterly", "E_NOWCAST_STEP", "先把周度、日度数据加总成月度")
    if strange := sorted(set(targets) - set(known.ids)):
        raise _bad(f"时序表里没有序列“{strange[0]}”", f"the panel does not hold {strange[0]!r}", "E_NOWCAST_TARGET", "请核对目标序列名")
    first, y = _on_quarters(known, ahead)
    phase = [phase_of(row) for row in y]
    row = {uid: i for i, uid in enumerate(known.ids)}
    chosen = list(dict.fromkeys(targets))
    if odd := [t for t in chosen if phase[row[t]] is None]:
        raise _bad(
            f"“{odd[0]}”不是季度序列",
            f"{odd[0]!r} is not quarterly",
            "E_NOWCAST_QUARTERLY",
            "目标每季只在同一个月份有一个数；月度的请用 forecast run",
        )
    monthly = [i for i, uid in enumerate(known.ids) if phase[i] is None and np.isfinite(y[i]).any()]
    if not monthly:
        raise _bad("时序表里没有月度序列", "the panel has no monthly series", "E_NOWCAST_INDICATORS", "加入月度指标，如失业金申领、招聘岗位数")
    offset = tuple(phase[row[t]] or 0 for t in chosen)
    quarterly = np.stack([y[row[t], o::MONTHS_OF_QUARTER] for t, o in zip(chosen, offset, strict=True)])
    wide, is_log = _scaled(y[monthly])
    low, low_is_log = _scaled(quarterly)
    lag = 4 if is_seasonal(wide) else 1
    return Mixed(tuple(known.ids[i] for i in monthly), tuple(chosen), wide, low, lag, first, offset, is_log, low_is_log)


def relaid(known: Panel, like: Mixed) -> Mixed:
    """Another vintage of the same panel, laid out and scaled as `like` is; `known` has the same first period and ends no later."""
    ahead = 1 + like.indicators.shape[1] // MONTHS_OF_QUARTER
    _, y = _on_quarters(known, ahead)
    y = y[:, : like.indicators.shape[1]]
    row = {uid: i for i, uid in enumerate(known.ids)}
    wide = _logs(y[[row[uid] for uid in like.ids]], like.log_indicators)
    offset = zip(like.target_ids, like.offset, strict=True)
    low = _logs(np.stack([y[row[uid], o::MONTHS_OF_QUARTER] for uid, o in offset]), like.log_targets)
    return replace(like, indicators=wide, targets=low)


def phase_of(row: Floats) -> int | None:
    """The month of the quarter (0, 1, 2) that a series always reports; None for a series that reports more than one, or less than four times."""
    at = np.flatnonzero(np.isfinite(row))
    phases = set((at % MONTHS_OF_QUARTER).tolist())
    return phases.pop() if len(at) >= 4 and len(phases) == 1 else None


def is_seasonal(indicators: Floats) -> bool:
    """Whether enough indicators show a season that does not belong to the business cycle."""
    x = fill_from_past(indicators, season=12)
    return bool((recent_pattern(np.nan_to_num(x), 12) != 0.0).any(axis=1).mean() >= LEAST_SEASONAL)


def month_at(first: date, months: int) -> date:
    """The first day of a month so many months after `first`."""
    total = first.year * 12 + first.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def _on_quarters(known: Panel, ahead: int) -> tuple[date, Floats]:
    """(first day of the first quarter, (n, T) with whole quarters from it to `ahead` quarters after the newest month)."""
    width = 1 if known.step.unit == "month" else MONTHS_OF_QUARTER
    start = known.step.at(0)
    lead = (start.month - 1) % MONTHS_OF_QUARTER
    months = lead + width * (known.y.shape[1] - 1) + 1
    quarters = -(-months // MONTHS_OF_QUARTER) + ahead
    y = np.full((len(known.ids), MONTHS_OF_QUARTER * quarters), np.nan)
    y[:, lead : lead + width * known.y.shape[1] : width] = known.y
    return month_at(date(start.year, start.month, 1), -lead), y


def _scaled(y: Floats) -> tuple[Floats, tuple[bool, ...]]:
    """Logarithms of series that were always positive, the others as they are."""
    is_log = tuple(bool((row[np.isfinite(row)] > 0).all()) for row in y)
    return _logs(y, is_log), is_log


def _logs(y: Floats, is_log: tuple[bool, ...]) -> Floats:
    """NaN where a value has no logarithm."""
    asked = np.array(is_log)[:, None]
    logs = np.log(np.where(asked & (y > 0), y, 1.0))
    return np.where(asked, np.where(y > 0, logs, np.nan), y)


def _changes(x: Floats, lag: int) -> Floats:
    out = np.full_like(x, np.nan)
    out[:, lag:] = x[:, lag:] - x[:, :-lag]
    return out


def _bad(zh: str, en: str, code: str, remedy: str) -> BadInput:
    return BadInput(zh, en=en, remedy_zh=remedy, remedy_en="see docs/reference/nowcast.md", code=code)
