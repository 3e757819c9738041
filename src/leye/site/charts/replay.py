"""A replay as a picture: one line a series, the months its lamps would have lit, and a mark at its own peak."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from leye.site.charts import store
from leye.site.charts.figures import Figure
from leye.site.charts.look import INK, dressed, month_axis, size
from leye.site.words import is_english, level_word

LEVELS = ("blue", "yellow", "orange", "red")
SHAPES = ("circle", "triangle-up", "diamond", "square")  # shape and colour: colour is not alone
COLOURS = ("#1f5fbf", "#b58900", "#d9730d", "#b3261e")
MOST_SHOWN = 30  # chosen by us: more lines cannot be read; the table below has them all


def replay_figure(request: HttpRequest, rows: Sequence[dict[str, Any]], name: str) -> Figure | None:
    """rows: of the replay, first lamp first · name: hash of the replay. None when nothing lit."""
    lit = [r for r in rows if r["first"]][:MOST_SHOWN]
    if not lit:
        return None
    lang, elder = "en" if is_english() else "zh", bool(getattr(request, "is_elder", False))
    words = {level: level_word(level) for level in LEVELS}
    peak = _("本序列的峰值")
    here = store.Name(f"replay-{name[:16]}", "lamps", "lamps", lang, elder)
    svg = store.drawn(settings.LEYE_DATA, here, lambda width: lamps(lit, words=words, peak=peak, lang=lang, elder=elder, width=560))
    return Figure(
        finding=_("%(n)s 个序列会亮灯，最早的在 %(m)s") % {"n": sum(1 for r in rows if r["first"]), "m": lit[0]["first"][:7]},
        svg=mark_safe(svg),  # noqa: S308 - drawn by us
        spec_url="",
        header=[_("序列"), _("先亮灯的月份"), peak],
        rows=[[r["unique_id"], r["first"][:7], (r["peak"] or "")[:7]] for r in lit],
        note=_("图上最多画 30 个最先亮灯的序列，全部在下表。"),
    )


def lamps(rows: Sequence[dict[str, Any]], *, words: dict[str, str], peak: str, lang: str, elder: bool, width: int | str) -> Any:
    """An Altair chart."""
    import altair as alt
    import polars as pl

    marks = [(r["unique_id"], date.fromisoformat(r[level]), words[level]) for r in rows for level in LEVELS if r[level]]
    tops = [(r["unique_id"], date.fromisoformat(r["peak"]), peak) for r in rows if r["peak"]]
    schema = {"series": pl.String, "ds": pl.Date, "word": pl.String}
    lit, turns = pl.DataFrame(marks, schema=schema, orient="row"), pl.DataFrame(tops, schema=schema, orient="row")
    x = alt.X("ds:T", axis=month_axis(lang, elder, 48))
    y = alt.Y(
        "series:N", title=None, sort=[r["unique_id"] for r in rows], axis=alt.Axis(labelColor=INK, labelLimit=220, labelFontSize=size(elder) - 2)
    )
    named = [words[level] for level in LEVELS]
    colour = alt.Color("word:N", scale=alt.Scale(domain=named, range=list(COLOURS)), legend=alt.Legend(title=None, orient="top"))
    shape = alt.Shape("word:N", scale=alt.Scale(domain=named, range=list(SHAPES)), legend=alt.Legend(title=None, orient="top"))
    layers = [
        alt.Chart(turns).mark_text(text="|", fontSize=size(elder) + 4, color=INK).encode(x=x, y=y),
        alt.Chart(lit).mark_point(filled=True, size=90, opacity=1).encode(x=x, y=y, color=colour, shape=shape),
    ]
    return dressed(alt.layer(*layers), elder=elder, width=width, height=max(160, 22 * len(rows)))
