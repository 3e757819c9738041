"""The fan: what was, what an earlier forecast said, and what is ahead with its 80 % and 95 % intervals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from leye.site.charts.look import ACTION, INK, QUIET, RED, dressed, month_axis, size

WORDS = {"zh": ("实际", "预测", "当时的预测", "预警"), "en": ("observed", "forecast", "earlier forecast", "alarm")}


def fan(
    history: Sequence[tuple[date, float | None]],
    ahead: Sequence[dict[str, Any]],
    *,
    title: str,
    past: Sequence[dict[str, Any]] = (),
    alarms: Sequence[date] = (),
    lang: str = "zh",
    elder: bool = False,
    width: int | str = 640,
) -> Any:
    """An Altair chart.

    history: (month, value or None) · ahead, past: rows of `forecast` or `backtest` (`ds, mean, lo-80, hi-80, lo-95, hi-95`) ·
    alarms: months to mark · title: variable and unit, on the axis.
    """
    import altair as alt
    import polars as pl

    word = WORDS[lang]
    months = len(history) + len(ahead)
    x = alt.X("ds:T", axis=month_axis(lang, elder, months))
    y = alt.Y("y:Q", title=title, scale=alt.Scale(zero=False))
    tip = [alt.Tooltip("ds:T", title="月份" if lang == "zh" else "Month", format="%Y-%m"), alt.Tooltip("y:Q", title=title, format=",.4~g")]
    known = [(d, v) for d, v in history if v is not None]
    seen = pl.DataFrame(list(history), schema={"ds": pl.Date, "y": pl.Float64}, orient="row")
    layers = []
    if ahead:
        joined = [
            *({"ds": known[-1][0], "y": known[-1][1], **dict.fromkeys(("lo80", "hi80", "lo95", "hi95"), known[-1][1])} for _ in known[-1:]),
            *map(_flat, ahead),
        ]
        layers += _bands(pl.DataFrame(joined), x, title, ACTION)
        layers.append(alt.Chart(pl.DataFrame(joined)).mark_line(color=ACTION, strokeDash=[6, 4], strokeWidth=2).encode(x=x, y=y, tooltip=tip))
    if past:
        earlier = pl.DataFrame([_flat(r) for r in past])
        layers += _bands(earlier, x, title, QUIET, outer=False)
        layers.append(alt.Chart(earlier).mark_line(color=QUIET, strokeDash=[2, 3], strokeWidth=2).encode(x=x, y=y, tooltip=tip))
    layers.append(alt.Chart(seen).mark_line(color=INK, strokeWidth=2.5).encode(x=x, y=y, tooltip=tip))
    values = dict(known)
    marked = [{"ds": d, "y": values[d]} for d in alarms if d in values]
    if marked:
        layers.append(
            alt.Chart(pl.DataFrame(marked)).mark_point(shape="triangle-up", color=RED, filled=True, size=90, opacity=1).encode(x=x, y=y, tooltip=tip)
        )
    labels = _labels(known, ahead, past, word)
    if labels:
        halo = alt.Chart(pl.DataFrame(labels)).mark_text(align="right", dy=-10, fontSize=size(elder), stroke="white", strokeWidth=4)
        layers.append(halo.encode(x=x, y=y, text="word:N"))
        text = alt.Chart(pl.DataFrame(labels)).mark_text(align="right", dy=-10, fontSize=size(elder), clip=False).encode(
            x=x, y=y, text="word:N", color=alt.Color("tone:N", scale=None)
        )  # fmt: skip
        layers.append(text)
    return dressed(alt.layer(*layers), elder=elder, width=width)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """Column names without hyphens, which Vega would read as differences."""
    return {"ds": row["ds"], "y": row["mean"], "lo80": row["lo-80"], "hi80": row["hi-80"], "lo95": row["lo-95"], "hi95": row["hi-95"]}


def _bands(frame: Any, x: Any, title: str, colour: str, *, outer: bool = True) -> list[Any]:
    import altair as alt

    base = alt.Chart(frame)
    pairs = [("lo95", "hi95", 0.14)] if outer else []
    return [
        base.mark_area(color=colour, opacity=opacity).encode(x=x, y=alt.Y(f"{low}:Q", title=title), y2=f"{high}:Q")
        for low, high, opacity in [*pairs, ("lo80", "hi80", 0.2)]
    ]


def _labels(
    known: Sequence[tuple[date, float]], ahead: Sequence[dict[str, Any]], past: Sequence[dict[str, Any]], word: Sequence[str]
) -> list[dict[str, Any]]:
    found = []
    if known:
        at = known[max(0, len(known) * 2 // 5)]
        found.append({"ds": at[0], "y": at[1], "word": word[0], "tone": INK})
    if ahead:
        found.append({"ds": ahead[-1]["ds"], "y": ahead[-1]["hi-80"], "word": word[1], "tone": ACTION})
    if past:
        found.append({"ds": past[-1]["ds"], "y": past[-1]["hi-80"], "word": word[2], "tone": QUIET})
    return found
