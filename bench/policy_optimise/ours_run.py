"""Our estimates of many invented histories: one JSON line a history. Arguments: world, people, first seed, last seed, effect."""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import polars as pl
from worlds import world

from leye.kernel.errors import CheckFailed
from leye.policy.optimise.effects import Trial, estimate_effect


def main() -> None:
    name, n, first, last, effect = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
    rows = []
    for seed in range(first, last):
        made = world(name, n, seed, effect=effect)
        x = made["x"]
        frame = pl.DataFrame({"age": x[:, 0], "months": x[:, 1], "flag": x[:, 2], "wage": x[:, 3], "kind": [str(int(k)) for k in x[:, 4]]})
        trial = Trial("t", np.arange(n), made["treated"], made["y"], frame)
        start = time.process_time()
        try:
            found = estimate_effect(trial, seed=1, may_choose=("months", "flag", "wage", "kind"))
        except CheckFailed as refusal:
            rows.append({"refused": refusal.code})
            continue
        rows.append(
            {
                "estimate": found.mean.estimate, "se": found.mean.se, "low": found.lo, "high": found.hi,
                "true": float(made["true"][found.kept].mean()), "plain": found.unadjusted, "plain_true": float(made["true"].mean()),
                "apart": found.targeting.tells_apart,
                "kept": float(found.kept.mean()), "cpu_s": time.process_time() - start,
            }
        )  # fmt: skip
    print(json.dumps(rows))


main()
