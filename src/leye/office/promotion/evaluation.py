"""What roll-outs brought: a campaign's own, from its list, and those that departments reported in the data folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from leye.kernel.clock import beijing_day
from leye.kernel.errors import CheckFailed, NotFound
from leye.lake.snapshots import file_sha256
from leye.office.promotion.models import Campaign, GridTurn, Recipient
from leye.policy.promote import Cell, RollOutEffect, compared, effect_of, funnel, panels_of

SEED = 1
"""Of the redrawn lotteries; any number, the same for every reader."""
GROUPS = ("", "sex", "age_band", "grid_id")
STAGES = ("delivered_on", "opened_on", "applied_on", "paid_on")


@dataclass(frozen=True)
class Evaluation:
    """effect: None with the reason in `refused` · funnels: by group, the whole first · until: last day that counts · source: of the rows."""

    policy: str
    until: date | None
    source: str
    effect: RollOutEffect | None
    refused: CheckFailed | None
    funnels: dict[str, tuple[Cell, ...]]


def evaluate(campaign: Campaign, today: date) -> Evaluation | None:
    """Of a campaign that has begun; None before its first week is over."""
    panel, notices, until = tables_of(campaign, today)
    if panel.is_empty():
        return None
    effect, refused = _effect(panel)
    groups = panel.select("person_id", "sex", "age_band").unique("person_id")
    source = f"campaign {campaign.pk}, list of run {campaign.list_run}"
    return Evaluation(campaign.policy, until, source, effect, refused, _funnels(notices, panel, groups))


def tables_of(campaign: Campaign, today: date) -> tuple[pl.DataFrame, pl.DataFrame, date | None]:
    """(panel, notices, last day of the last whole week). People are numbers of messages here, never names."""
    schema = {"grid_id": pl.String, "person_id": pl.String, "sex": pl.String, "age_band": pl.String, **dict.fromkeys(STAGES, pl.Date)}
    rows = Recipient.objects.filter(campaign=campaign).values_list("grid_id", "id", "sex", "age_band", *STAGES)
    people = pl.DataFrame([(g, str(i), s or None, b or None, *days) for g, i, s, b, *days in rows], schema=schema, orient="row")
    turns = GridTurn.objects.filter(campaign=campaign).values_list("grid_id", "block", "delivered_at")
    told = pl.DataFrame(
        [(g, b, None if at is None else beijing_day(at)) for g, b, at in turns],
        schema={"grid_id": pl.String, "block": pl.Int64, "told_on": pl.Date}, orient="row",
    )  # fmt: skip
    weeks = 0 if campaign.start_on is None else min((today - campaign.start_on).days // 7, campaign.weeks or 0)
    if campaign.start_on is None or weeks < 1 or people.is_empty():
        return pl.DataFrame(), pl.DataFrame(), None
    start, until = campaign.start_on, campaign.start_on + timedelta(days=7 * weeks - 1)
    firsts = pl.DataFrame({"week": [start + timedelta(days=7 * w) for w in range(weeks)]})
    rows_at_risk = (
        people.join(told, on="grid_id").join(firsts, how="cross").filter(pl.col("applied_on").is_null() | (pl.col("applied_on") >= pl.col("week")))
    )
    end = pl.col("week") + pl.duration(days=6)
    panel = rows_at_risk.with_columns(
        notified=(pl.col("told_on") <= end).fill_null(False), applied=pl.col("applied_on").is_between(pl.col("week"), end).fill_null(False)
    )
    reached = people.join(told.filter(pl.col("told_on") <= until), on="grid_id")
    notices = reached.filter(pl.col("applied_on").is_null() | (pl.col("applied_on") >= pl.col("told_on")))
    return panel.drop(STAGES, "told_on"), notices.with_columns(paid_on=pl.when(pl.col("applied_on").is_not_null()).then("paid_on")), until


def reported(data: Path) -> list[Evaluation]:
    """Roll-outs that departments reported: `city/eligible.parquet` with `city/notices.parquet`; none where they are absent."""
    files = [data / "city" / f"{name}.parquet" for name in ("eligible", "notices", "people")]
    if not all(f.exists() for f in files):
        return []
    return list(_reported(*(str(f) for f in files), tuple(f.stat().st_mtime_ns for f in files)))


def reported_of(data: Path, policy: str) -> Evaluation:
    """One of them. Raises NotFound."""
    for found in reported(data):
        if found.policy == policy:
            return found
    raise NotFound(
        f"没有“{policy}”的分批通知记录", en=f"no roll-out of {policy} was reported", remedy_zh="从列表里选一个", remedy_en="choose one of the list"
    )


@lru_cache(maxsize=4)
def _reported(eligible: str, notices: str, people: str, _stamps: tuple[int, ...]) -> tuple[Evaluation, ...]:
    panel, told = pl.read_parquet(eligible), pl.read_parquet(notices)
    until = panel["week"].max() + timedelta(days=6)  # type: ignore[operator]
    age = until.year - pl.col("birth").dt.year()
    band = pl.when(age < 35).then(pl.lit("16-34")).when(age < 50).then(pl.lit("35-49")).when(age >= 50).then(pl.lit("50+"))
    groups = pl.read_parquet(people, columns=["person_id", "sex", "birth"]).select("person_id", "sex", age_band=band)
    source = f"city/eligible.parquet sha256 {file_sha256(Path(eligible))[:16]}"
    found = []
    for policy in panel["policy"].unique().sort():
        mine, theirs = panel.filter(pl.col("policy") == policy), told.filter(pl.col("policy") == policy)
        effect, refused = _effect(mine)
        found.append(Evaluation(policy, until, source, effect, refused, _funnels(theirs, mine, groups)))
    return tuple(found)


def _effect(panel: pl.DataFrame) -> tuple[RollOutEffect | None, CheckFailed | None]:
    try:
        return effect_of(panels_of(panel)[0], seed=SEED), None
    except CheckFailed as refused:
        return None, refused


def _funnels(notices: pl.DataFrame, panel: pl.DataFrame, groups: pl.DataFrame) -> dict[str, tuple[Cell, ...]]:
    made: dict[str, tuple[Cell, ...]] = {}
    for by in GROUPS:
        joined: Any = None if by in ("", "grid_id") else groups
        cells = funnel(notices.drop([c for c in ("sex", "age_band") if c in notices.columns]), joined, by=by)
        plain = panel.drop([c for c in ("sex", "age_band") if c in panel.columns])
        made[by] = cells if by == "grid_id" else compared(cells, plain, joined, by=by, seed=SEED)
    return made
