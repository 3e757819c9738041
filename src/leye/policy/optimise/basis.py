"""From covariates as people know them (numbers, flags, words, unknowns) to columns that a smooth model can use.

Numbers become a restricted cubic spline (Harrell, Regression Modeling Strategies, 2nd ed., 2.4.5), words one column a level, an unknown a column
of its own; then products of the columns that matter most. All columns come out with mean 0 and variance 1 on the rows they were learned from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from leye.policy.optimise.arrays import Floats

KNOTS = {3: (0.10, 0.5, 0.90), 4: (0.05, 0.35, 0.65, 0.95), 5: (0.05, 0.275, 0.5, 0.725, 0.95)}
"""Quantiles of the knots (Harrell, table 2.3)."""
FEW_VALUES = 8
"""A number with at most this many values enters as it is. Chosen by us: a spline through eight points is the points."""
RARE = 20
"""Rows below which a level or an unknown has no column of its own. Chosen by us: fewer say nothing about a probability."""
MOST_FACTORS = 10
"""Columns that may meet in products: 45 products. Chosen by us: about as many as the columns themselves."""


@dataclass(frozen=True, slots=True)
class Column:
    """One covariate. kind: number | level · knots: of the spline, empty for straight lines · levels: with a column of their own ·
    fill: what stands for an unknown number · marks_unknown: whether the unknown has a column."""

    name: str
    kind: str
    knots: tuple[float, ...] = ()
    levels: tuple[str, ...] = ()
    fill: float = 0.0
    marks_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """How to make the columns. pairs: numbers of plain columns whose product, both less their `middle`, is one more · kept, mean, scale: of all
    columns made."""

    columns: tuple[Column, ...]
    pairs: tuple[tuple[int, int], ...]
    middle: Floats
    kept: tuple[int, ...]
    mean: Floats
    scale: Floats
    names: tuple[str, ...]

    def design(self, frame: pl.DataFrame) -> Floats:
        """(rows, p) columns of a table that has the covariates."""
        plain, _, _ = _plain(frame, self.columns)
        full = _with_products(plain, self.pairs, self.middle)
        return np.asarray((full[:, list(self.kept)] - self.mean) / self.scale, dtype=np.float64)


def learn_basis(frame: pl.DataFrame, *, against: tuple[Floats, ...] = (), products: int = MOST_FACTORS) -> Basis:
    """Knots, levels and scales from the rows of `frame`.

    against: (rows,) arrays, treatment and outcome: the columns most correlated with them meet in products; none without them.
    """
    columns = tuple(_learn(frame[name]) for name in frame.columns)
    plain, names, heads = _plain(frame, columns)
    pairs = _pairs(plain, heads, against, products) if against else ()
    middle = plain.mean(axis=0)
    full = _with_products(plain, pairs, middle)
    names = [*names, *(f"{names[a]}×{names[b]}" for a, b in pairs)]
    kept = _distinct(full)
    mean, scale = full[:, kept].mean(axis=0), full[:, kept].std(axis=0)
    return Basis(columns, pairs, middle, tuple(kept), mean, scale, tuple(names[k] for k in kept))


def _learn(values: pl.Series) -> Column:
    unknown = RARE <= values.null_count() <= len(values) - RARE
    if values.dtype == pl.String:
        counts = values.drop_nulls().value_counts().sort(["count", values.name], descending=[True, False])
        usual = counts.filter(pl.col("count") >= RARE)[values.name].to_list()
        return Column(values.name, "level", levels=tuple(usual[1:]), marks_unknown=unknown)  # the most frequent is what the others differ from
    known = values.drop_nulls().cast(pl.Float64).to_numpy()
    fill = float(known.mean()) if len(known) else 0.0
    return Column(values.name, "number", knots=_knots(known), fill=fill, marks_unknown=unknown)


def _knots(known: Floats) -> tuple[float, ...]:
    """Five knots, fewer where quantiles coincide, none for a number with few values."""
    if len(np.unique(known[: 100 * FEW_VALUES])) <= FEW_VALUES and len(np.unique(known)) <= FEW_VALUES:
        return ()
    for count in (5, 4, 3):
        knots = np.quantile(known, KNOTS[count])
        if len(np.unique(knots)) == count:
            return tuple(float(k) for k in knots)
    return ()


def _plain(frame: pl.DataFrame, columns: tuple[Column, ...]) -> tuple[Floats, list[str], list[int]]:
    """(rows, q) columns before products, their names, and the numbers of those that may meet in products."""
    made: list[Floats] = []
    names: list[str] = []
    heads: list[int] = []
    for column in columns:
        values = frame[column.name]
        if column.kind == "level":
            for level in column.levels:
                heads.append(len(made))
                made.append(values.eq_missing(level).cast(pl.Float64).to_numpy())
                names.append(f"{column.name}={level}")
        else:
            x = values.cast(pl.Float64).fill_null(column.fill).to_numpy()
            heads.append(len(made))
            for i, part in enumerate([x, *_spline(x, column.knots)]):
                made.append(part)
                names.append(column.name + "'" * i)
        if column.marks_unknown:
            made.append(values.is_null().cast(pl.Float64).to_numpy())
            names.append(f"{column.name}=?")
    stacked = np.column_stack(made) if made else np.zeros((frame.height, 0))
    return stacked, names, heads


def _spline(x: Floats, knots: tuple[float, ...]) -> list[Floats]:
    """The curved terms of a restricted cubic spline: straight outside the outer knots (Harrell, equation 2.25)."""
    if not knots:
        return []
    t = np.array(knots)
    last, before, width = t[-1], t[-2], (t[-1] - t[0]) ** 2

    def cube(v: Floats) -> Floats:
        return np.asarray(np.maximum(v, 0.0) ** 3)

    return [(cube(x - k) - cube(x - before) * (last - k) / (last - before) + cube(x - last) * (before - k) / (last - before)) / width for k in t[:-2]]


def _pairs(plain: Floats, heads: list[int], against: tuple[Floats, ...], most: int) -> tuple[tuple[int, int], ...]:
    """Pairs among the heads that are most correlated with what the models are for."""
    centred = plain[:, heads] - plain[:, heads].mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=0))
    strength = np.zeros(len(heads))
    for target in against:
        gap = target - target.mean()
        with np.errstate(invalid="ignore", divide="ignore"):
            strength += np.nan_to_num(np.abs(centred.T @ gap) / (size * np.sqrt((gap**2).sum())))
    chosen = sorted(heads[i] for i in np.argsort(-strength, kind="stable")[:most])
    return tuple((a, b) for i, a in enumerate(chosen) for b in chosen[i + 1 :])


def _with_products(plain: Floats, pairs: tuple[tuple[int, int], ...], middle: Floats) -> Floats:
    if not pairs:
        return plain
    left, right = (list(side) for side in zip(*pairs, strict=True))
    centred = plain - middle
    return np.column_stack([plain, centred[:, left] * centred[:, right]])


def _distinct(full: Floats) -> list[int]:
    """Numbers of the columns that vary and do not repeat an earlier one (unknowns often come together)."""
    seen: set[bytes] = set()
    kept = []
    for i in range(full.shape[1]):
        column = np.ascontiguousarray(full[:, i])
        if column.std() > 1e-9 and (key := column.tobytes()) not in seen:
            seen.add(key)
            kept.append(i)
    return kept
