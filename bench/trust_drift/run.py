"""How often the nightly look at drift alarms when nothing changed, and how large a change it sees; beside scipy's KS test and the bare rule of thumb.

python bench/trust_drift/run.py [--looks 2000] [--keep]   (writes README.md beside itself unless --keep)
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from leye.trust.drift import ALPHA, LEAST_CURRENT, LEAST_REFERENCE, PSI_TRIPPED, look, psi

HERE = Path(__file__).parent
SHIFTS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0)
SHARES = (0.3, 0.2, 0.4, 0.5, 0.6, 0.7)
LARGE = (40_000, 10_000)  # decisions of one busy algorithm, at the limit of what a night reads
Floats = npt.NDArray[np.float64]


def main() -> None:
    """Run all, print the tables, write the README."""
    options = argparse.ArgumentParser()
    options.add_argument("--looks", type=int, default=2_000)
    options.add_argument("--keep", action="store_true")
    asked = options.parse_args()
    text = readme(asked.looks)
    print(text)
    if not asked.keep:
        (HERE / "README.md").write_text(text, encoding="utf-8")


def scores_row(shift: float, looks: int) -> str:
    """Shares of looks that see, trip, and of the two peers that alarm, when scores move by `shift` standard deviations."""
    from scipy.stats import ks_2samp

    dice = np.random.default_rng(int(shift * 100) + 1)
    seen = tripped = scipy_alarms = thumb = 0
    for _ in range(looks):
        before, after = dice.normal(size=LEAST_REFERENCE), dice.normal(shift, size=LEAST_CURRENT)
        level = look(before.tolist(), after.tolist(), ["a"] * LEAST_REFERENCE, ["a"] * LEAST_CURRENT).level
        seen, tripped = seen + (level == "seen"), tripped + (level == "tripped")
        scipy_alarms += ks_2samp(before, after).pvalue < ALPHA
        thumb += psi(before, after) >= PSI_TRIPPED
    return f"| {shift:.2f} | {pct(seen, looks)} | {pct(tripped, looks)} | {pct(scipy_alarms, looks)} | {pct(thumb, looks)} |"


def shares_row(share: float, looks: int) -> str:
    """The same when the share of an outcome moves from 0.3."""
    dice = np.random.default_rng(int(share * 100) + 7)
    seen = tripped = 0
    for _ in range(looks):
        before, after = (np.where(dice.random(n) < p, "b", "a").tolist() for n, p in ((LEAST_REFERENCE, 0.3), (LEAST_CURRENT, share)))
        level = look([], [], before, after).level
        seen, tripped = seen + (level == "seen"), tripped + (level == "tripped")
    return f"| 0.30 → {share:.2f} | {share / (1 - share) / (0.3 / 0.7):.2f} | {pct(seen, looks)} | {pct(tripped, looks)} |"


def cpu_ms(repeat: int = 7) -> tuple[float, float]:
    """Median CPU milliseconds of one look over LARGE, and of scipy's KS test over the same scores."""
    from scipy.stats import ks_2samp

    dice = np.random.default_rng(3)
    (before, after) = (dice.normal(size=n) for n in LARGE)
    outcomes = [dice.choice(["offered", "withheld", "offered_premium"], p=[0.6, 0.3, 0.1], size=n).tolist() for n in LARGE]
    lists = before.tolist(), after.tolist()
    ours, peer = [], []
    for _ in range(repeat):
        began = time.process_time()
        look(*lists, *outcomes)
        ours.append(time.process_time() - began)
        began = time.process_time()
        ks_2samp(before, after)
        peer.append(time.process_time() - began)
    return statistics.median(ours) * 1e3, statistics.median(peer) * 1e3


def pct(k: int, n: int) -> str:
    """A share in percent with one digit that means something."""
    return f"{100 * k / n:.2f} %"


def readme(looks: int) -> str:
    """The README."""
    import scipy

    ours, peer = cpu_ms()
    rows = "\n".join(scores_row(shift, looks) for shift in SHIFTS)
    shares = "\n".join(shares_row(share, looks) for share in SHARES)
    return f"""# Drift: false alarms, and how large a change is seen

`leye bench trust_drift`, {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, scipy {scipy.__version__}, {looks:,} simulated looks
a row, {LEAST_REFERENCE} decisions before and {LEAST_CURRENT} of late (the least that is judged), normal scores, seeds in `run.py`.

Scores move by so many standard deviations:

| shift | people look (seen) | breaker opens (tripped) | scipy `ks_2samp` p < {ALPHA} | bare rule of thumb, PSI ≥ {PSI_TRIPPED} |
|---|---|---|---|---|
{rows}

The share of one outcome moves:

| share | odds, times | people look (seen) | breaker opens (tripped) |
|---|---|---|---|
{shares}

One look over {LARGE[0]:,} and {LARGE[1]:,} decisions with three outcomes: {ours:.0f} CPU ms;
scipy's KS test alone over the same scores: {peer:.0f} CPU ms (it answers one question of three).
Where we lose: a KS test alone sees a small shift more often, because it asks for certainty only and we also ask that the
change be large; the CUSUM's limit holds at any length and pays for it with late alarms on small changes.
"""


if __name__ == "__main__":
    main()
