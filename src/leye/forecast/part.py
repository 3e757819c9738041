"""What a worker does with one part of a panel: sums for the pooled fits, then forecasts and past errors of its own series.

A part holds its own series and, as context, the series above them, so that its inputs are those of the whole panel. What only the whole can
tell (pooled fits and their weight, the panel's factor, which horizons share rows) is handed in. Numbers travel as bytes of float64, so nothing is
rounded on the way.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from leye.forecast.arrays import Bools, Floats, Ints
from leye.forecast.candidates import POOLED, ROBUST, Candidate, Designs, Model, Shared, adjusted_of, forecast_from
from leye.forecast.design import Design, seasonal_design
from leye.forecast.lags import apart_from_pool, pooled_sums
from leye.forecast.scale import fill_from_past
from leye.forecast.theta import recent_pattern
from leye.forecast.tree import Tree


@dataclass(frozen=True, slots=True)
class Task:
    """The same for every part. at: past origins, newest first · shared: of the whole panel, factors by its rows; each pass fills in more of
    `common`: rows shared, then pooled fits, then what they weigh."""

    models: tuple[Model, ...]
    horizon: int
    season: int
    at: tuple[int, ...]
    has_tree: bool
    split: bool
    shared: Shared

    def packed(self) -> bytes:
        """As bytes that `unpacked` reads; they travel between machines of one cluster that run the same code."""
        return pickle.dumps(self)


def unpacked(task: bytes) -> Task:
    """The task that was packed. Only bytes of `Task.packed` within one run may come here."""
    found: Task = pickle.loads(task)  # noqa: S301  made by this run's own driver
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """Series of a part: row (m,) in the whole panel · raw: (m, T) on the working scale · parent: (m,) within the part · own: (m,) not context."""

    row: Ints
    raw: Floats
    parent: Ints
    own: Bools


def part_of(rows: Sequence[Mapping[str, Any]]) -> Part:
    """From the rows of a table `row, above, own, raw` (above: row of the parent in the whole panel, -1 for a root), sorted by row."""
    ordered = sorted(rows, key=lambda r: int(r["row"]))
    row = np.array([r["row"] for r in ordered], dtype=np.int64)
    place = {int(r): i for i, r in enumerate(row)}
    parent = np.array([place.get(int(r["above"]), -1) for r in ordered], dtype=np.int64)
    return Part(row, np.stack([np.frombuffer(r["raw"], dtype=np.float64) for r in ordered]), parent, np.array([bool(r["own"]) for r in ordered]))


def sums_of_part(rows: list[dict[str, Any]], task: bytes) -> list[dict[str, Any]]:
    """First pass. One row: the sums of the part for every pooled model, origin and group of horizons."""
    asked, part = unpacked(task), part_of(rows)
    with threadpool_limits(1, user_api="blas"):
        designs = designs_of_part(part, asked)
        found = {
            (model, at): pooled_sums(_design(designs, model, at), part.own, robust=model in ROBUST, rounds=common.rounds)
            for (model, at), common in asked.shared.common.items()
        }
    return [{"part": rows[0]["part"], "made": pickle.dumps(found)}]


def apart_of_part(rows: list[dict[str, Any]], task: bytes) -> list[dict[str, Any]]:
    """Second pass. One row: for every pooled model and origin, how far the part's series lie from the pooled fit."""
    asked, part = unpacked(task), part_of(rows)
    with threadpool_limits(1, user_api="blas"):
        designs = designs_of_part(part, asked)
        found = {
            (model, at): apart_from_pool(_design(designs, model, at), part.own, robust=model in ROBUST, common=common)
            for (model, at), common in asked.shared.common.items()
        }
    return [{"part": rows[0]["part"], "made": pickle.dumps(found)}]


def _design(designs: Designs, model: Model, at: int) -> Design:
    """What a pooled model looks at from one origin."""
    known = designs.until(at)
    if model not in ("adjusted", "adjusted_robust"):
        return known.seasonal
    return adjusted_of(model, known, recent_pattern(known.seasonal.x, known.seasonal.season))


def answers_of_part(rows: list[dict[str, Any]], task: bytes) -> list[dict[str, Any]]:
    """Third pass. One row: rows of the part's own series, their candidates today, and errors (C, q, m, H) at the past origins."""
    asked, part = unpacked(task), part_of(rows)
    with threadpool_limits(1, user_api="blas"):
        designs = designs_of_part(part, asked)
        last = part.raw.shape[1] - 1
        today = forecast_from(designs, at=last, horizon=asked.horizon, models=asked.models)
        errors = [_errors(designs, part.raw, at, asked) for at in asked.at]
    none = np.zeros((len(today), 0, len(part.row), asked.horizon))
    whole = np.stack(errors, axis=1) if errors else none
    made = part.row[part.own], [_kept(c, part.own) for c in today], whole[:, :, part.own]
    return [{"part": rows[0]["part"], "made": pickle.dumps(made)}]


def _errors(designs: Designs, raw: Floats, at: int, asked: Task) -> Floats:
    """(C, m, H) forecast less truth from one past origin, NaN where either is missing."""
    truth = raw[:, at + 1 : at + 1 + asked.horizon]
    made = forecast_from(replace(designs, split=False), at=at, horizon=asked.horizon, models=asked.models)
    return np.stack([np.where(c.able[:, None], c.x - truth, np.nan) for c in made])


def designs_of_part(part: Part, asked: Task) -> Designs:
    """What the models see of a part: the same inputs as in the whole panel."""
    x, tree = fill_from_past(part.raw, season=asked.season), Tree(part.parent)
    seasonal = seasonal_design(x, np.isfinite(part.raw), season=asked.season, horizon=asked.horizon, tree=tree, has_tree=asked.has_tree)
    factors = {key: (share[part.row], course) for key, (share, course) in asked.shared.factors.items()}
    return Designs(seasonal, tree, asked.has_tree, split=asked.split, shared=replace(asked.shared, factors=factors))


def _kept(candidate: Candidate, own: Bools) -> Candidate:
    """The part's own series only."""
    parts, residual = candidate.parts, candidate.residual
    return replace(
        candidate,
        x=candidate.x[own],
        able=candidate.able[own],
        parts=None if parts is None else parts[own],
        residual=None if residual is None else residual[own],
    )


def pooled_models(models: Sequence[Model]) -> tuple[Model, ...]:
    """Those of the models that a part cannot fit without the others."""
    return tuple(m for m in models if m in POOLED)
