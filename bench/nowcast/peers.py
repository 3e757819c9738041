"""What Leye is held against: statsmodels' DynamicFactorMQ (Bańbura and Modugno's EM), an autoregression, and no change."""

from __future__ import annotations

import time
import warnings
from datetime import date
from typing import Any

import numpy as np

FACTORS, ORDER = 4, 2
"""Of the peer: the better of (1, 1), (2, 2) and (4, 2) on the development quarters."""
ROUNDS = 100


class DynamicFactor:
    """DynamicFactorMQ, estimated anew at the first vintage of each year, then only filtered, as its users do; AR(1) noise of its own by default."""

    def __init__(self, targets: tuple[str, ...], factors: int = FACTORS, order: int = ORDER) -> None:
        self.targets, self.factors, self.order = targets, factors, order
        self.year, self.fitted, self.fit_s, self.update_s = 0, None, 0.0, 0.0
        self.fits = 0

    def nowcast(self, indicators: np.ndarray, targets: np.ndarray, first: date, quarter: date) -> np.ndarray:
        """(m,) logarithms of the targets in the last quarter of `targets` (logs, NaN where unknown)."""
        import pandas as pd
        from statsmodels.tsa.statespace.dynamic_factor_mq import DynamicFactorMQ

        changes = pd.DataFrame(100 * np.diff(indicators, axis=1).T, index=pd.period_range(first, periods=indicators.shape[1], freq="M")[1:])
        changes.columns = [f"i{k}" for k in changes.columns]
        low = pd.DataFrame(100 * np.diff(targets, axis=1).T, index=pd.period_range(first, periods=targets.shape[1], freq="Q")[1:])
        low.columns = list(self.targets)
        start = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if self.year != quarter.year:
                model = DynamicFactorMQ(changes, endog_quarterly=low, factors=self.factors, factor_orders=self.order, idiosyncratic_ar1=True)
                self.fitted, self.year = model.fit(disp=False, maxiter=ROUNDS), quarter.year
                self.fit_s += time.process_time() - start
                self.fits += 1
                result: Any = self.fitted
            else:
                result = self.fitted.apply(changes, endog_quarterly=low, retain_standardization=True)  # type: ignore[attr-defined]
                self.update_s += time.process_time() - start
            end = pd.Period(quarter, freq="Q")
            rows = result.get_prediction(start=result.model.nobs - 12, end=end.asfreq("M", "end"), information_set="smoothed").predicted_mean
        found = []
        for j, name in enumerate(self.targets):
            last = int(np.flatnonzero(np.isfinite(targets[j]))[-1])
            ahead = [rows[name][p.asfreq("M", "end")] for p in pd.period_range(first, periods=targets.shape[1], freq="Q")[last + 1 :]]
            found.append(targets[j, last] + sum(ahead) / 100)
        return np.array(found)


def autoregression(targets: np.ndarray) -> np.ndarray:
    """(m,) the last quarter by an AR(1) of quarterly changes, iterated where the quarter before is not out either."""
    return np.array([_iterated(row) for row in targets])


def no_change(targets: np.ndarray) -> np.ndarray:
    """(m,) the newest known quarter again."""
    return np.array([row[np.isfinite(row)][-1] for row in targets])


def _iterated(row: np.ndarray) -> float:
    known = row[np.isfinite(row)]
    change = np.diff(known)
    mean = change.mean()
    past, now = change[:-1] - mean, change[1:] - mean
    share, at, level = float(past @ now / (past @ past)), float(change[-1] - mean), float(known[-1])
    for _ in range(len(row) - len(known)):
        at *= share
        level += mean + at
    return level
