"""The tables that a risk profile is made of, and what of them was known on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from leye.forecast.hazard.audited import AUDITED
from leye.kernel.errors import BadInput

FACTS = ("person_id", "region", "birth", "graduated_on", "cert_on", *AUDITED)
COLUMNS = {
    "people": FACTS,
    "unemployment": ("person_id", "registered_on", "ended_on", "reason"),
    "insurance": ("person_id", "month", "firm_id", "kind", "base_fen"),
    "firms": ("firm_id", "region", "industry"),
    "indicators": ("unique_id", "ds", "y"),
}


@dataclass(frozen=True, slots=True)
class Register:
    """people: one row a resident, only facts that do not change or carry their day · unemployment: a spell of registration · insurance: a person and
    month (`kind` employee or flexible) · firms: an employer · indicators: a value of a series `indicator/region/industry/all/all`.
    """

    people: pl.DataFrame
    unemployment: pl.DataFrame
    insurance: pl.DataFrame
    firms: pl.DataFrame
    indicators: pl.DataFrame

    def __post_init__(self) -> None:
        for name, columns in COLUMNS.items():
            if lacking := [c for c in columns if c not in getattr(self, name).columns]:
                raise BadInput(
                    f"{name} 表缺列：{'、'.join(lacking)}",
                    en=f"table {name} lacks {', '.join(lacking)}",
                    remedy_zh="对照 docs/reference/unemployment-risk.md 补齐",
                    remedy_en="see docs/reference/unemployment-risk.md",
                    code="E_RISK_COLUMN",
                )

    def known_on(self, on: date) -> Register:
        """The same tables as they stood at the end of a day: later rows gone, later endings open, later certificates unknown.

        A diploma's or certificate's day stands in the row; what else is taken from `people` is fixed at birth or read for the audit only.
        """
        day = pl.lit(on)
        dated = [pl.when(pl.col(c) <= day).then(pl.col(c)).alias(c) for c in ("graduated_on", "cert_on")]
        ended = pl.when(pl.col("ended_on") <= day).then(pl.col("ended_on")).alias("ended_on")
        return Register(
            self.people.select(FACTS).with_columns(dated).unique("person_id", keep="first").sort("person_id"),
            self.unemployment.select(COLUMNS["unemployment"]).filter(pl.col("registered_on") <= day).with_columns(ended)
            .sort("person_id", "registered_on", "ended_on", nulls_last=True),
            self.insurance.select(COLUMNS["insurance"]).filter(pl.col("month") <= day).sort("person_id", "month", "kind", "firm_id", "base_fen"),
            self.firms.select(COLUMNS["firms"]).unique("firm_id", keep="first").sort("firm_id"),
            self.indicators.select(COLUMNS["indicators"]).filter(pl.col("ds") <= day).sort("unique_id", "ds"),
        )  # fmt: skip


def month_number(day: date) -> int:
    """Months since 1970-01."""
    return (day.year - 1970) * 12 + day.month - 1


def month_of(column: str) -> pl.Expr:
    """Months since 1970-01 of a date column, int32; null stays null."""
    return (pl.col(column).dt.year() - 1970) * 12 + pl.col(column).dt.month().cast(pl.Int32) - 1
