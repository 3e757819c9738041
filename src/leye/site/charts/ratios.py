"""Ratios to a reference with their intervals: a point, a bar, and a line where equal lies; for the fairness report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leye.site.charts.look import ACTION, INK, QUIET, RED, dressed, size


def ratios(rows: Sequence[dict[str, Any]], *, title: str, line: float | None = None, elder: bool = False, width: int | str = 640) -> Any:
    """An Altair chart. rows: `label, value, lo, hi, is_off`, in the order to draw; lo and hi may be None · line: where a threshold stands, dashed.

    A row that is off is red and a diamond, so that colour is not alone.
    """
    import altair as alt
    import polars as pl

    frame = pl.DataFrame(
        [{**r, "text": f"{r['value']:.2f}", "tone": RED if r["is_off"] else ACTION, "mark": "diamond" if r["is_off"] else "circle"} for r in rows],
        schema_overrides={"value": pl.Float64, "lo": pl.Float64, "hi": pl.Float64},
    )
    ends = [v for r in rows for v in (r["value"], r["lo"], r["hi"]) if v is not None] + [1.0] + ([line] if line else [])
    room = (max(ends) - min(ends)) * 0.12
    axis = alt.Axis(labelLimit=280 if elder else 200, labelColor=INK, ticks=False, domain=False, labelPadding=8)
    x = alt.X("value:Q", title=title, scale=alt.Scale(domain=[min(ends) - room, max(ends) + room], nice=False, zero=False),
              axis=alt.Axis(titleAnchor="start", tickCount=5, format=".2~f"))  # fmt: skip
    base = alt.Chart(frame).encode(y=alt.Y("label:N", sort=None, title=None, axis=axis))
    tone = alt.Color("tone:N", scale=None)
    layers = [alt.Chart(pl.DataFrame({"at": [1.0]})).mark_rule(color=QUIET).encode(x="at:Q")]
    if line is not None:
        layers.append(alt.Chart(pl.DataFrame({"at": [line]})).mark_rule(color=RED, strokeDash=[5, 4]).encode(x="at:Q"))
    layers += [
        base.mark_rule(strokeWidth=3).encode(x=alt.X("lo:Q", title=title), x2="hi:Q", color=tone),
        base.mark_point(filled=True, size=110, opacity=1).encode(x=x, color=tone, shape=alt.Shape("mark:N", scale=None)),
        base.mark_text(dy=-12 if not elder else -17, fontSize=size(elder) - 2, color=INK).encode(x=x, text="text:N"),
    ]
    return dressed(alt.layer(*layers), elder=elder, width=width, height=40 + 44 * len(rows))
