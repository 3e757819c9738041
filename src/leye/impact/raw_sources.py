"""The raw files of the three sources as scores by class and vintage. Read only to rebuild the shipped table, never while the product runs."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean

from leye.impact import errors
from leye.impact.percentile import percentiles
from leye.impact.sources import Source, sources

Scores = Mapping[str, Mapping[str, float]]
"""Vintage column to class to percentile among the classes of its source."""


def read_scores(folder: Path) -> Scores:
    """Percentiles of every vintage. Raises BadInput (E_EXPOSURE_SOURCE) when a file is missing or another one than the pack names.

    Both years of the ILO are placed among the classes of the newer one: a percentile of each year by itself would hide a rise of them all.
    """
    rows = {s.id: _rows(folder, s) for s in sources()}
    ilo = {y: {r["isco08"]: float(r[f"mean_{y}"]) for r in rows["ilo"]} for y in ("2023", "2025")}
    among = list(ilo["2025"].values())
    found = {f"ilo_{y}": dict(zip(by, percentiles(list(by.values()), among), strict=True)) for y, by in ilo.items()}
    onet = [(r["O*NET-SOC Code"][:7], fmean((float(r["dv_rating_beta"]), float(r["human_rating_beta"])))) for r in rows["gpts"]]
    found["gpts_2024"] = _by_class([c for c, _ in onet], percentiles([v for _, v in onet], [v for _, v in onet]))
    aioe = [(r["SOC Code"], float(r["AIOE"])) for r in rows["aioe"]]
    found["aioe_2021"] = _by_class([c for c, _ in aioe], percentiles([v for _, v in aioe], [v for _, v in aioe]))
    return found


def _by_class(classes: list[str], placed: list[float]) -> dict[str, float]:
    """Mean over the detailed occupations of a class."""
    kept: dict[str, list[float]] = defaultdict(list)
    for code, value in zip(classes, placed, strict=True):
        kept[code].append(value)
    return {code: fmean(values) for code, values in kept.items()}


def _rows(folder: Path, source: Source) -> list[dict[str, str]]:
    file = folder / source.file
    if not file.is_file():
        raise errors.source_missing(source.file)
    raw = file.read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != source.sha256:
        raise errors.source_changed(source.file, found)
    return list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
