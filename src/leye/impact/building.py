"""The shipped table `packs/impact/exposure.csv`, made from the crosswalk and the raw files of the sources."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean, quantiles

from leye.impact import errors
from leye.impact.crosswalk import Link, links, matching, soc2010_of
from leye.impact.raw_sources import Scores, read_scores
from leye.impact.sources import vintage_columns

COLUMNS = ("code", "kind", "confidence", *vintage_columns(), "within_low", "within_high")
"""Scores 0–1 with four decimals, empty where a source has no class for the row · within_low, within_high: of a group the 10th and 90th percentile of
the classes it stands for, over the newest vintages, because a group's mean says little of one occupation in it."""
NEWEST = ("ilo_2025", "gpts_2024", "aioe_2021")


def build_exposure(folder: Path) -> str:
    """The table as CSV text. folder: where the raw files lie. Raises BadInput (E_EXPOSURE_SOURCE, E_CROSSWALK)."""
    scores = read_scores(folder)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for code in sorted(links()):
        writer.writerow(_row(links()[code], scores))
    return out.getvalue()


def _row(link: Link, scores: Scores) -> list[str]:
    values = {column: _values(link, column, scores[column]) for column in vintage_columns()}
    cells = [_told(fmean(v)) if v else "" for v in values.values()]
    low, high = _within(values) if link.kind == "group" else ("", "")
    return [link.code, link.kind, link.confidence, *cells, low, high]


def _values(link: Link, column: str, known: Mapping[str, float]) -> list[float]:
    exact = link.kind == "occupation"
    wanted, taxonomy = (link.isco08, "ISCO") if column.startswith("ilo") else (link.soc2018, "SOC")
    if column.startswith("aioe"):
        wanted = _of_2010(wanted, known, exact=exact)
    found = matching(wanted, known, exact=exact)
    if exact and len(found) != len(set(wanted)):
        raise errors.no_counterpart(link.code, taxonomy, "、".join(sorted(set(wanted) - set(found))))
    return [known[c] for c in found]


def _of_2010(wanted: tuple[str, ...], known: Mapping[str, float], *, exact: bool) -> tuple[str, ...]:
    """SOC 2018 codes, or beginnings of them, as the SOC of 2010 writes them."""
    if exact:
        return tuple(old for code in wanted for old in ((code,) if code in known else soc2010_of().get(code, (code,))))
    begin = {old for new, olds in soc2010_of().items() if new.startswith(wanted) for old in olds}
    return (*wanted, *sorted(begin))


def _within(values: Mapping[str, list[float]]) -> tuple[str, str]:
    """The 10th percentile of the lowest and the 90th of the highest source."""
    spans = [quantiles(v, n=10, method="inclusive") if len(v) > 1 else [v[0]] * 9 for c, v in values.items() if c in NEWEST and v]
    return (_told(min(s[0] for s in spans)), _told(max(s[8] for s in spans))) if spans else ("", "")


def _told(value: float) -> str:
    return f"{value:.4f}"
