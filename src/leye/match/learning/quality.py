"""How good an order and how honest a chance are, on outcomes."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TOP = 10
"""Places of a list that count."""
BIN_ROWS, MOST_BINS = 200, 10
"""Rows a bin of the calibration error at least, and bins at most. # chosen by us: the mean of 200 answers is known to about 3 points"""
SURE = 1.96
"""Standard errors taken off a gain. # chosen by us: chance alone passes once in forty"""


def ndcg_by_person(people: list[str], score: Floats, gain: Floats) -> dict[str, float]:
    """NDCG@TOP (Järvelin & Kekäläinen 2002, ACM TOIS 20:422) of each person's showings, for people with an outcome that could be missed.

    Ties of the score share their places' discounts, so that the order of the file does not count."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for k, name in enumerate(people):
        rows[name].append(k)
    found = {}
    for name, mine in rows.items():
        own = gain[mine]
        if own.max() > own.min():
            best = np.sort(own)[::-1]
            found[name] = float(_discounted(score[mine], own) / (best @ _discounts(len(best))))
    return found


def sure_gain(before: dict[str, float], after: dict[str, float]) -> float:
    """Mean of the paired differences less SURE standard errors; 0 or more speaks for `after` beyond chance. -inf for fewer than two people."""
    gains = np.array([after[name] - before[name] for name in sorted(before)])
    if len(gains) < 2:
        return -math.inf
    return float(gains.mean() - SURE * gains.std(ddof=1) / math.sqrt(len(gains)))


def calibration_error(p: Floats, y: Floats) -> float:
    """Expected calibration error over bins of equal counts (Naeini et al. 2015, AAAI 29:2901): mean distance of chance and rate, by rows."""
    bins = int(np.clip(len(p) // BIN_ROWS, 1, MOST_BINS))
    parts = np.array_split(np.argsort(p, kind="stable"), bins)
    return float(sum(abs(float(p[part].mean()) - float(y[part].mean())) * len(part) for part in parts) / len(p))


def _discounts(n: int) -> Floats:
    at = np.arange(n)
    return np.where(at < TOP, 1.0 / np.log2(at + 2.0), 0.0)


def _discounted(score: Floats, gain: Floats) -> float:
    order = np.argsort(-score, kind="stable")
    weight = _discounts(len(score))
    _, tied = np.unique(-score[order], return_inverse=True)
    even = np.bincount(tied, weight) / np.bincount(tied)
    return float(gain[order] @ even[tied])
