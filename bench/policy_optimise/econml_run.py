"""The peer's estimates of the same histories (econml LinearDRLearner, cross-fitted, logistic models with cross-validated penalties)."""

from __future__ import annotations

import json
import sys
import time
import warnings

import numpy as np
from econml.dr import LinearDRLearner
from econml.policy import PolicyTree
from sklearn.linear_model import LogisticRegressionCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from worlds import world

warnings.filterwarnings("ignore")


def design(x: np.ndarray) -> np.ndarray:
    return np.column_stack([x[:, :4], x[:, 4] == 1, x[:, 4] == 2]).astype(float)


def effects(name: str, n: int, first: int, last: int, effect: float) -> list[dict[str, float]]:
    rows = []
    for seed in range(first, last):
        made = world(name, n, seed, effect=effect)
        x = design(made["x"])
        start = time.process_time()
        learner = LinearDRLearner(
            discrete_outcome=True, cv=5, random_state=1, min_propensity=1e-3,
            model_propensity=make_pipeline(StandardScaler(), LogisticRegressionCV(Cs=4, max_iter=500)),
            model_regression=make_pipeline(StandardScaler(), LogisticRegressionCV(Cs=4, max_iter=500)),
        )  # fmt: skip
        learner.fit(made["y"], made["treated"].astype(int), X=None, W=x)
        low, high = (float(np.ravel(v)[0]) for v in learner.ate_interval(X=None, T0=0, T1=1, alpha=0.05))
        estimate = float(np.ravel(learner.ate(X=None, T0=0, T1=1))[0])
        se = (high - low) / 2 / 1.96
        rows.append({"estimate": estimate, "se": se, "low": low, "high": high, "true": float(made["true"].mean()),
                     "cpu_s": time.process_time() - start})  # fmt: skip
    return rows


def trees(file: str, depth: int) -> dict[str, object]:
    """Greedy policy tree on rewards that are handed in; reward of the choices it makes for the same people."""
    data = np.load(file)
    reward = np.column_stack([np.zeros(len(data["reward"])), data["reward"]])
    start = time.process_time()
    tree = PolicyTree(max_depth=depth, min_samples_leaf=50, honest=False, random_state=1, min_balancedness_tol=0.5).fit(data["x"], reward)
    chosen = tree.predict(data["x"])
    return {"reward": float(data["reward"][chosen == 1].sum()), "true": float(data["true"][chosen == 1].sum()), "cpu_s": time.process_time() - start}


def main() -> None:
    if sys.argv[1] == "tree":
        print(json.dumps(trees(sys.argv[2], int(sys.argv[3]))))
    else:
        print(json.dumps(effects(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]))))


main()
