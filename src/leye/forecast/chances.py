"""From past errors to a chance: how often the panel's scaled errors would put the value below a mark, made true by a logistic calibration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from leye.forecast.arrays import Floats
from leye.forecast.logistic import expit, fit_logistic, logit
from leye.forecast.rounds import Rounds

DECAY = 0.95
"""A past case counts this much less per year of age. # chosen by us: development origins; .9 to 1 differ by under 1 %"""
HABIT_SHARE = 0.1
"""Weight of the smoothed climatology in the chance of a fall. # chosen by us: development origins; 0, .1 and .2 give .0959, .0958 and .0967 on
employment, .2022, .2005 and .1997 on FRED-MD"""
START, RIDGE = (0.0, 1.0), (4.0, 4.0)
"""Constant and slope on the logit of the forecast's own chance, drawn to `as it is` by a few cases. # chosen by us: development origins, where
the climatology's logit and the scaled distance as further inputs made the Brier score no better"""


@dataclass(frozen=True, slots=True)
class Event:
    """The value `horizon` periods on lies below the value `back` periods ago (0: today; season - horizon: its counterpart a season before)."""

    name: Literal["fall", "turn"]
    back: int
    horizon: int


@dataclass(frozen=True, slots=True)
class Chances:
    """p, raw: (n,) chance after and before calibration · climatology: (n,) share in the own past from this calendar month, NaN without one ·
    years: (n,) on how many past cases that share stands · cases: how many past cases the calibration was learned on."""

    p: Floats
    raw: Floats
    climatology: Floats
    years: Floats
    cases: int


def learn(rounds: Rounds, event: Event, raw: Floats, *, season: int) -> Chances:
    """Chances of `event` today, from what came after the past origins. raw: (n, T), the last column is today."""
    last = raw.shape[1] - 1
    below = _happened(raw, event)
    mark = np.stack([_column(raw, o - event.back) for o in rounds.at]) if rounds.at else np.zeros((0, len(raw)))
    outcome = np.where(np.isfinite(rounds.came) & np.isfinite(mark), rounds.came < mark, np.nan)
    error = (rounds.came - rounds.said) / rounds.spread
    ladder = _Ladder(error, rounds.age)
    today = (_column(raw, last - event.back) - rounds.now) / rounds.spread
    now_raw = ladder.below(today)
    distance = (mark - rounds.said) / rounds.spread
    use = np.isfinite(outcome) & np.isfinite(distance)
    weight = np.broadcast_to(DECAY ** rounds.age[:, None], use.shape)
    beta = np.array(START)
    if use.any():
        said = _inputs(ladder.below(distance)[use])
        beta = fit_logistic(said, outcome[use], weight=weight[use], start=np.array(START), ridge=np.array(RIDGE))
    p = expit(_inputs(now_raw) @ beta)
    share, years = climatology(below, last, event, season)
    if event.name == "fall":
        p = (1 - HABIT_SHARE) * p + HABIT_SHARE * np.where(years > 0, (np.nan_to_num(share) * years + 0.5) / (years + 1.0), p)
    return Chances(np.where(np.isfinite(today), p, np.nan), now_raw, share, years, int(use.sum()))


def _inputs(chance: Floats) -> Floats:
    return np.stack([np.ones(chance.shape), logit(chance)], axis=-1)


class _Ladder:
    """The panel's scaled errors in order, each with its weight: the conformal distribution of a forecast."""

    def __init__(self, error: Floats, age: Floats) -> None:
        seen = np.isfinite(error)
        weight = np.broadcast_to(DECAY ** age[:, None], error.shape)[seen]
        order = np.argsort(error[seen], kind="stable")
        self.steps, self.reached = error[seen][order], np.concatenate([[0.0], np.cumsum(weight[order])])

    def below(self, distance: Floats) -> Floats:
        """Share of the errors under `distance`, one case added on either side; one half where the distance is unknown."""
        at = np.searchsorted(self.steps, np.nan_to_num(distance), side="left")
        share = (self.reached[at] + 0.5) / (self.reached[-1] + 1.0)
        return np.where(np.isfinite(distance), share, 0.5)


def _happened(raw: Floats, event: Event) -> Floats:
    """(n, T) at each column 1 where the event came `horizon` later, 0 where not, NaN where unknown."""
    n, periods = raw.shape
    out = np.full((n, periods), np.nan)
    for t in range(event.back, periods - event.horizon):
        later, mark = raw[:, t + event.horizon], raw[:, t - event.back]
        out[:, t] = np.where(np.isfinite(later) & np.isfinite(mark), later < mark, np.nan)
    return out


def climatology(happened: Floats, at: int, event: Event, season: int) -> tuple[Floats, Floats]:
    """(n,) share of past cases known at column `at`, NaN without one, and (n,) how many there are: falls from the same period of the season,
    turns, which know no season, from all periods."""
    newest = at - event.horizon
    columns = list(range(at % season, newest + 1, season)) if event.name == "fall" else list(range(max(newest + 1, 0)))
    seen = np.isfinite(happened[:, columns])
    count, total = seen.sum(axis=1), np.where(seen, happened[:, columns], 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan), count.astype(np.float64)


def _column(raw: Floats, at: int) -> Floats:
    return raw[:, at] if at >= 0 else np.full(len(raw), np.nan)
