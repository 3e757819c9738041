"""Groups of persons that audits compare by; the placement itself never sees them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from leye.office.entitlements.sealing import protected
from leye.office.programmes.computing import table


def audit_groups(ids: Iterable[str], on: date) -> dict[str, dict[str, str]]:
    """Person -> sex and age band, as far as the register knows them."""
    wanted = pl.DataFrame({"person_id": list(ids)}, schema={"person_id": pl.String}).lazy()
    facts = pl.scan_parquet(table("people")).select("person_id", "sex", pl.col("birth").cast(pl.String)).join(wanted, on="person_id", how="semi")
    return {row["person_id"]: protected(row, on) for row in facts.collect().iter_rows(named=True)}
