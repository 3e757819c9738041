"""The gravity model of flows: origin, destination and distance say how many, the calendar says when, each pair's own past says how it differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from leye.forecast.arrays import Floats, Ints
from leye.forecast.flows.places import log_distances
from leye.forecast.flows.poisson import fit_poisson, rate
from leye.forecast.flows.seasons import WINDOWS, season_columns

PLACE_RIDGE, MONTH_RIDGE, FESTIVAL_RIDGE, TREND_RIDGE = 0.1, 20.0, 0.5, 20.0
"""Ridge of each kind of effect; a month of the year has to earn its effect beside the festival. # chosen by us on cities of seeds 1 to 3"""
PAIR_PRIOR = 20.0
"""Moves that the model's own level of a pair is worth against what was counted. # chosen by us on cities of seeds 1 to 3"""
PAIR_DECAY = 0.98
"""A month counts this much less than the next in a pair's own level. # chosen by us"""
LEVEL_MONTHS, LEVEL_PRIOR = 3, 150.0
"""The newest months tell where the whole class stands, drawn to the model by this many moves. # chosen by us on cities of seeds 1 to 3"""


@dataclass(frozen=True, slots=True)
class Gravity:
    """A fitted class of flows. beta: coefficients · factor: (pairs,) a pair's own level · spread: extra variance v, var(n) = mu + v·mu²."""

    pairs: tuple[tuple[str, str], ...]
    places: Floats
    beta: Floats
    factor: Floats
    spread: float
    origin: date

    def expected(self, months: Sequence[date]) -> Floats:
        """(pairs, months) expected flows."""
        return _expected(self.places, season_columns(months, origin=self.origin), self.beta) * self.factor[:, None]


def fit_gravity(pairs: Sequence[tuple[str, str]], months: Sequence[date], n: Floats) -> Gravity:
    """n: (pairs, months) counts, NaN where unknown; months up to the origin, which is the last."""
    origin = months[-1]
    places, season = _place_columns(pairs), season_columns(months, origin=origin)
    known = np.isfinite(n)
    rows, columns = np.nonzero(known)
    x = np.concatenate([places[rows], season[columns]], axis=1)
    y = n[known]
    beta = fit_poisson(x, y, ridge=_ridges(places.shape[1], season.shape[1]))
    mu = _expected(places, season, beta)
    factor = _factors(n, mu, known)
    return Gravity(tuple(pairs), places, beta, factor, _spread(y, (mu * factor[:, None])[known]), origin)


def _place_columns(pairs: Sequence[tuple[str, str]]) -> Floats:
    """(pairs, 1 + origins + destinations + 1): constant, one column a place and end, log distance."""
    origins, dests = sorted({a for a, _ in pairs}), sorted({b for _, b in pairs})
    at: Ints = np.array([[origins.index(a), dests.index(b)] for a, b in pairs])
    eye = np.concatenate([np.eye(len(origins))[at[:, 0]], np.eye(len(dests))[at[:, 1]]], axis=1)
    return np.concatenate([np.ones((len(pairs), 1)), eye, log_distances(pairs)[:, None]], axis=1)


def _ridges(places: int, season: int) -> Floats:
    months = season - len(WINDOWS) - 1
    parts = ([0.0], [PLACE_RIDGE] * (places - 1), [MONTH_RIDGE] * months, [FESTIVAL_RIDGE] * len(WINDOWS), [TREND_RIDGE])
    return np.array([r for part in parts for r in part])


def _expected(places: Floats, season: Floats, beta: Floats) -> Floats:
    return rate(places, beta[: places.shape[1]])[:, None] * rate(season, beta[places.shape[1] :])[None, :]


def _factors(n: Floats, mu: Floats, known: np.ndarray) -> Floats:
    """(pairs,) counted over expected, newer months more, drawn to 1 (gamma prior); times the same of the whole class over the newest months."""
    decay = PAIR_DECAY ** np.arange(n.shape[1] - 1, -1, -1)
    seen = np.where(known, n, 0.0)
    at_risk = np.where(known, mu, 0.0)
    pair = ((seen * decay).sum(axis=1) + PAIR_PRIOR) / ((at_risk * decay).sum(axis=1) + PAIR_PRIOR)
    newest = slice(max(n.shape[1] - LEVEL_MONTHS, 0), None)
    level = (seen[:, newest].sum() + LEVEL_PRIOR) / ((at_risk * pair[:, None])[:, newest].sum() + LEVEL_PRIOR)
    return np.asarray(pair * level)


def _spread(y: Floats, mu: Floats) -> float:
    """Moment estimate of v in var = mu + v·mu² (Cameron and Trivedi 1998, section 3.3), never negative."""
    return float(max(((y - mu) ** 2 - y).sum() / max((mu**2).sum(), 1e-12), 0.0))
