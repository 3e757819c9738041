"""A series as first published and as it is known now, as lines; and the news of a forecast as bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from leye.site.charts.look import ACTION, INK, QUIET, dressed, size

WORDS = {"zh": ("现在的数", "第一次公布的数"), "en": ("as known now", "as first published")}
BARS = 8
"""Bars at most, the rest in one. # chosen by us: more nobody compares"""


def revised(
    rows: Sequence[tuple[date, float | None, float | None]], *, title: str, lang: str = "zh", elder: bool = False, width: int | str = 640
) -> Any:
    """An Altair chart. rows: (period, first figure, figure now), oldest first · title: variable and unit, on the axis."""
    import altair as alt
    import polars as pl

    words = WORDS[lang]
    frame = pl.DataFrame(
        [(d, v, word) for d, first, now in rows for v, word in ((now, words[0]), (first, words[1])) if v is not None],
        schema={"ds": pl.Date, "y": pl.Float64, "said": pl.String},
        orient="row",
    )
    tip = [alt.Tooltip("ds:T", format="%Y-%m-%d", title="时期" if lang == "zh" else "period"), alt.Tooltip("y:Q", format=",.6~g", title=title)]
    key = alt.Legend(title=None, orient="top", labelFontSize=size(elder), symbolStrokeWidth=3)
    lines = alt.Chart(frame).mark_line(strokeWidth=2).encode(
        x=alt.X("ds:T", axis=alt.Axis(title=None, grid=False, labelOverlap=True)),
        y=alt.Y("y:Q", title=title, scale=alt.Scale(zero=False)),
        color=alt.Color("said:N", scale=alt.Scale(domain=list(words), range=[INK, ACTION]), legend=key),
        strokeDash=alt.StrokeDash("said:N", scale=alt.Scale(domain=list(words), range=[[1, 0], [5, 4]]), legend=key),
        tooltip=tip,
    )  # fmt: skip
    return dressed(lines, elder=elder, width=width)


def news_bars(rows: Sequence[tuple[str, float]], *, title: str, rest: str, lang: str = "zh", elder: bool = False, width: int | str = 640) -> Any:
    """What moved a forecast, as bars from nought. rows: (label, effect), greatest first · rest: label of what is left out of the bars, as one bar."""
    from leye.site.charts.contributions import bars

    kept = list(rows) if len(rows) <= BARS else [*rows[: BARS - 1], (rest, sum(v for _, v in rows[BARS - 1 :]))]
    return bars([{"label": label, "value": value} for label, value in kept], title, elder=elder, width=width)


def labelled(effects: Sequence[Any], lang: str, name: Callable[[str], str]) -> list[tuple[str, float]]:
    """Effects of `leye.forecast.news_words.effects_of` with their labels in the page's language."""
    from leye.forecast.news_words import label_en, label_zh

    label = label_en if lang == "en" else label_zh
    return [(label(e, name), e.value) for e in effects]


__all__ = ["QUIET", "labelled", "news_bars", "revised"]
