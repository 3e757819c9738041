"""One question on one day: learned from what was known then, calibrated on cohorts whose outcome was known, said of the people at risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import Floats, Ints
from leye.forecast.hazard.calibration import Calibration, calibrated
from leye.forecast.hazard.model import Fits, Hazard, fit_hazard, fold_of
from leye.forecast.hazard.person_months import HORIZONS, PersonMonths

COHORTS = 12  # monthly cohorts that calibrate; chosen by us: a year, so that every season is in it
LEAST_LEARNING = 18  # months; chosen by us: with as many before the cohorts, calibration comes later in time than learning


@dataclass(frozen=True, slots=True)
class Cohort:
    """rows: n people at risk in the month · raw, probability: by horizon, (n,) before and after calibration · low, high: 90 % range · split: how
    learning and calibration were kept apart, `time` (cohorts later than all that was learned from) or `persons` (a person's own rows never
    judged it).
    """

    question: str
    month: int
    rows: PersonMonths
    fits: Fits
    raw: dict[int, Floats]
    probability: dict[int, Floats]
    low: dict[int, Floats]
    high: dict[int, Floats]
    calibrations: dict[int, Calibration]
    split: str


def cohort_of(rows: PersonMonths, month: int) -> Cohort:
    """The cohort of a month, from what could be known at its end. Raises BadInput (E_RISK_EVENTS) when too little happened before."""
    known = rows.known_by(month)
    split, learned = _learning(known, month)
    fits = fit_hazard(learned)
    now = known.between(month, month)
    raw = {h: fits.whole.probability(now, h) for h in HORIZONS}
    calibrations = {h: _calibration(known, fits, month, h, split) for h in HORIZONS}
    probability = {h: calibrations[h].probability(raw[h]) for h in HORIZONS}
    short, long = HORIZONS
    is_feared = rows.is_feared  # losing work by month 6 is losing it by 12; having none by 12 is having none by 6
    probability[short] = np.minimum(probability[short], probability[long]) if is_feared else np.maximum(probability[short], probability[long])
    ranges = {h: calibrations[h].range_of(raw[h]) for h in HORIZONS}
    low = {h: np.minimum(ranges[h][0], probability[h]) for h in HORIZONS}
    high = {h: np.maximum(ranges[h][1], probability[h]) for h in HORIZONS}
    return Cohort(rows.question, month, now, fits, raw, probability, low, high, calibrations, split)


def _cohorts(rows: PersonMonths, month: int, horizon: int) -> Ints:
    """The newest months whose people's outcome is known within the horizon, at most COHORTS."""
    there = np.unique(rows.month)
    return np.asarray(there[there + horizon + rows.lag <= month][-COHORTS:], dtype=np.int64)


def _learning(rows: PersonMonths, month: int) -> tuple[str, PersonMonths]:
    """The rows to learn from: those that ended before the cohorts where the table reaches back far enough, else all of them."""
    cohorts = _cohorts(rows, month, max(HORIZONS))
    if cohorts.size == COHORTS and int(cohorts[0]) - 1 - rows.lag - int(rows.month.min()) >= LEAST_LEARNING:
        return "time", rows.between(0, int(cohorts[0]) - 1 - rows.lag)
    return "persons", rows


def _calibration(rows: PersonMonths, fits: Fits, month: int, horizon: int, split: str) -> Calibration:
    """What became of the people of earlier cohorts, against what the model would have said of them without having seen them."""
    cohorts = _cohorts(rows, month, horizon)
    past = rows.between(int(cohorts[0]), int(cohorts[-1])) if cohorts.size else rows.at(slice(0))
    raw = fits.whole.probability(past, horizon) if split == "time" else _left_out(past, fits.folds, horizon)
    return calibrated(raw, past.happened[horizon], past.person)


def _left_out(rows: PersonMonths, folds: tuple[Hazard, ...], horizon: int) -> Floats:
    fold, found = fold_of(rows.key), np.empty(len(rows))
    for k, hazard in enumerate(folds):
        mine = fold == k
        found[mine] = hazard.probability(rows.at(mine), horizon)
    return found
