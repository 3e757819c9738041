"""Calm panels on which nothing happens, and the same with planted falls of 4 % (or of what a small series can show).

Kinds: `walk` random walk with drift and season (like payrolls), `noise` level with season and independent noise, `ar` growth with memory .5,
`common` half of the shocks shared, `counts` Poisson counts of about 40.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from leye.watch.scanning import scan_panel

MONTHS, CUTS, SERIES = 240, (30, 60, 120), 60


def season(dice: np.random.Generator, n: int, months: int) -> np.ndarray:
    shape = dice.normal(0, 0.03, size=(12, n))
    return np.tile(shape - shape.mean(axis=0), (months // 12 + 1, 1))[:months]


def make(kind: str, dice: np.random.Generator, n: int = SERIES, months: int = MONTHS) -> np.ndarray:
    """(months, series) positive values."""
    size = dice.lognormal(9, 1, n)
    drift = dice.normal(0.001, 0.001, n) * np.arange(months)[:, None]
    own = dice.normal(0, 1, (months, n))
    if kind == "walk":
        log_y = np.cumsum(0.004 * own, axis=0)
    elif kind == "noise":
        log_y = 0.03 * own
    elif kind == "ar":
        growth = np.zeros((months, n))
        for t in range(1, months):
            growth[t] = 0.5 * growth[t - 1] + 0.003 * own[t]
        log_y = np.cumsum(growth, axis=0)
    elif kind == "common":
        log_y = np.cumsum(0.004 * (own + dice.normal(0, 1, (months, 1))) / np.sqrt(2), axis=0)
    elif kind == "counts":
        return dice.poisson(40 * np.exp(season(dice, n, months))).astype(float)
    else:
        raise ValueError(kind)
    return size * np.exp(log_y + drift + season(dice, n, months))


def frame(y: np.ndarray) -> pl.DataFrame:
    days = [date(2000 + t // 12, t % 12 + 1, 1) for t in range(len(y))]
    return pl.DataFrame({"unique_id": np.repeat([f"s{i:03d}" for i in range(y.shape[1])], len(y)), "ds": days * y.shape[1], "y": y.T.ravel()})


def plant(y: np.ndarray, at: int, fall: float, over: int = 6) -> np.ndarray:
    """A fall spread over some months that stays."""
    ramp = np.clip((np.arange(len(y)) - at + 1) / over, 0, 1)[:, None]
    return y * (1 - fall * ramp)


def rows(y: np.ndarray, cut: int, nominal: float, seed: int = 0) -> pl.DataFrame:
    day = date(2000 + cut // 12, cut % 12 + 1, 1)
    return scan_panel(frame(y), calibrate_before=day, nominal=nominal, seasonal=True, seed=seed).alerts.with_columns(
        ((pl.col("ds").dt.year().cast(pl.Int64) - 2000) * 12 + pl.col("ds").dt.month() - 1).alias("t"),
        pl.col("evidence").str.json_path_match("$.kind").alias("kind"),
    )


def table(nominal: float, seeds: int = 3) -> list[str]:
    lines = [
        "| panel | months of calibration | false rows a series-year (nominal "
        f"{nominal})"
        " | all rows | planted fall found within 12 months | mean delay |",
        "|---|---|---|---|---|---|",
    ]
    falls = {"walk": 0.04, "noise": 0.08, "ar": 0.04, "common": 0.04, "counts": 0.4}
    for kind, fall in falls.items():
        for cut in CUTS:
            rate, every, hit, delay = [], [], [], []
            for seed in range(seeds):
                dice = np.random.default_rng(100 + seed)
                y = make(kind, dice)
                years = (MONTHS - cut) / 12 * SERIES
                alarms = rows(y, cut, nominal, seed)
                rate.append(alarms.filter(pl.col("kind") != "rise").height / years)
                every.append(alarms.height / years)
                at = cut + 24
                shocked = (
                    rows(plant(y, at, fall)[: at + 13], cut, nominal, seed)
                    .filter(pl.col("t") >= at)
                    .group_by("unique_id")
                    .agg(pl.col("t").min() - at)
                )
                hit.append(shocked.height / SERIES)
                delay.append((shocked["t"].sum() + 13 * (SERIES - shocked.height)) / SERIES)
            lines.append(
                f"| {kind}, fall {fall:.0%} | {cut} | {np.mean(rate):.3f} | {np.mean(every):.3f} | {np.mean(hit):.2f} | {np.mean(delay):.1f} |"
            )
    return lines
