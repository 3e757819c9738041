"""What departments say was paid in the last 24 months: rows that fit the facts of the people, and payments that should not have been made twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from leye.city.dice import Array, stream
from leye.city.payments_double import SKILL_UP_FEN, plant_doubles
from leye.city.plants import Plant
from leye.kernel.period import Month

WINDOW_MONTHS = 24
DOUBLE_SHARE = 0.012
"""Share of payments that are the second of a pair; chosen by us."""
MONTHLY = {
    "ss_flex_hard": pl.col("ss_paid_month_fen") * 2 // 3,
    "ss_flex_grad": pl.col("ss_paid_month_fen") * 2 // 3,
    "ss_hire_hard": pl.col("ss_employer_share_fen"),
    "ss_hire_grad": pl.col("ss_employer_share_fen"),
    "public_post_ss": pl.col("ss_employer_share_fen"),
    "ss_quarter": (pl.col("ss_personal_share_fen") * 25 + 50) // 100,
}
"""Amount of a month by policy, as the fact sheet gives it."""
C = pl.col


def payments_frames(people: pl.DataFrame, *, seed: int, on: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(payments in order of days, pairs `id_a, id_b, reason` of payments that exclude each other).

    One row is a payment: `payment_id, person_id, firm_id, policy, month, cert_no, amount_fen, paid_on`. People whose facts are unknown, and
    second records, have none. `month` is the month paid for; `cert_no` stands where a certificate was paid for, `firm_id` where the firm got it.
    """
    rng = stream(seed, "payments")
    parts = [_monthly(rng, people, on), _benefit(rng, people, on), _certificates(rng, people, on), *_once(rng, people, on)]
    plain = pl.concat([p for p in parts if p.height], how="diagonal_relaxed").select(
        "person_id", "firm_id", "policy", C("month").cast(pl.Date), "cert_no", C("amount_fen").cast(pl.Int64), C("paid_on").cast(pl.Date)
    )
    plain = plain.filter(C("amount_fen") > 0, C("paid_on").is_between(first_day(on), on)).sort("paid_on", "person_id", "policy")
    return plant_doubles(plain, people, round(DOUBLE_SHARE * plain.height / (1 - DOUBLE_SHARE)), seed=seed, on=on)


def first_day(on: date) -> date:
    """First day of the window of payments."""
    return (Month.of(on) + -(WINDOW_MONTHS - 1)).first


def payment_plants(on: date) -> list[Plant]:
    """The payments made twice."""
    return [
        Plant("double_payments", "duplicate", "payments", {"listed_in": "truth/double_payments.parquet"}, first_day(on), on, DOUBLE_SHARE,
              "share of payments", "a certificate, a month, a hire or a once-only grant paid a second time")
    ]  # fmt: skip


def _months_back(frame: pl.DataFrame, count: str, on: date) -> tuple[Array, Array]:
    """(row, months since 1970) for the last `count` months of each row, the month of the day included, at most the window."""
    many = frame[count].clip(0, WINDOW_MONTHS).to_numpy().astype(np.int64)
    row = np.repeat(np.arange(many.size), many)
    back = np.arange(row.size) - np.repeat(np.cumsum(many) - many, many)
    return row, (on.year - 1970) * 12 + on.month - 1 - back


def _expanded(rng: np.random.Generator, frame: pl.DataFrame, count: str, on: date) -> pl.DataFrame:
    """A row a month, paid between the 10th and the 24th of it, or by the day."""
    row, month = _months_back(frame, count, on)
    first = month.astype("datetime64[M]").astype("datetime64[D]")
    paid = np.minimum(first + rng.integers(9, 24, row.size), np.datetime64(on, "D"))
    return frame[row].with_columns(pl.Series("month", first), pl.Series("paid_on", paid))


def _monthly(rng: np.random.Generator, people: pl.DataFrame, on: date) -> pl.DataFrame:
    """Social-insurance subsidies of who has one this month, for the months counted in `subsidised_months`; and the post itself on a public post."""
    has = people.filter(C("ss_subsidy_this_month") != "none", C("subsidised_months") > 0)
    amount = pl.coalesce(*(pl.when(C("ss_subsidy_this_month") == name).then(fen) for name, fen in MONTHLY.items()))
    rows = _expanded(rng, has.with_columns(C("ss_subsidy_this_month").alias("policy"), amount.alias("amount_fen")), "subsidised_months", on)
    posts = rows.filter(C("on_public_post"), C("policy") == "public_post_ss").with_columns(
        pl.lit("public_post").alias("policy"), C("local_min_wage_fen").alias("amount_fen")
    )
    return _slim(pl.concat([rows, posts]))


def _benefit(rng: np.random.Generator, people: pl.DataFrame, on: date) -> pl.DataFrame:
    """Unemployment benefit of who draws it, for the months drawn."""
    has = people.filter(C("ui_claiming"), C("ui_claimed_months") > 0)
    rows = _expanded(rng, has.with_columns(C("local_ui_benefit_fen").alias("amount_fen")), "ui_claimed_months", on)
    return _slim(rows.with_columns(pl.lit("ui_benefit").alias("policy"), pl.lit(None, pl.String).alias("firm_id")))


def _certificates(rng: np.random.Generator, people: pl.DataFrame, on: date) -> pl.DataFrame:
    """One payment a certificate, in the calendar year of the certificate, as the counts of the year say; training pays the place's standard."""
    has = people.filter(C("cert_paid_by").is_in(["skill_up", "training"]), C("cert_on").is_not_null(), C("cert_level") > 0)
    year_end = pl.date(C("cert_on").dt.year(), 12, 31)
    room = (pl.min_horizontal(year_end, pl.lit(on)) - C("cert_on")).dt.total_days()
    days = (room * pl.lit(pl.Series(0.2 + 0.8 * rng.random(has.height)))).cast(pl.Int64)
    fen = pl.when(C("cert_paid_by") == "training").then(C("local_subsidy_fen")).otherwise(C("cert_level").replace_strict(SKILL_UP_FEN, default=0))
    paid = C("cert_on") + pl.duration(days=days)
    rows = has.with_columns(C("cert_paid_by").alias("policy"), cert_number().alias("cert_no"), fen.alias("amount_fen"), paid.alias("paid_on"))
    return _slim(rows.with_columns(C("paid_on").dt.month_start().alias("month"), pl.lit(None, pl.String).alias("firm_id")), "cert_no")


def cert_number() -> pl.Expr:
    """The number on the certificate: place, year, and the digits of the person's row; invented."""
    return pl.concat_str(pl.lit("Y4406"), C("cert_on").dt.year().cast(pl.String), C("person_id").str.slice(1))


def _once(rng: np.random.Generator, people: pl.DataFrame, on: date) -> list[pl.DataFrame]:
    """Grants paid once: for a hire (to the firm, from the third month on), for a business a year old, for the last school year."""
    hires = people.filter(C("hire_once_received"), C("hire_on").is_not_null()).with_columns(since=C("hire_on").dt.offset_by("60d"))
    startups = people.filter(C("startup_once_received"), C("business_registered_on").is_not_null()).with_columns(
        since=C("business_registered_on").dt.offset_by("1y"), firm_id=pl.lit(None, pl.String)
    )
    seekers = people.filter(C("job_seek_received"), C("graduated_on").is_not_null()).with_columns(
        since=C("graduated_on").dt.offset_by("-9mo"), until=C("graduated_on"), firm_id=pl.lit(None, pl.String)
    )
    return [_paid_once(rng, frame, name, on) for frame, name in ((hires, "hire_once"), (startups, "startup_once"), (seekers, "job_seek_once"))]


def _paid_once(rng: np.random.Generator, frame: pl.DataFrame, policy: str, on: date) -> pl.DataFrame:
    last = pl.min_horizontal("until", pl.lit(on)) if "until" in frame.columns else pl.lit(on)
    kept = frame.with_columns(last=last).filter(C("since") <= C("last"))
    days = ((C("last") - C("since")).dt.total_days() * pl.lit(pl.Series(rng.random(kept.height)))).cast(pl.Int64)
    rows = kept.with_columns(
        (C("since") + pl.duration(days=days)).alias("paid_on"), pl.lit(policy).alias("policy"), C("local_subsidy_fen").alias("amount_fen")
    )
    return _slim(rows.with_columns(C("paid_on").dt.month_start().alias("month")))


def _slim(rows: pl.DataFrame, *more: str) -> pl.DataFrame:
    wanted: Sequence[str] = ("person_id", "firm_id", "policy", "month", "amount_fen", "paid_on", *more)
    return rows.select(wanted) if more else rows.select(wanted).with_columns(pl.lit(None, pl.String).alias("cert_no"))
