"""The engine over many machines, through Fugue: three passes over parts of the panel, everything that needs all series in between and after.

1. Each part sums its equations; the driver adds them up and solves the pooled fits.
2. Each part tells how far its series lie from the pooled fits; the driver sets what those weigh.
3. Each part forecasts its series, shrunk to the pooled fits, today and from the past origins.
Then the driver weighs the models, sets the intervals and reconciles, as on one machine. It holds the panel and the errors at past origins (5 to
14 KB a series at twelve months ahead), not the inputs, which are some thirty times the panel. `leye` has to be installed on the workers.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from leye.forecast.arrays import Bools, Floats, Ints
from leye.forecast.candidates import Candidate, Model, Shared
from leye.forecast.coherent import Fitter
from leye.forecast.design import FACTOR, Design, Kind, adjusted_design
from leye.forecast.engine import Fitted, called_for, fit, settle
from leye.forecast.factor import panel_factor
from leye.forecast.lags import Common, sharing
from leye.forecast.panel import Panel
from leye.forecast.part import Task, answers_of_part, apart_of_part, pooled_models, sums_of_part
from leye.forecast.ridge import Sums, added_up, pooled, weight_of
from leye.forecast.scale import choose_scale, fill_from_past, shift
from leye.forecast.theta import recent_pattern
from leye.forecast.tree import Tree
from leye.forecast.weights import past_origins
from leye.kernel.errors import BadInput

ENGINES = ("local", "native", "spark")
"""`local` fits in this process; `native` runs the parts one after the other in Fugue's own engine; `spark` on the session that is there."""
PART = 1_000
"""Series a part, when the number of parts is not given. # chosen by us: 30 MB of inputs of ten years of months"""

Pass = Callable[[list[dict[str, Any]], bytes], list[dict[str, Any]]]


def fitter_on(engine: str, *, parts: int | None = None) -> Fitter:
    """`engine.fit`, or the same over so many parts. Raises BadInput (E_ENGINE_UNKNOWN, E_EXTRA, E_ENGINE_MODEL)."""
    if engine == "local":
        return fit
    if engine not in ENGINES:
        raise _unknown(engine)

    def fit_in_parts(
        panel: Panel, *, horizon: int, levels: Sequence[int], models: tuple[Model, ...], high: Bools | None, split: bool
    ) -> Fitted:  # fmt: skip
        season, scale = panel.step.season, choose_scale(panel.y)
        raw = scale.forward(panel.y)
        x = fill_from_past(raw, season=season)
        asked = called_for(_allowed(models), x, season)
        at = past_origins(x.shape[1], horizon=horizon, season=season)
        rows = rows_of_parts(raw, panel.parent, parts=parts or -(-len(raw) // PART))
        task = first_task(panel, raw, x, models=asked, horizon=horizon, at=at, split=split)
        summed = _made(sums_of_part, rows, task, engine)
        task = _with_common(task, lambda key, common: _with_pools(common, [s[key] for s in summed]))
        apart = _made(apart_of_part, rows, task, engine)
        task = _with_common(task, lambda key, common: replace(common, weight=weight_of([a[key] for a in apart])))
        answers = _made(answers_of_part, rows, task, engine)
        candidates, errors = joined(answers, len(raw))
        return settle(panel, scale, candidates, errors, at=at, horizon=horizon, levels=levels, high=high)

    return fit_in_parts


def rows_of_parts(raw: Floats, parent: Ints, *, parts: int) -> pl.DataFrame:
    """`part, row, above, own, raw` with one row a series and part: neighbours of the panel's order lie together, ancestors come along as context."""
    count = min(max(parts, 1), len(raw))
    home = np.arange(len(raw)) * count // len(raw)
    rows: list[tuple[int, int, int, bool, bytes]] = []
    for part in range(count):
        own = np.flatnonzero(home == part)
        context = sorted(_ancestors(own, parent) - set(own.tolist()))
        rows += [(part, int(i), int(parent[i]), True, raw[i].tobytes()) for i in own]
        rows += [(part, i, int(parent[i]), False, raw[i].tobytes()) for i in context]
    schema = {"part": pl.Int64, "row": pl.Int64, "above": pl.Int64, "own": pl.Boolean, "raw": pl.Binary}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _ancestors(rows: Ints, parent: Ints) -> set[int]:
    found: set[int] = set()
    above = parent[rows]
    while (above >= 0).any():
        above = np.unique(above[above >= 0])
        found |= set(above.tolist())
        above = parent[above]
    return found


def first_task(
    panel: Panel, raw: Floats, x: Floats, *, models: tuple[Model, ...], horizon: int, at: Sequence[int], split: bool
) -> Task:  # fmt: skip
    """What parts are told for the first pass: the panel's factor in both forms, and which horizons share rows in the whole panel."""
    season, last = panel.step.season, x.shape[1] - 1
    growth = x - shift(x, season)
    bare = Design("seasonal", x, growth, {FACTOR: panel_factor(growth).course(growth)}, (), (), None, np.isfinite(raw), season)
    common: dict[tuple[Model, int], Common] = {}
    factors: dict[tuple[Kind, int], tuple[Floats, Floats]] = {}
    for origin in (last, *at):
        seasonal = bare.until(origin)
        flat = seasonal.x - recent_pattern(seasonal.x, season)[:, np.arange(origin + 1) % season]
        adjusted = adjusted_design(flat, seasonal.known, season=season, tree=Tree(panel.parent), has_tree=False, sparse=False)
        for design in (seasonal, adjusted):
            factors[design.kind, origin] = share_and_course(design.uppers[FACTOR])
        for model in pooled_models(models):
            common[model, origin] = Common(tuple(sharing(adjusted if model in ("adjusted", "adjusted_robust") else seasonal, horizon)))
    return Task(models, horizon, season, tuple(at), panel.has_tree, split, Shared(common, factors))


def share_and_course(led: Floats) -> tuple[Floats, Floats]:
    """(n,) and (T,) whose outer product is `led` (n, T), the part of every series that moves with the factor."""
    row = int(np.argmax(np.abs(led).max(axis=1, initial=0.0)))
    size = float((led[row] ** 2).sum())
    return (led @ led[row] / size if size > 0 else np.zeros(len(led))), led[row]


def _with_common(task: Task, change: Callable[[tuple[Model, int], Common], Common]) -> Task:
    return replace(task, shared=replace(task.shared, common={key: change(key, common) for key, common in task.shared.common.items()}))


def _with_pools(common: Common, summed: Sequence[list[Sums]]) -> Common:
    return replace(common, pools=tuple(pooled([added_up([sums[i] for sums in summed])]) for i in range(len(common.rounds))))


def joined(answers: Sequence[tuple[Ints, list[Candidate], Floats]], n: int) -> tuple[list[Candidate], Floats]:
    """Candidates of all parts as of one panel of n series, and their errors (C, q, n, H), rows in the panel's order."""
    order = np.argsort(np.concatenate([rows for rows, _, _ in answers]), kind="stable")
    assert len(order) == n, "every series is some part's own, once"

    def whole(blocks: Sequence[Floats | None]) -> Any:
        kept = [b for b in blocks if b is not None]
        return np.concatenate(kept)[order] if len(kept) == len(blocks) else None

    candidates = [
        replace(same[0], **{name: whole([getattr(c, name) for c in same]) for name in ("x", "able", "parts", "residual")})
        for same in zip(*(made for _, made, _ in answers), strict=True)
    ]
    return candidates, np.concatenate([errors for _, _, errors in answers], axis=2)[:, :, order]


def _made(work: Pass, rows: pl.DataFrame, task: Task, engine: str) -> list[Any]:
    """The same, unpacked."""
    return [pickle.loads(made) for made in _each(work, rows, task, engine)]  # noqa: S301  made by this run's own workers


def _each(work: Pass, rows: pl.DataFrame, task: Task, engine: str) -> list[bytes]:
    """What `work` makes of every part, in the order of the parts."""
    try:
        import fugue.api as fugue

        on: Any = _session() if engine == "spark" else engine
    except ImportError as error:
        raise _missing(engine) from error
    made = fugue.transform(  # type: ignore[attr-defined]
        _arrow(rows),
        work,
        schema="part:long,made:binary",
        partition={"by": "part", "num": int(rows["part"].n_unique())},
        params={"task": task.packed()},
        engine=on,
        as_local=True,
    )
    return [bytes(made) for _, made in sorted(fugue.as_array(made, columns=["part", "made"]))]  # type: ignore[attr-defined]


def _session() -> Any:
    """The session that is there, as `spark-submit` makes it, or one of this machine. Workers start the same Python, which has the same packages."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return SparkSession.getActiveSession() or SparkSession.builder.appName("leye").getOrCreate()


def _arrow(rows: pl.DataFrame) -> pa.Table:
    """The table with the one kind of bytes that every engine knows."""
    kinds = {"part": pa.int64(), "row": pa.int64(), "above": pa.int64(), "own": pa.bool_(), "raw": pa.binary()}
    return rows.to_arrow().cast(pa.schema(kinds))


def _allowed(models: tuple[Model, ...]) -> tuple[Model, ...]:
    if "boosted" in models:
        raise BadInput(
            "分布式引擎不训练跨序列的提升树。",
            en="the boosted regression over all series is not fitted in parts.",
            remedy_zh="去掉 --candidates all，或用 --engine local。",
            remedy_en="leave out --candidates all, or take --engine local.",
            code="E_ENGINE_MODEL",
        )
    return models


def _unknown(engine: str) -> BadInput:
    return BadInput(
        f"没有引擎“{engine}”。",
        en=f"no engine {engine!r}.",
        remedy_zh=f"可选：{'、'.join(ENGINES)}。",
        remedy_en=f"one of: {', '.join(ENGINES)}.",
        code="E_ENGINE_UNKNOWN",
    )


def _missing(engine: str) -> BadInput:
    return BadInput(
        f"引擎 {engine} 要用的软件没有装上。",
        en=f"what engine {engine} needs is not installed.",
        remedy_zh="运行 pip install 'leye[spark]'，并装好 Java 17。",
        remedy_en="run pip install 'leye[spark]' and have Java 17.",
        code="E_EXTRA",
    )
