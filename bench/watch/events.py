"""What counts as a downturn, as found and as false: the definitions of the benchmark, fixed before any tuning.

Event: a peak of smoothed employment (centred mean of 13 months with half weights at the ends, or of three months
where the input is seasonally adjusted, on the logarithm) that no later month of the next 18
exceeds and after which the smoothed series falls by 2 % or more within 18 months. Its trough is the lowest smoothed month before the series has
risen 1 % from its low (a trade may shrink for ten years). Found: a row in [peak - 3, peak + 12] months; a miss counts as a delay of 13.
False: a row outside [peak - 3, trough + 3] of every event, those that began before the calibration date included; the rate is per quiet series-year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FALL, WITHIN, TURN = 0.02, 18, 0.01
EARLY, LATE, MISS = 3, 12, 13


@dataclass(frozen=True)
class Event:
    peak: int
    trough: int


@dataclass(frozen=True)
class Tally:
    events: int
    found: int
    delay: float
    false_rate: float
    quiet_years: float


def smooth(y: np.ndarray, *, adjusted: bool = False) -> np.ndarray:
    """Centred mean of log y, (months, series): yearly, or of three months where the season is gone already; the ends are NaN."""
    log_y = np.log(y)
    if adjusted:
        mean = np.full_like(log_y, np.nan)
        mean[1:-1] = (log_y[:-2] + log_y[1:-1] + log_y[2:]) / 3
        return mean
    total = np.full_like(log_y, np.nan)
    for t in range(6, len(y) - 6):
        window = log_y[t - 6 : t + 7]
        total[t] = (window[1:-1].sum(axis=0) + (window[0] + window[-1]) / 2) / 12
    return total


def events_of(level: np.ndarray) -> list[Event]:
    """All events of one smoothed series, in order."""
    found: list[Event] = []
    t = 0
    while t < len(level) - 1:
        if _is_peak(level, t):
            found.append(Event(t, _trough(level, t)))
            t = found[-1].trough
        t += 1
    return found


def _is_peak(level: np.ndarray, t: int) -> bool:
    ahead = level[t + 1 : t + 1 + WITHIN]
    known = ahead[~np.isnan(ahead)]
    behind = level[max(0, t - 3) : t]
    if np.isnan(level[t]) or not len(known):
        return False
    return bool(known.max() <= level[t] and np.nanmax(np.append(behind, -np.inf)) <= level[t] and known.min() <= level[t] + np.log(1 - FALL))


def _trough(level: np.ndarray, peak: int) -> int:
    low = peak
    for t in range(peak + 1, len(level)):
        if level[t] < level[low]:
            low = t
        elif level[t] > level[low] + TURN:
            break
    return low


def tally(rows: list[np.ndarray], events: list[list[Event]], start: int, end: int) -> Tally:
    """rows: for each series the months of its alarm rows."""
    found = count = false = 0
    delays: list[float] = []
    quiet = 0
    for months, list_of in zip(rows, events, strict=True):
        calm = np.ones(end, dtype=bool)
        for e in list_of:
            calm[max(0, e.peak - EARLY) : e.trough + 4] = False
            if e.peak < start:
                continue
            hits = months[(months >= e.peak - EARLY) & (months <= e.peak + LATE)]
            count += 1
            found += len(hits) > 0
            delays.append(float(hits.min() - e.peak) if len(hits) else MISS)
        quiet += int(calm[start:].sum())
        false += int(sum(calm[m] for m in months))
    return Tally(count, found, float(np.mean(delays)) if delays else float("nan"), false / max(quiet / 12, 1e-9), quiet / 12)
