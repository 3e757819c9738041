"""Fairness audit beside fairlearn in the same run: cost of the command, cost and equality of point figures, equality of bootstrap, coverage.

leye bench trust_audit            four minutes on two cores; fairlearn comes from requirements.txt or the extra `bench`
"""

from __future__ import annotations

import datetime
import hashlib
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parent))
from coverage import DRAWS, GROUPS, TABLES, coverage
from decisions import ATTRIBUTES, decisions
from points import points, timed

ROWS, DRAWS_OF_COMMAND, TIMES = 1_000_000, 2000, 5
SMALL_ROWS, SMALL_DRAWS = 20_000, 1000


def main() -> None:
    """Print the tables and write README.md."""
    frame = decisions(ROWS, 1)
    parts = [head(frame), command(frame), points(frame, ATTRIBUTES), bootstrap(), covered(), NOTE]
    text = "\n".join(parts)
    (Path(__file__).parent / "README.md").write_text(text, encoding="utf-8")
    print(text)


def head(frame: pl.DataFrame) -> str:
    digest = hashlib.sha256(frame.write_csv().encode()).hexdigest()[:16]
    from importlib.metadata import version

    return (
        "# Fairness audit: ours beside fairlearn\n\n"
        f"Command: `leye bench trust_audit`. {datetime.datetime.now(datetime.UTC):%Y-%m-%d}, Python {platform.python_version()}, "
        f"polars {pl.__version__}, "
        f"fairlearn {version('fairlearn')}, 2 cores.\nData: `decisions.py`, seed 1, {ROWS:,} rows, {len(ATTRIBUTES)} attributes "
        f"(20 groups jointly), with labels; sha256 of the CSV {digest}….\n"
    )


def command(frame: pl.DataFrame) -> str:
    """The whole command in a process of its own, start-up and files included."""
    lines = [
        f"## The whole command, {ROWS:,} rows x {len(ATTRIBUTES)} attributes, with labels",
        "",
        f"| input | draws | CPU s (median of {TIMES}) | range |",
        "|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        frame.write_parquet(home / "d.parquet")
        frame.write_csv(home / "d.csv")
        frame.head(10).write_parquet(home / "tiny.parquet")
        for name, draws in (("d.parquet", 0), ("d.parquet", DRAWS_OF_COMMAND), ("d.csv", DRAWS_OF_COMMAND), ("tiny.parquet", 0)):
            words = [sys.executable, "-m", "leye", "trust", "audit", name, "--groups", ",".join(ATTRIBUTES), "--out", "o", "--bootstrap", str(draws)]
            spent = [child_cpu(words, home) for _ in range(TIMES)]
            what = "ten rows: start-up alone" if name.startswith("tiny") else name.split(".")[1]
            lines.append(f"| {what} | {draws} | {statistics.median(spent):.2f} | {min(spent):.2f}–{max(spent):.2f} |")
    return "\n".join([*lines, ""])


def bootstrap() -> str:
    """Percentile ends of both on 20,000 rows, their differences in units of the Monte-Carlo error of the two together."""
    import fairlearn.metrics as fl

    from leye.trust.audit import audit, check_decisions

    frame = decisions(SMALL_ROWS, 2)
    pandas = frame.to_pandas()
    tails = [0.025, 0.975]
    start = time.process_time()
    his = fl.MetricFrame(
        metrics={"selection_rate": fl.selection_rate}, y_true=pandas["label"], y_pred=pandas["selected"], sensitive_features=pandas[["age_band"]],
        n_boot=SMALL_DRAWS, ci_quantiles=tails, random_state=3,
    )  # fmt: skip
    his_s = time.process_time() - start
    checked = check_decisions(frame, ["age_band"])
    mine, mine_s = timed(lambda: audit(checked, draws=SMALL_DRAWS, seed=3), 3)
    rates = {r["group"]: r for r in mine.rates.to_dicts()}
    gaps = {r["measure"]: r for r in mine.gaps.to_dicts()}
    rows, worst = [], 0.0
    pairs = [
        (g, r["selection_rate"], (r["selection_boot_lo"], r["selection_boot_hi"]), tuple(float(q.loc[g, "selection_rate"]) for q in his.by_group_ci))
        for g, r in rates.items()
    ]
    for name, ends in (("selection_rate_difference", his.difference_ci()), ("selection_rate_ratio", his.ratio_ci())):
        pairs.append((name, gaps[name]["value"], (gaps[name]["lo"], gaps[name]["hi"]), tuple(float(q["selection_rate"]) for q in ends)))
    for name, value, ours, theirs in pairs:
        sd = (theirs[1] - theirs[0]) / 3.92
        error = 2.67 * sd / SMALL_DRAWS**0.5 * 2**0.5  # of a 2.5 % percentile of a normal, twice
        z = max(abs(ours[i] - theirs[i]) / error for i in (0, 1))
        worst = max(worst, z)
        rows.append(f"| {name} | {value:.4f} | {ours[0]:.4f}–{ours[1]:.4f} | {theirs[0]:.4f}–{theirs[1]:.4f} | {z:.1f} |")
    return "\n".join([
        f"## Bootstrap, {SMALL_ROWS:,} rows, {SMALL_DRAWS} resamples, one metric by age band", "",
        "| | estimate | ours | fairlearn | difference in Monte-Carlo errors |", "|---|---|---|---|---|", *rows, "",
        f"Largest: {worst:.1f} of {2 * len(rows)}. CPU s: fairlearn {his_s:.1f}, ours {mine_s:.3f} for the whole audit ({his_s / mine_s:.0f} x).", "",
    ])  # fmt: skip


def covered() -> str:
    lines = [
        "## Do the intervals hold the truth?", "",
        f"{GROUPS * TABLES:,} simulated groups a row, rates 0.05 to 0.45 against a reference at 0.5; {DRAWS} resamples a table.",
        f"Wanted: 0.95; a simulated share of {GROUPS * TABLES:,} has a standard error of 0.003.", "",
        "| rows a group | Wilson | log ratio | what `--bootstrap` writes | plain percentiles |", "|---|---|---|---|---|",
    ]  # fmt: skip
    lines += [f"| {size} | {a:.3f} | {b:.3f} | {c:.3f} | {d:.3f} |" for size, a, b, c, d in coverage(5)]
    return "\n".join([*lines, ""])


def child_cpu(words: list[str], cwd: Path) -> float:
    """CPU seconds, user and system, of a process that ends well."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, cwd=cwd, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


NOTE = """## Where we lose, and what the ratio does not say

The ratio holds for figures that are functions of counts. fairlearn takes any callable (AUC, losses, regression errors); we do not, and a table of a
thousand rows is not slow in fairlearn either. On a handful of rows our command is all start-up (last row of the first table). Percentile intervals of
fewer than five cases are replaced by the closed form: the last two columns of the coverage table show why.
"""

if __name__ == "__main__":
    main()
