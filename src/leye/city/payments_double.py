"""Payments made twice, planted: the same certificate, the same month, the same hire, or a once-only grant again."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from leye.city.dice import apportion, stream

REASONS = ("same_certificate", "same_month", "same_hire", "once")
WEIGHTS = (0.35, 0.35, 0.2, 0.1)
"""How the second payments fall on the reasons where there are enough first ones; chosen by us."""
SKILL_UP_FEN = {5: 100_000, 4: 150_000, 3: 200_000}
"""人社部发〔2024〕40号: 1,000, 1,500, 2,000 yuan for levels 5, 4, 3."""
EXPAND_POST_FEN = 150_000
"""一次性扩岗补助, cap a person (国办发〔2025〕25号)."""
ID_DIGITS = 8
C = pl.col


def plant_doubles(plain: pl.DataFrame, people: pl.DataFrame, count: int, *, seed: int, on: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(payments with ids in order of days, pairs). Each first payment is doubled at most once, so that pairs do not touch one another."""
    rng = stream(seed, "double_payments")
    first = plain.with_row_index("first")
    pools = [_certificates(first, people), _months(first, people), _hires(first), _grants(first)]
    wanted = [min(int(w), pool.height) for w, pool in zip(apportion(count, WEIGHTS), pools, strict=True)]
    wanted[1] = min(wanted[1] + count - sum(wanted), pools[1].height)
    chosen = [pool[np.sort(rng.permutation(pool.height)[:n])] for pool, n in zip(pools, wanted, strict=True)]
    second = pl.concat([c.with_columns(pl.lit(r).alias("reason")) for c, r in zip(chosen, REASONS, strict=True)], how="diagonal_relaxed")
    later = pl.lit(pl.Series(rng.integers(3, 50, second.height)))
    moved = pl.min_horizontal(C("paid_on") + pl.duration(days=later), pl.lit(on))
    second = second.with_columns(moved.alias("paid_on")).with_columns(
        pl.when(C("reason") == "same_month").then(C("month")).otherwise(C("paid_on").dt.month_start()).alias("month")
    )
    return _numbered(first, second.select([*plain.columns, "first", "reason"]))


def _certificates(first: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """The other subsidy for a certificate that one has already paid for, at its own amount."""
    rows = first.filter(C("cert_no").is_not_null()).join(people.select("person_id", "cert_level", "local_subsidy_fen"), on="person_id")
    was_training = C("policy") == "training"
    by_level = C("cert_level").replace_strict(SKILL_UP_FEN, default=None, return_dtype=pl.Int64)
    fen = pl.when(was_training).then(by_level).otherwise(C("local_subsidy_fen"))
    other = pl.when(was_training).then(pl.lit("skill_up")).otherwise(pl.lit("training"))
    return rows.with_columns(fen.alias("amount_fen"), other.alias("policy")).filter(C("amount_fen").is_not_null()).select(first.columns)


def _months(first: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Another social-insurance subsidy for a month that has one, one month a person at most; or the same benefit twice."""
    hired = first.filter(C("policy").is_in(["ss_hire_hard", "ss_hire_grad"]))
    quarter = hired.join(people.select("person_id", "ss_personal_share_fen"), on="person_id")
    other = quarter.filter(C("ss_personal_share_fen") > 0).with_columns(
        pl.lit("ss_quarter").alias("policy"), ((C("ss_personal_share_fen") * 25 + 50) // 100).alias("amount_fen")
    )
    same = first.filter(C("policy").is_in(["ui_benefit", "ss_flex_hard", "ss_quarter"]))
    return pl.concat([other.select(first.columns), same]).unique("person_id", keep="last", maintain_order=True)


def _hires(first: pl.DataFrame) -> pl.DataFrame:
    """Both grants for one hire."""
    return first.filter(C("policy") == "hire_once").with_columns(pl.lit("expand_post").alias("policy"), pl.lit(EXPAND_POST_FEN).alias("amount_fen"))


def _grants(first: pl.DataFrame) -> pl.DataFrame:
    """A grant that is paid once in a life."""
    return first.filter(C("policy").is_in(["startup_once", "job_seek_once"]))


def _numbered(first: pl.DataFrame, second: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Ids in order of days over both, and the pairs by id, the earlier payment first."""
    both = pl.concat([first.with_columns(reason=pl.lit(None, pl.String)), second], how="diagonal_relaxed").sort("paid_on", maintain_order=True)
    number = pl.int_range(both.height).cast(pl.String).str.zfill(ID_DIGITS)
    both = both.with_columns(pl.concat_str(pl.lit("B"), number).alias("payment_id"))
    seconds = both.filter(C("reason").is_not_null()).select("first", "reason", id_b="payment_id")
    pairs = seconds.join(both.filter(C("reason").is_null()).select("first", id_a="payment_id"), on="first")
    low, high = pl.min_horizontal("id_a", "id_b"), pl.max_horizontal("id_a", "id_b")
    columns = ["payment_id", *(c for c in first.columns if c != "first")]
    return both.select(columns), pairs.select(low.alias("id_a"), high.alias("id_b"), "reason").sort("id_a", "id_b")
