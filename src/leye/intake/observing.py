"""Loaded rows as observations of the indicator store: one row a value, with frequency, quality and source, the vintage left to whoever loads."""

from __future__ import annotations

import polars as pl

from leye.intake.panel import LoadedSource
from leye.intake.spec import SourceSpec
from leye.kernel.errors import BadInput

FREQUENCY = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}
"""Kinds of period that are observations; others (ten days, cumulative, ranges) have no step and are left to the spec's `kind`."""
OBSERVED = (
    "indicator", "region", "industry", "occupation", "grp", "freq", "period_start", "value", "unit", "sa_flag", "source", "quality",
)  # fmt: skip
_DIMENSIONS = ("region", "industry", "occupation", "grp")


def observations_of(load: LoadedSource, *, quality: str = "final") -> tuple[pl.DataFrame, pl.DataFrame]:
    """(observations as OBSERVED, rows left out as `row, column, raw`): every loaded row whose period has a step and that names its places.

    A field called `quality` in the spec says of each row whether it is final, preliminary, estimated or made; else all are `quality`. An empty
    value is a null. Raises BadInput when the spec feeds no panel.
    """
    spec, rule = load.spec, load.spec.panel
    if rule is None:
        raise BadInput(
            f"来源 {spec.id} 的说明没有 panel 一段，不知道哪一列是指标值", en=f"spec {spec.id} has no panel block", code="E_SPEC",
            remedy_zh="补上 panel：indicator、value、ds、region", remedy_en="add panel: indicator, value, ds, region",
        )  # fmt: skip
    field = spec.fields[rule.value]
    value = pl.col(field.columns[0]).cast(pl.Float64) * (0.01 if field.type == "money" else 1.0)
    said = pl.col("quality") if "quality" in spec.fields else pl.lit(None, dtype=pl.String)
    rows = load.rows.select(
        pl.col("_row").alias("row"),
        indicator=pl.lit(rule.indicator),
        **{name: _dimension(getattr(rule, name), spec) for name in _DIMENSIONS},
        freq=pl.col(f"{rule.ds}_kind").replace_strict(FREQUENCY, default=None, return_dtype=pl.String),
        period_start=pl.col(f"{rule.ds}_start").cast(pl.Date),
        value=value,
        unit=pl.lit(rule.unit or "number"),
        sa_flag=pl.lit("nsa"),
        source=pl.lit(spec.id),
        quality=said.fill_null(quality),
    )
    required = [c for c in OBSERVED if c != "value"]
    kept = rows.drop_nulls(required)
    lost = rows.filter(pl.any_horizontal(pl.col(c).is_null() for c in required))
    first_lack = pl.coalesce(pl.when(pl.col(c).is_null()).then(pl.lit(c)) for c in required)
    return kept.select(OBSERVED), lost.select("row", first_lack.alias("column"), pl.col("period_start").cast(pl.String).alias("raw"))


def _dimension(setting: str, spec: SourceSpec) -> pl.Expr:
    return pl.lit(setting[1:]) if setting.startswith("=") else pl.col(spec.fields[setting].columns[0]).cast(pl.String)
