"""The registers of a data folder that a risk profile is made of. No database is needed for them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from leye.forecast.hazard import Register

FILES = ("people", "unemployment", "insurance_months", "firms", "indicators")


def register_of(data: Path) -> Register:
    """The registers of a data folder. Raises BadInput (E_RISK_COLUMN)."""
    return Register(*(pl.read_parquet(data / "city" / f"{name}.parquet") for name in FILES))
