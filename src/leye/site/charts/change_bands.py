"""Changes with their intervals, one line each: a dot and a bar around it, against the line of no change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leye.site.charts.look import ACTION, INK, QUIET, dressed, size


def change_bands(
    rows: Sequence[tuple[str, float, float, float, bool]], *, title: str, lang: str = "zh", elder: bool = False, width: int | str = 640
) -> Any:
    """An Altair chart. rows: (label, low, middle, high, whether a change can be seen), in the order to be shown; figures as ratios to a year ago.

    What can be seen is filled and darker, so that it does not hang on colour alone.
    """
    import altair as alt
    import polars as pl

    frame = pl.DataFrame(
        [(label, low, mid, high, "seen" if is_seen else "not") for label, low, mid, high, is_seen in rows],
        schema={"label": pl.String, "low": pl.Float64, "mid": pl.Float64, "high": pl.Float64, "seen": pl.String},
        orient="row",
    )
    axis = alt.Axis(labelLimit=280 if elder else 200, labelColor=INK, ticks=False, domain=False, labelPadding=8)
    colour = alt.Color("seen:N", scale=alt.Scale(domain=["seen", "not"], range=[ACTION, QUIET]), legend=None)
    base = alt.Chart(frame).encode(y=alt.Y("label:N", sort=None, title=None, axis=axis), color=colour)
    x = alt.X("low:Q", title=title, scale=alt.Scale(type="log", nice=True), axis=alt.Axis(format="~g", tickCount=5))
    tip = [alt.Tooltip("label:N", title="技能" if lang == "zh" else "skill"), *(alt.Tooltip(f"{c}:Q", format=".2f") for c in ("low", "mid", "high"))]
    bars = base.mark_rule(strokeWidth=3).encode(x=x, x2="high:Q", tooltip=tip)
    dots = base.mark_point(size=70, opacity=1).encode(
        x="mid:Q", shape=alt.Shape("seen:N", scale=alt.Scale(domain=["seen", "not"], range=["diamond", "circle"]), legend=None),
        fill=alt.Fill("seen:N", scale=alt.Scale(domain=["seen", "not"], range=[ACTION, "white"]), legend=None), tooltip=tip,
    )  # fmt: skip
    still = alt.Chart(pl.DataFrame({"x": [1.0]})).mark_rule(color=INK, strokeDash=[4, 3]).encode(x="x:Q")
    return dressed(alt.layer(still, bars, dots), elder=elder, width=width, height=round(40 + (1.4 if size(elder) > 14 else 1) * 28 * len(rows)))
