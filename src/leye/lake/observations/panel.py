"""The store's rows as the PANEL that forecast and watch read: `unique_id, ds, y`."""

from __future__ import annotations

import polars as pl

from leye.kernel.errors import BadInput
from leye.lake.observations.form import KEY


def panel_of(observations: pl.DataFrame) -> pl.DataFrame:
    """`unique_id, ds, y`, the id being the parts of the key that differ, so that one indicator of one source reads `US-CA`, not eight parts.

    Raises BadInput (E_PANEL_MIXED) when frequencies are mixed: a panel has one step.
    """
    steps = observations["freq"].unique().sort().to_list()
    if len(steps) > 1:
        raise BadInput(
            f"时序表只能有一种频率，这里有 {'、'.join(steps)}", en=f"a panel has one step; here are {', '.join(steps)}", code="E_PANEL_MIXED",
            remedy_zh="用 --indicator 选一个指标", remedy_en="choose one indicator with --indicator",
        )  # fmt: skip
    differing = [c for c in KEY if observations[c].n_unique() > 1] or ["indicator"]
    return observations.select(
        pl.concat_str(differing, separator="/").alias("unique_id"), pl.col("period_start").alias("ds"), pl.col("value").alias("y")
    )
