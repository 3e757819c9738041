"""Steps of applications as the office keeps them, a row a step, laid beside the first showing of each pair: the table that learning reads."""

from __future__ import annotations

import polars as pl

from leye.match.learning.events import EVENTS

KINDS: dict[str, tuple[str, ...]] = {
    "applied_at": ("sent", "welcome"),
    "answered_at": ("offer", "refuse"),
    "hired_at": ("accept",),
    "left_at": ("fall_through", "not_coming", "gone_30", "gone_90"),
}
"""Time of EVENTS to the verbs that set it; a person who welcomes an invitation has applied. Other verbs are on the way."""


def from_steps(steps: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """EVENTS, a row a pair at its first showing, by person and job. A step before the showing, or without the step it rests on, is not the showing's.

    steps: `person_id, job_id, event, at` of what is known on a day · shown: `person_id, job_id, shown_at`, as often as a pair was listed.
    An application for a post that was never shown is no outcome of a showing and is left out.
    """
    kind = EVENTS["shown_at"]
    made = shown.group_by("person_id", "job_id").agg(pl.col("shown_at").min().cast(kind)).sort("person_id", "job_id")
    since = {"applied_at": "shown_at", "answered_at": "applied_at", "hired_at": "applied_at", "left_at": "hired_at"}
    for name, verbs in KINDS.items():
        found = steps.filter(pl.col("event").is_in(list(verbs))).select("person_id", "job_id", pl.col("at").cast(kind))
        first = (
            made.select("person_id", "job_id", since[name])
            .join(found, on=["person_id", "job_id"])
            .filter(pl.col("at") >= pl.col(since[name]))
            .group_by("person_id", "job_id")
            .agg(pl.col("at").min().alias(name))
        )
        made = made.join(first, on=["person_id", "job_id"], how="left", maintain_order="left")
    return made.select(list(EVENTS))
