"""What hiding small cells of the monitoring cube costs, in seconds and in cells that nobody may see. `leye bench cube`."""

# ruff: noqa: E402  the number of threads must be set before numpy loads
from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import hashlib
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import plain

from leye.watch.cube import AXES, LEAST, hide, margins

SIZES = (5, 19, 9, 9)
"""Districts, sections of industry, major groups of occupations, key groups: those of the demo city."""
PEOPLE = (20_000, 200_000, 1_000_000)
SEED = 1


def city(people: int) -> pl.DataFrame:
    """Leaves of one month: shares of each axis uneven (Dirichlet), cells uneven beside (exponential), counts Poisson."""
    dice = np.random.default_rng(SEED)
    shares = np.einsum("a,b,c,d->abcd", *(dice.dirichlet(np.ones(k)) for k in SIZES)).ravel()
    shares *= dice.gamma(1, 1, len(shares))
    n = dice.poisson(people * shares / shares.sum())
    at = np.array(list(np.ndindex(SIZES)))
    frame = {"indicator": ["x"] * len(n)} | {a: [f"{a}{v}" for v in at[:, i]] for i, a in enumerate(AXES)}
    return pl.DataFrame(frame | {"month": [date(2025, 8, 1)] * len(n), "n": n}).filter(pl.col("n") > 0)


def row_of(name: str, people: int, axes: int, cells: pl.DataFrame, way: Callable[[pl.DataFrame], pl.DataFrame]) -> str:
    began = time.process_time()
    made = way(cells)
    cpu = time.process_time() - began
    small = int(((cells["n"] > 0) & (cells["n"] < LEAST)).sum())
    hidden, still = int(made["hidden"].sum()), len(plain.told_densely(made)) if axes <= 3 else None
    audit = "not run (dense)" if still is None else str(still)
    return f"| {people:,} | {axes} | {name} | {cells.height:,} | {small:,} | {hidden:,} | {hidden / small:.2f} | {audit} | {cpu:.2f} |"


def main() -> None:
    lines = [
        "| people | axes | way | cells | under 10 | hidden | hidden a small cell | still told | CPU s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    digest = hashlib.sha256()
    hide(margins(city(500), most=2))  # imports are not what is measured
    for people in PEOPLE:
        leaves = city(people)
        digest.update(leaves.write_csv().encode())
        for axes in (2, 3, 4):
            cells = margins(leaves, most=axes)
            lines.append(row_of("Leye", people, axes, cells, hide))
            if axes <= 3:
                lines.append(row_of("plain", people, axes, cells, lambda c: plain.hide_plainly(c, LEAST)))
    text = f"""# Hiding small cells of the cube

One month of one indicator split by {" × ".join(map(str, SIZES))} values, seed {SEED}, sha256 of the leaves {digest.hexdigest()[:16]}…
Cells with every sum up to the stated number of axes. "plain": dense least squares and the nearest smallest neighbour,
{plain.ROUNDS} rounds (`plain.py`), after which nothing is shown.
"still told": hidden cells that a dense test finds to follow from all shown sums; has to be 0. One thread.

{chr(10).join(lines)}

The plain way gives up where the cube is sparse and hides it whole; with four axes its dense matrices take
minutes, so it is not run there. Hidden cells beside the small ones are the price of sums that stay exact;
in a city of 20,000 most cells of three axes are small themselves. `leye bench cube`, {datetime.now(UTC):%Y-%m-%d}.
"""
    (HERE / "README.md").write_text(text, encoding="utf-8")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
