"""The fitted hazard of one question: monthly chance by duration and inputs, carried forward to six and twelve months, with exact contributions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from leye.forecast.arrays import Floats, Ints
from leye.forecast.hazard.logistic import fit_many
from leye.forecast.hazard.person_months import Columns, PersonMonths, times
from leye.forecast.hazard.spline import basis, knots_of
from leye.kernel.errors import BadInput

PENALTIES = (0.01, 0.001, 0.0001)
"""Over the mean loss, on columns of unit variance. Chosen by us on seeds 1 to 6: from hardly more than the rate to nearly free."""

WIDE = 4  # columns; chosen by us: an input with more is a list of categories
LIGHT = 0.1
"""Part of the penalty on inputs of few columns. Twenty industries share their shrinkage as in a random effect; one age band must not be shrunk with
them, or those whom help is meant for are told too low a risk."""

FOLDS = 3  # of persons; chosen by us: a third of the people judges what two thirds have learned
CALM_PER_EVENT, MOST_ROWS = 30, 120_000
"""Rows learned from. All events stay; of the months in which nothing happened a fixed part is drawn by hash and weighted up, when there are more than
thirty an event (the next hundred would make a coefficient's variance smaller by some three in a hundred) or than make MOST_ROWS."""

LEAST_CALM = 20_000
"""Kept where events are few, so that the shares of rare inputs are those of the register."""

LEAST_EVENTS = 30
"""Chosen by us: with fewer, a hazard of a dozen inputs is noise."""

DURATION = "duration"


@dataclass(frozen=True, slots=True)
class Hazard:
    """coef: intercept, then spline columns, then inputs, on scaled columns · longest: durations beyond were not seen and count as it."""

    question: str
    codes: tuple[str, ...]
    knots: tuple[float, ...]
    longest: int
    centre: Floats
    scale: Floats
    coef: Floats
    penalty: float
    is_feared: bool

    def monthly(self, rows: PersonMonths, ahead: int = 0) -> Floats:
        """(n,) chance that the state ends in the month that many months on; inputs stay as they are, the duration grows."""
        return np.asarray(expit(self._of_inputs(rows.x) + self._of_duration(rows.duration + ahead)))

    def probability(self, rows: PersonMonths, horizon: int) -> Floats:
        """(n,) chance that what the question fears comes true within the horizon: 1 - prod(1 - h), or prod(1 - h) where the event is hoped for."""
        stays, fixed = np.ones(len(rows)), self._of_inputs(rows.x)
        for ahead in range(horizon):
            stays *= expit(-fixed - self._of_duration(rows.duration + ahead))
        return np.asarray(1 - stays if self.is_feared else stays)

    def contributions(self, rows: PersonMonths) -> tuple[tuple[str, ...], Floats]:
        """(inputs, (n, inputs)): what each input adds to the log odds of this month's event, turned so that a positive one raises what is feared.

        They add up exactly to the log odds less those of a person with the mean of every input.
        """
        scaled = self._scaled(rows.x, np.minimum(rows.duration, self.longest)) * self.coef[1:]
        names = tuple(dict.fromkeys(self.codes))
        total = np.column_stack([scaled[:, [c == name for c in self.codes]].sum(axis=1) for name in names])
        return names, total if self.is_feared else -total

    def log_odds(self, rows: PersonMonths) -> Floats:
        """(n,) log odds of the event in the month after, turned as the contributions are."""
        eta = self._of_inputs(rows.x) + self._of_duration(rows.duration)
        return np.asarray(eta if self.is_feared else -eta)

    def _of_inputs(self, x: Columns) -> Floats:
        """(n,) intercept and what the inputs add."""
        k = self.centre.size - x.shape[1]
        weight = self.coef[1 + k :] / self.scale[k:]
        return np.asarray(times(x, weight) + (self.coef[0] - float(self.centre[k:] @ weight)))

    def _of_duration(self, duration: Ints) -> Floats:
        """(n,) what the time in the state adds: a table by whole months, because the same few months come millions of times."""
        table = basis(np.arange(self.longest + 1), self.knots)
        k = table.shape[1]
        return np.asarray((((table - self.centre[:k]) / self.scale[:k]) @ self.coef[1 : k + 1])[np.minimum(duration, self.longest)])

    def _scaled(self, x: Columns, duration: Ints) -> Floats:
        return (np.column_stack([basis(duration, self.knots), x]) - self.centre) / self.scale


@dataclass(frozen=True, slots=True)
class Fits:
    """whole: learned from all rows · folds: each learned without one third of the persons, whom it may judge · events, rows: learned from."""

    whole: Hazard
    folds: tuple[Hazard, ...]
    rows: int
    events: int


def fold_of(key: Ints) -> Ints:
    """(n,) fold of each person, by a fixed hash, so that it hangs on nobody else."""
    return np.asarray(mixed(key) % FOLDS, dtype=np.int64)


def mixed(number: Ints) -> Ints:
    """(n,) splitmix64 of non-negative whole numbers, halved to stay positive (Steele, Lea and Flood 2014)."""
    z = number.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray((z ^ (z >> np.uint64(31))) >> np.uint64(1), dtype=np.int64)


def fit_hazard(rows: PersonMonths, *, penalties: Sequence[float] = PENALTIES) -> Fits:
    """Learn from every row whose next month is known; the penalty is the one with the least log loss on persons left out.

    Raises BadInput (E_RISK_EVENTS) when fewer than LEAST_EVENTS happened.
    """
    known = np.flatnonzero(rows.is_known)
    events = int(rows.event[known].sum())
    if events < LEAST_EVENTS:
        raise _too_few(rows.question, events)
    kept, weight = thinned(rows, known)
    seen = rows.at(kept)
    knots = knots_of(seen.duration)
    raw = np.column_stack([basis(seen.duration, knots), seen.x])
    centre = np.average(raw, axis=0, weights=weight)
    spread = np.sqrt(np.average((raw - centre) ** 2, axis=0, weights=weight))
    codes = (DURATION,) * (raw.shape[1] - len(rows.codes)) + rows.codes
    is_wide = np.array([codes.count(code) > WIDE for code in codes])
    is_flag = ((raw == 0) | (raw == 1)).all(axis=0)
    scale = np.where(is_flag, 0.5, np.where(spread > 1e-9, spread, 1.0))  # 0.5: of a flag that half of all have; rare ones are shrunk more
    weigh = np.where(is_wide, 1.0, LIGHT)
    x, y, fold = (raw - centre) / scale, seen.event.astype(np.float64), fold_of(seen.key)
    without = np.array([weight * (fold != k) for k in range(FOLDS)])
    jobs = fit_many(x, y, np.tile(without, (len(penalties), 1)), np.repeat(penalties, FOLDS)[:, None] * weigh)
    best = int(np.argmin([_loss_left_out(x, y, weight, fold, jobs[i * FOLDS : (i + 1) * FOLDS]) for i in range(len(penalties))]))
    whole = fit_many(x, y, weight[None, :], (penalties[best] * weigh)[None, :])[0]
    made = [
        Hazard(rows.question, codes, knots, int(seen.duration.max()), centre, scale, coef, float(penalties[best]), rows.is_feared)
        for coef in (whole, *jobs[best * FOLDS : (best + 1) * FOLDS])
    ]
    return Fits(made[0], tuple(made[1:]), len(known), events)


def thinned(rows: PersonMonths, known: Ints) -> tuple[Ints, Floats]:
    """(rows kept, weight of each): all events, and of the others those whose hash falls below the share that is wanted."""
    event = rows.event[known]
    calm = known.size - int(event.sum())
    events = int(event.sum())
    wanted = min(MOST_ROWS - events, max(CALM_PER_EVENT * events, LEAST_CALM))
    share = min(1.0, max(wanted, 1) / max(calm, 1))
    if share >= 1:
        return known, np.ones(known.size)
    draw = mixed(rows.key[known] * 4_096 + rows.month[known]) / float(2**63)
    kept = event | (draw < share)
    return known[kept], np.where(event[kept], 1.0, 1 / share)


def _loss_left_out(x: Floats, y: Floats, weight: Floats, fold: Ints, coefs: Floats) -> float:
    eta = np.einsum("np,np->n", x, coefs[fold, 1:]) + coefs[fold, 0]
    return float(np.average(np.logaddexp(0.0, eta) - y * eta, weights=weight))


def _too_few(question: str, events: int) -> BadInput:
    return BadInput(
        f"{question}：记录里只有 {events} 次，至少要 {LEAST_EVENTS} 次才能估计风险",
        en=f"{question}: {events} events on record; at least {LEAST_EVENTS} are needed",
        remedy_zh="装载更长时间、更多人的记录",
        remedy_en="load records of more people or of a longer time",
        code="E_RISK_EVENTS",
    )
