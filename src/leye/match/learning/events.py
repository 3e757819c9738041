"""What came of suggestions: a row a showing, its times, and what was known of it at a cut. Nothing after the cut is ever read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from leye.kernel.errors import BadInput, Place
from leye.match.ranking.casts import HEAD_ROWS, unreadable

STEPS = ("shown_at", "applied_at", "answered_at", "hired_at", "left_at")
"""Times of a showing in the order in which they happen; null: not, or not known."""
EVENTS: dict[str, pl.DataType] = {"person_id": pl.String(), "job_id": pl.String(), **dict.fromkeys(STEPS, pl.Datetime("us", "UTC"))}
BEIJING = ZoneInfo("Asia/Shanghai")
STAY = timedelta(days=60)
"""A hire that ends sooner counts as an application only. # chosen by us: a month until the start, and the first day on which a stay is asked about"""
APPLIED_GAIN, HIRED_GAIN = 1.0, 3.0
"""Worth of an outcome in a list, 2^grade - 1 of the grades 1 and 2 (Burges et al. 2005, ICML 89)."""


@dataclass(frozen=True, slots=True)
class Watch:
    """How long an outcome is waited for. A showing counts only when its whole watch is over, so that quick answers do not weigh more than slow ones.

    apply_days: after the showing · answer_days: after the application. # chosen by us: two weeks to apply, a month to be hired
    """

    apply_days: int = 14
    answer_days: int = 30

    def __post_init__(self) -> None:
        if self.apply_days < 1 or self.answer_days < 1:
            raise BadInput(
                "观察天数至少是 1", en="a watch lasts a day at least", code="E_LEARN_WATCH", remedy_zh="写 1 以上的整数", remedy_en="from 1 on"
            )

    @property
    def whole(self) -> timedelta:
        """From the showing to the day on which its outcome stands."""
        return timedelta(days=self.apply_days + self.answer_days)


def start_of(day: date) -> datetime:
    """The first instant of a day in Beijing."""
    return datetime.combine(day, time.min, BEIJING).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The last instant of a day in Beijing."""
    return datetime.combine(day, time.max, BEIJING).astimezone(UTC)


def read_events(table: pl.DataFrame, file: str = "events") -> pl.DataFrame:
    """EVENTS in their types, in the order given. Days without a time begin in Beijing at midnight; absent columns are unknown.

    Raises BadInput: E_LEARN_EVENTS for a missing id, E_RANK_VALUE for a cell that is no time, E_LEARN_ORDER where a step stands before its showing.
    """
    for key in ("person_id", "job_id", "shown_at"):
        if key not in table.columns:
            raise _refused(f"没有 {key} 列", f"no column {key}", Place(file, column=key))
    made = pl.DataFrame(
        [
            *(table[k].cast(pl.String) for k in ("person_id", "job_id")),
            *(_times(table[s], file) if s in table.columns else pl.Series(s, [None] * len(table), dtype=EVENTS[s]) for s in STEPS),
        ]
    )
    empty = made.select((pl.col("person_id").is_null() | pl.col("job_id").is_null()).arg_true()).to_series().to_list()
    if empty:
        raise _refused("没有编号", "no id", Place(file, row=empty[0] + HEAD_ROWS))
    _check_order(made, file)
    return made


def known(events: pl.DataFrame, cut: datetime) -> pl.DataFrame:
    """The events as they stood at the cut: later showings are not there, later steps have not happened."""
    return events.filter(pl.col("shown_at") <= cut).with_columns(
        pl.when(pl.col(s) <= cut).then(pl.col(s)).otherwise(pl.lit(None, dtype=EVENTS[s])).alias(s) for s in STEPS[1:]
    )


def outcomes(events: pl.DataFrame, cut: datetime, watch: Watch) -> pl.DataFrame:
    """`known` with `applied`, `accepted` (null: not applied) and `gain`, for the showings whose watch was over at the cut.

    applied: within the days after the showing · accepted: hired within the days after the application; silence is no · gain: of the list."""
    seen = known(events, cut).filter(pl.col("shown_at") + watch.whole <= cut)
    applied = (pl.col("applied_at") <= pl.col("shown_at") + timedelta(days=watch.apply_days)).fill_null(False)
    hired = (pl.col("hired_at") <= pl.col("applied_at") + timedelta(days=watch.answer_days)).fill_null(False)
    left = (pl.col("left_at") < pl.col("hired_at") + STAY).fill_null(False)
    worth = pl.when(hired & ~left).then(HIRED_GAIN).otherwise(APPLIED_GAIN)
    return seen.with_columns(
        applied.alias("applied"), pl.when(applied).then(hired).alias("accepted"), pl.when(applied).then(worth).otherwise(0.0).alias("gain")
    )


def _times(values: pl.Series, file: str) -> pl.Series:
    zone, kind = "Asia/Shanghai", values.dtype
    if kind == pl.Null:
        return pl.Series(values.name, [None] * len(values), dtype=EVENTS["shown_at"])
    if kind == pl.String:
        text = values.str.strip_chars().replace("", None)
        return pl.Series(values.name, [_instant(t, values, k, file) for k, t in enumerate(text)], dtype=EVENTS["shown_at"])
    if kind == pl.Date:
        return values.cast(pl.Datetime("us")).dt.replace_time_zone(zone).dt.convert_time_zone("UTC")
    if isinstance(kind, pl.Datetime):
        here = values if kind.time_zone else values.dt.replace_time_zone(zone)
        return here.dt.convert_time_zone("UTC").dt.cast_time_unit("us")
    raise unreadable(file, values.name, [0], values[0] if len(values) else None, "2025-08-31T09:30:00+08:00")


def _instant(text: str | None, values: pl.Series, row: int, file: str) -> datetime | None:
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise unreadable(file, values.name, [row], text, "2025-08-31T09:30:00+08:00") from error
    return (read if read.tzinfo else read.replace(tzinfo=BEIJING)).astimezone(UTC)


def _check_order(events: pl.DataFrame, file: str) -> None:
    pairs = [("shown_at", "applied_at"), ("applied_at", "answered_at"), ("applied_at", "hired_at"), ("hired_at", "left_at")]
    for first, then in pairs:
        rows = events.select((pl.col(then).is_not_null() & (pl.col(first).is_null() | (pl.col(then) < pl.col(first)))).arg_true()).to_series()
        if len(rows):
            raise BadInput(
                f"{then} 早于 {first}，或者没有 {first}", en=f"{then} stands before {first}, or without it", code="E_LEARN_ORDER",
                places=tuple(Place(file, row=r + HEAD_ROWS, column=then) for r in rows.to_list()[:10]),
                remedy_zh="先推荐，再申请，再答复、录用、离开；核对时间", remedy_en="shown, applied, answered, hired, left, in this order",
            )  # fmt: skip


def _refused(zh: str, en: str, place: Place) -> BadInput:
    return BadInput(
        zh, en=en, places=(place,), code="E_LEARN_EVENTS", remedy_zh=f"每行一次推荐：person_id、job_id、{'、'.join(STEPS)}",
        remedy_en=f"a row a showing: person_id, job_id, {', '.join(STEPS)}",
    )  # fmt: skip
