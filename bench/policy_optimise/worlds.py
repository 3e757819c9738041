"""Invented histories with a known effect, on numpy alone, so that both environments read the same people."""

from __future__ import annotations

import numpy as np

WORLDS = {
    "straight": "selection and outcome are straight lines on the logit",
    "curved": "selection and outcome bend and interact: months squared, age times flag",
    "thin": "strong selection: a tenth of the participants have few like them among the others",
}
EFFECT = 0.08


def world(name: str, n: int, seed: int, *, effect: float = EFFECT, differs: float = 0.0) -> dict[str, np.ndarray]:
    """x: (n, 5) age, months, flag, wage, kind 0..2 · treated · y · true: effect of each."""
    dice = np.random.default_rng([seed, sorted(WORLDS).index(name)])
    age, months = dice.uniform(18, 60, n), dice.integers(0, 24, n).astype(float)
    flag, wage, kind = (dice.random(n) < 0.3).astype(float), dice.gamma(4.0, 1.0, n), dice.integers(0, 3, n).astype(float)
    a, m = (age - 39) / 12, (months - 12) / 7
    take = -1.2 + 0.5 * m + 0.6 * flag - 0.4 * a + 0.3 * (kind == 1)
    base = -0.2 - 0.4 * m + 0.5 * flag - 0.25 * a + 0.1 * (wage - 4)
    if name == "curved":
        take = -1.2 + 0.6 * m**2 - 0.6 + 0.7 * flag * a + 0.3 * m
        base = -0.2 - 0.4 * m**2 + 0.4 - 0.6 * flag * a + 0.4 * np.sin(2 * m)
    if name == "thin":
        take = -1.2 + 2.2 * (0.5 * m + 0.6 * (flag - 0.3) - 0.4 * a)
    treated = dice.random(n) < 1 / (1 + np.exp(-take))
    p = 1 / (1 + np.exp(-base))
    true = np.clip(p + effect + differs * (flag - 0.3) * (1 + 0.5 * (m > 0)), 0.01, 0.99) - p
    y = (dice.random(n) < p + treated * true).astype(float)
    return {"x": np.column_stack([age, months, flag, wage, kind]), "treated": treated, "y": y, "true": true}
