"""From delivered to paid: how far a notice came, by group or grid, with intervals, and what people alike did who had not been told yet."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from leye.kernel.errors import BadInput, CheckFailed, Place
from leye.policy.promote.effect import Estimate, effect_of
from leye.policy.promote.panel import panels_of
from leye.policy.promote.shares import hidden, wilson

STAGES = ("reached", "delivered", "opened", "applied", "paid")
"""Reached: in a grid whose turn it was, and not yet applied. Views are not counted: a picture loaded is no one told."""
DAYS = {"delivered": "delivered_on", "opened": "opened_on", "applied": "applied_on", "paid": "paid_on"}
LEAST_COMPARED = 100
"""Fewest people of a group on the list, told or not, for an effect of its own; chosen by us: the interval of fewer spans half the scale."""
C = pl.col


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of one cell: how many came so far, their share of the reached and of the stage before, with 95 % intervals; None of nobody."""

    stage: str
    people: int
    share: float | None
    interval: tuple[float, float] | None
    of_before: float | None
    of_before_interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A group's funnel. steps: empty when hidden (too few people, or to keep a small neighbour from being reckoned) · added: by the notice, over the
    weeks of `effect_of`; None where too few grids can be compared · without: what the not yet told applied in as many weeks."""

    by: str
    value: str
    is_hidden: bool
    steps: tuple[Step, ...]
    added: Estimate | None
    without: float | None


def funnel(notices: pl.DataFrame, groups: pl.DataFrame | None = None, *, by: str = "") -> tuple[Cell, ...]:
    """The funnel of one policy's notices, whole (`by` empty) or by a column of `groups` (`person_id` and that column) or by `grid_id`.

    notices: `grid_id, person_id, delivered_on, opened_on, applied_on, paid_on`, one row a reached person, null where it did not happen.
    A group that is unknown is a group of its own, 未知. Raises BadInput (E_NOTICES).
    """
    rows = _checked(notices)
    label = pl.lit("") if not by else C(by).cast(pl.String).fill_null("未知")
    if by and by not in rows.columns:
        if groups is None or by not in groups.columns:
            raise _refuse(f"没有分组列 {by}", f"no column {by} to group by", by)
        rows = rows.join(groups.select("person_id", by).unique("person_id"), on="person_id", how="left")
    counts = [pl.len().alias("reached"), *(C(day).count().alias(stage) for stage, day in DAYS.items())]
    cells = rows.group_by(label.alias("value")).agg(counts).sort("value")
    hide = hidden(cells["reached"].to_list()) if by else [False] * cells.height
    return tuple(_cell(by, row, is_hidden) for row, is_hidden in zip(cells.iter_rows(named=True), hide, strict=True))


def compared(cells: tuple[Cell, ...], panel: pl.DataFrame, groups: pl.DataFrame | None = None, *, by: str = "", seed: int) -> tuple[Cell, ...]:
    """The same cells with what the notice added in each, by the roll-out's own estimate on the group's people; hidden cells stay hidden."""
    rows = (
        panel if groups is None or not by or by in panel.columns else panel.join(groups.select("person_id", by).unique("person_id"), on="person_id")
    )
    return tuple(_compared(cell, rows if not by else rows.filter(C(by).cast(pl.String).fill_null("未知") == cell.value), seed) for cell in cells)


def _compared(cell: Cell, rows: pl.DataFrame, seed: int) -> Cell:
    if cell.is_hidden or rows["person_id"].n_unique() < LEAST_COMPARED:
        return cell
    try:
        found = effect_of(panels_of(rows)[0], seed=seed, draws=0)
    except CheckFailed:
        return cell
    without = 1 - (1 - found.control_rate) ** found.within
    return Cell(cell.by, cell.value, cell.is_hidden, cell.steps, found.total, without)


def _cell(by: str, row: dict[str, object], is_hidden: bool) -> Cell:
    counts = [int(str(row[stage])) for stage in STAGES]
    steps = tuple(_step(stage, counts, i) for i, stage in enumerate(STAGES))
    return Cell(by, str(row["value"]), is_hidden, () if is_hidden else steps, None, None)


def _step(stage: str, counts: list[int], i: int) -> Step:
    k, n, before = counts[i], counts[0], counts[max(i - 1, 0)]
    return Step(stage, k, k / n if n else None, wilson(k, n), k / before if before else None, wilson(min(k, before), before))


def _checked(notices: pl.DataFrame) -> pl.DataFrame:
    for name in ("grid_id", "person_id", *DAYS.values()):
        if name not in notices.columns:
            raise _refuse(f"缺少列 {name}", f"column {name} is missing", name)
    twice = notices.filter(C("person_id").is_duplicated())
    if twice.height:
        raise _refuse("同一人在一项政策的通知里出现两次", "a person stands twice among the notices of one policy", "person_id")
    for first, second in (("delivered_on", "opened_on"), ("applied_on", "paid_on")):
        if notices.filter(C(second).is_not_null() & (C(first).is_null() | (C(second) < C(first)))).height:
            raise _refuse(f"{second} 早于 {first}，或没有 {first}", f"{second} without {first}, or before it", second)
    return notices


def _refuse(zh: str, en: str, column: str) -> BadInput:
    remedy = "一行一个已轮到的人：grid_id, person_id, delivered_on, opened_on, applied_on, paid_on"
    remedy_en = "one row a reached person: grid_id, person_id, delivered_on, opened_on, applied_on, paid_on"
    return BadInput(zh, en=en, places=(Place(column=column),), remedy_zh=remedy, remedy_en=remedy_en, code="E_NOTICES")
