"""今夜新符合: the one line of the cockpit about entitlements, from the published run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from leye.office.published import Snapshot


@dataclass(frozen=True, slots=True)
class Relief:
    """new: residents with a policy that applies since last night · waiting: residents with one that nobody drew or applied for yet
    · unclaimed_fen: money of theirs within a year · conflicts: payments of departments that collide, and what is at stake."""

    new: int
    waiting: int
    unclaimed_fen: int
    conflicts: int
    at_stake_fen: int


def relief_of(snapshot: Snapshot) -> Relief | None:
    """The line's figures; None for a run without marks (a panel of one's own). Only verified policies that pay the person count."""
    pushed = snapshot.frame("push")
    if not pushed.width or not snapshot.run.on:
        return None
    yes = pushed.filter(pl.col("verdict") == "yes", pl.col("counsellor_id").is_not_null())
    fresh = yes.filter(pl.col("first_on") == date.fromisoformat(snapshot.run.on))
    doubles = snapshot.frame("payment_conflicts")
    return Relief(
        new=fresh["person_id"].n_unique(),
        waiting=yes["person_id"].n_unique(),
        unclaimed_fen=int(yes.filter(pl.col("instead_of").is_null())["expected_fen"].sum()),
        conflicts=doubles.height,
        at_stake_fen=int(doubles["at_stake_fen"].sum()) if doubles.width else 0,
    )
