"""Added rate by week since the notice, with its interval: before the notice it must lie on zero, after it one sees how long the notice works."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leye.site.charts.look import ACTION, INK, LINE, QUIET, dressed, size

WORDS = {"zh": ("通知前", "通知后", "通知后第几周"), "en": ("before", "after", "week since the notice")}


def weeks(rows: Sequence[dict[str, Any]], *, title: str, lang: str = "zh", elder: bool = False, width: int | str = 640) -> Any:
    """An Altair chart. rows: `week` (-1 the last before the notice, 1 the first after it), `value, low, high`, in percentage points.

    Weeks before the notice are hollow, weeks after it filled, so that colour is not alone.
    """
    import altair as alt
    import polars as pl

    before, after, axis_title = WORDS[lang]
    frame = pl.DataFrame(
        [{"week": r["week"], "value": r["value"], "low": r["low"], "high": r["high"], "side": before if r["week"] < 0 else after} for r in rows],
        schema={"week": pl.Int64, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "side": pl.String},
    )
    x = alt.X("week:O", title=axis_title, axis=alt.Axis(labelAngle=0, grid=False, labelColor=INK))
    y = alt.Y("value:Q", title=title, scale=alt.Scale(zero=True))
    tone = alt.Color("side:N", scale=alt.Scale(domain=[before, after], range=[QUIET, ACTION]), legend=None)
    fill = alt.condition(alt.datum.week < 0, alt.value("white"), alt.value(ACTION))
    base = alt.Chart(frame).encode(x=x)
    layers = [
        alt.Chart(pl.DataFrame({"at": [0.0]})).mark_rule(color=LINE, strokeWidth=2).encode(y=alt.Y("at:Q", title=title)),
        base.mark_rule(strokeWidth=3).encode(y=alt.Y("low:Q", title=title), y2="high:Q", color=tone),
        base.mark_point(size=130, opacity=1, strokeWidth=2).encode(y=y, color=tone, fill=fill),
        base.mark_text(dx=16, align="left", fontSize=size(elder) - 2, color=INK).encode(y=y, text=alt.Text("value:Q", format="+.1f")),
    ]
    return dressed(alt.layer(*layers), elder=elder, width=width, height=300)
