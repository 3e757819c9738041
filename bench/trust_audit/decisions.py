"""Made-up decisions for the benchmark: three attributes, a label, a score, unequal rates."""

from __future__ import annotations

import numpy as np
import polars as pl

ATTRIBUTES = ("sex", "age_band", "hukou")


def decisions(rows: int, seed: int) -> pl.DataFrame:
    """`sex` (2), `age_band` (5), `hukou` (2), `selected`, `score` with 5 % missing, `label`; women are chosen at 0.8 of the men's rate."""
    dice = np.random.default_rng(seed)
    sex = np.array(["男", "女"])[dice.integers(0, 2, rows)]
    age = np.array(["16-24", "25-34", "35-44", "45-54", "55+"])[dice.choice(5, rows, p=[0.1, 0.3, 0.3, 0.2, 0.1])]
    hukou = np.array(["本地", "外地"])[dice.integers(0, 2, rows)]
    label = dice.random(rows) < 0.3
    score = np.round(dice.normal(size=rows) + label, 3)
    selected = dice.random(rows) < np.where(sex == "女", 0.24, 0.30) * np.where(label, 1.5, 0.8)
    missing = dice.random(rows) < 0.05
    frame = pl.DataFrame(
        {"sex": sex, "age_band": age, "hukou": hukou, "selected": selected.astype(np.int64), "score": score, "label": label.astype(np.int64)}
    )
    return frame.with_columns(pl.when(pl.Series(missing)).then(None).otherwise(pl.col("score")).alias("score"))
