"""Policy trees on the same scores: ours, exact, beside econml's PolicyTree, greedy. Value by the true effects, which only the simulator knows."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import polars as pl
from worlds import world

from leye.policy.optimise.crossfit import cross_fit, folds_by_person
from leye.policy.optimise.scores import aipw
from leye.policy.optimise.tree import offers
from leye.policy.optimise.tree_learn import questions
from leye.policy.optimise.tree_search import best_tree, gather_answers


def scored(n: int, seed: int, folder: Path) -> tuple[Path, pl.DataFrame, np.ndarray, np.ndarray]:
    """A file for the peer, and covariates, rewards and true rewards for us: effects that differ, a place worth it from the average on."""
    made = world("curved", n, seed, effect=0.06, differs=0.25)
    x = made["x"]
    frame = pl.DataFrame({"age": x[:, 0], "months": x[:, 1], "flag": x[:, 2], "wage": x[:, 3], "kind": [str(int(k)) for k in x[:, 4]]})
    fold = folds_by_person(np.arange(n), made["treated"], seed=1)
    score = aipw(made["treated"], made["y"], cross_fit(frame, made["treated"], made["y"], fold))
    price = float(made["true"].mean())
    file = folder / "scores.npz"
    np.savez(file, x=np.column_stack([x[:, :4], x[:, 4] == 1, x[:, 4] == 2]), reward=score - price, true=made["true"] - price)
    return file, frame, score - price, made["true"] - price


def ours(frame: pl.DataFrame, reward: np.ndarray, true: np.ndarray, depth: int) -> dict[str, float]:
    start = time.process_time()
    asked = questions(frame)
    yes = np.column_stack([s.answers(frame)[0] for s in asked])
    found = best_tree(gather_answers(yes, reward), asked, depth=depth, least=50)
    offered = offers(found.tree, frame)
    return {"reward": float(reward[offered].sum()), "true": float(true[offered].sum()), "cpu_s": time.process_time() - start, "exact": found.exact}
