"""Selection rate, TPR and FPR of all groups, by fairlearn's MetricFrame and by ours, on the same table at hand."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from leye.trust.audit import audit, check_decisions
from leye.trust.audit.cells import Grouping, count_cells, grouping
from leye.trust.audit.intervals import share_of

TIMES, TIMES_OF_PEER, DRAWS = 7, 3, 2000
NAMES = ("selection_rate", "tpr", "fpr")


def points(frame: pl.DataFrame, attributes: Sequence[str]) -> str:
    """The table; raises AssertionError when a figure differs by more than 1e-9."""
    every = [[a] for a in attributes] + [list(attributes)]
    checked, pandas = check_decisions(frame, list(attributes)), frame.to_pandas()
    lines, off = [], 0.0
    for what, groupings in (("each attribute, and all jointly", every), ("all jointly only", every[-1:])):
        mine, mine_s = timed(lambda g=groupings: ours(checked, g), TIMES)
        theirs, theirs_s = timed(lambda g=groupings: peers(pandas, g), TIMES_OF_PEER)
        groups = sum(len(g.n) for g in mine)
        lines += [
            f"| {what} ({groups} groups): fairlearn, MetricFrame (median of {TIMES_OF_PEER}) | {theirs_s:.2f} | {theirs_s / mine_s:.0f} x |",
            f"| the same: ours (median of {TIMES}) | {mine_s:.4f} | 1 |",
        ]
        off = max(off, *(difference(g, t) for g, t in zip(mine, theirs, strict=True)))
    assert off < 1e-9, off
    for what, draws in (("", 0), (f" with {DRAWS} resamples", DRAWS)):
        spent = timed(lambda d=draws: audit(checked, draws=d), TIMES)[1]
        lines.append(f"| ours, the whole audit{what}: also scoring rates, ratios, intervals, verdicts, calibration | {spent:.3f} | |")
    head = ["## Point figures, imports and reading apart", "", "Selection rate, TPR and FPR by group.", "", "| | CPU s | ratio |", "|---|---|---|"]
    return "\n".join([*head, *lines, "", f"Largest difference of a figure: {off:.1e}.", ""])


def ours(checked: Any, groupings: list[list[str]]) -> list[Grouping]:
    """One pass over the rows for all groupings."""
    cells = count_cells(checked, None)
    return [grouping(cells, columns) for columns in groupings]


def peers(pandas: Any, groupings: list[list[str]]) -> list[Any]:
    """One MetricFrame a grouping."""
    import fairlearn.metrics as fl

    metrics = dict(zip(NAMES, (fl.selection_rate, fl.true_positive_rate, fl.false_positive_rate), strict=True))
    frames = (
        fl.MetricFrame(metrics=metrics, y_true=pandas["label"], y_pred=pandas["selected"], sensitive_features=pandas[columns])
        for columns in groupings
    )
    return [f.by_group for f in frames]


def difference(mine: Grouping, theirs: Any) -> float:
    """Largest of all figures of a grouping."""
    shares = (share_of(mine.selected, mine.n), share_of(mine.hits, mine.positives), share_of(mine.false_alarms, mine.negatives))
    assert len(theirs) == len(mine.n)
    rows = [theirs.loc[parts if len(parts) > 1 else parts[0]] for parts in mine.parts]
    return max(abs(float(row[name]) - float(share[at])) for at, row in enumerate(rows) for name, share in zip(NAMES, shares, strict=True))


def timed(make: Callable[[], object], times: int) -> tuple[object, float]:
    """The answer, and the median CPU seconds after one call to warm up (none for slow ones)."""
    if times > 2:
        make()
    spent, found = [], None
    for _ in range(times):
        start = time.process_time()
        found = make()
        spent.append(time.process_time() - start)
    return found, statistics.median(spent)
