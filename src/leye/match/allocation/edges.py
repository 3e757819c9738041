"""The two tables of an allocation, checked and numbered: who could go where at which chances, and how many each post takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leye.kernel.errors import BadInput, Place

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
EDGES = ("person_id", "job_id", "p_person", "p_employer")
CAPACITIES = ("job_id", "capacity")
LARGEST_CAPACITY = 10**9
"""Places of one post at most. # chosen by us: more than the people of any country, and sums of them stay within 64 bits"""
MOST_PLACES = 10
"""Rows named in one refusal; the count of all is told beside."""


@dataclass(frozen=True, slots=True)
class Edges:
    """One entry an edge, in the order of (person_id, job_id), so that the order of rows in a file changes nothing.

    people, jobs: ids in order · person, job: (edges,) their numbers · p_person, p_employer: (edges,) chances 0–1 that each side says yes ·
    capacity: (jobs,) places.
    """

    people: tuple[str, ...]
    jobs: tuple[str, ...]
    person: Counts
    job: Counts
    p_person: Floats
    p_employer: Floats
    capacity: Counts

    @property
    def value(self) -> Floats:
        """(edges,) chance that both say yes, taken as independent."""
        return self.p_person * self.p_employer


def edges_of(edges: pl.DataFrame, capacities: pl.DataFrame) -> Edges:
    """Check and number both tables (columns EDGES and CAPACITIES; more are ignored; cells may be text).

    Raises BadInput with the rows at fault, counted from 1 below the header: E_COLUMN_MISSING, E_EDGE_NUMBER (a chance outside 0–1), E_EDGE_TWICE,
    E_CAPACITY (negative, broken, absent, too large), E_CAPACITY_TWICE, E_JOB_UNKNOWN (an edge to a job without capacity), E_ID (an empty id).
    """
    _columns(edges, EDGES, "EDGES")
    _columns(capacities, CAPACITIES, "CAPACITIES")
    places = _capacities(capacities)
    rows = edges.select(
        pl.col("person_id", "job_id").cast(pl.String), pl.col("p_person", "p_employer").cast(pl.Float64, strict=False)
    ).with_row_index("row", 1)
    _refuse(rows.filter(_empty("person_id") | _empty("job_id")), "EDGES", "person_id / job_id", _EMPTY_ID)
    for side in ("p_person", "p_employer"):
        _refuse(rows.filter(~pl.col(side).is_between(0, 1) | pl.col(side).is_null()), "EDGES", side, _NO_CHANCE)
    _refuse(rows.filter(pl.struct("person_id", "job_id").is_duplicated()), "EDGES", "person_id, job_id", _TWICE)
    _refuse(rows.join(places, on="job_id", how="anti", maintain_order="left"), "EDGES", "job_id", _NO_CAPACITY)
    rows = rows.sort("person_id", "job_id")
    people, jobs = rows["person_id"].unique().sort(), places["job_id"]
    return Edges(
        people=tuple(people),
        jobs=tuple(jobs),
        person=_numbers(rows["person_id"], people),
        job=_numbers(rows["job_id"], jobs),
        p_person=rows["p_person"].to_numpy(),
        p_employer=rows["p_employer"].to_numpy(),
        capacity=places["capacity"].to_numpy(),
    )


_EMPTY_ID = ("E_ID", "编号是空的", "an id is empty", "每一行都写上 person_id 和 job_id", "give person_id and job_id in every row")
_NO_CHANCE = ("E_EDGE_NUMBER", "不是 0 到 1 之间的数", "is no number from 0 to 1", "概率写成 0 到 1 之间的小数", "chances are decimals from 0 to 1")
_TWICE = ("E_EDGE_TWICE", "同一个人和岗位出现了不止一次", "the same person and job stand there twice", "每一对只留一行", "keep one row a pair")
_NO_CAPACITY = (
    "E_JOB_UNKNOWN", "岗位在 CAPACITIES 里没有名额", "the job has no row in CAPACITIES", "在 CAPACITIES 里补上这个岗位", "add the job to CAPACITIES",
)  # fmt: skip
_BAD_CAPACITY = (
    "E_CAPACITY", "名额不是非负整数", "the capacity is no whole number from 0 on", "名额写成 0、1、2…，最多十亿", "write 0, 1, 2 …, 1e9 at most",
)  # fmt: skip
_CAPACITY_TWICE = ("E_CAPACITY_TWICE", "同一个岗位有两行名额", "a job has two rows", "每个岗位只留一行", "keep one row a job")


def _capacities(table: pl.DataFrame) -> pl.DataFrame:
    rows = table.select(pl.col("job_id").cast(pl.String), pl.col("capacity").cast(pl.Float64, strict=False)).with_row_index("row", 1)
    _refuse(rows.filter(_empty("job_id")), "CAPACITIES", "job_id", _EMPTY_ID)
    whole = pl.col("capacity").is_not_null() & pl.col("capacity").is_between(0, LARGEST_CAPACITY) & (pl.col("capacity") == pl.col("capacity").floor())
    _refuse(rows.filter(~whole | ~pl.col("capacity").is_finite()), "CAPACITIES", "capacity", _BAD_CAPACITY)
    _refuse(rows.filter(pl.col("job_id").is_duplicated()), "CAPACITIES", "job_id", _CAPACITY_TWICE)
    return rows.select("job_id", pl.col("capacity").cast(pl.Int64)).sort("job_id")


def _empty(column: str) -> pl.Expr:
    return pl.col(column).is_null() | (pl.col(column) == "")


def _columns(table: pl.DataFrame, wanted: tuple[str, ...], file: str) -> None:
    lacking = [c for c in wanted if c not in table.columns]
    if lacking:
        raise BadInput(
            f"缺少列：{'、'.join(lacking)}",
            en=f"columns missing: {', '.join(lacking)}",
            places=(Place(file, column=lacking[0]),),
            remedy_zh=f"需要的列：{','.join(wanted)}",
            remedy_en=f"needed: {','.join(wanted)}",
            code="E_COLUMN_MISSING",
        )


def _refuse(bad: pl.DataFrame, file: str, column: str, said: tuple[str, str, str, str, str]) -> None:
    if bad.is_empty():
        return
    code, zh, en, remedy_zh, remedy_en = said
    places = tuple(Place(file, row=int(r), column=column) for r in bad["row"].head(MOST_PLACES))
    more_zh, more_en = f"（共 {bad.height} 行）", f" ({bad.height} rows)"
    raise BadInput(zh + more_zh, en=en + more_en, remedy_zh=remedy_zh, remedy_en=remedy_en, places=places, code=code)


def _numbers(ids: pl.Series, order: pl.Series) -> Counts:
    """Places of ids in a sorted list."""
    found: Any = order.search_sorted(ids)
    return np.asarray(found.to_numpy(), dtype=np.int64)
