"""Contributions: what is added to the base of next month's forecast, as bars and as one sentence that adds up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from leye.forecast.explain import explain_en, explain_zh, term_en
from leye.office.published import Row, Series, Snapshot
from leye.site.charts import store
from leye.site.charts.figures import Figure, axis_title, name_of, spec_url
from leye.site.charts.look import ACTION, INK, QUIET, dressed, size
from leye.site.words import figure, is_english, month_text, pick

BARS = 8  # chosen by us: more bars than this nobody compares


def contributions_figure(request: HttpRequest, snapshot: Snapshot, series: Series) -> Figure | None:
    """The figure, or None where the model gave no terms."""
    rows = next_month_terms(snapshot, series.unique_id)
    if not rows:
        return None
    name = name_of(request, snapshot, "contributions", series.unique_id)
    changes = shown([r for r in rows if r["term"] != "base"])
    svg = store.drawn(settings.LEYE_DATA, name, lambda width: draw_bars(changes, series, elder=name.elder, width=width)) if changes else ""
    table = [[r["label"], figure(r["value"], series.unit)] for r in rows]
    table.append([_("合计（预测）"), figure(sum(r["value"] for r in rows), series.unit)])
    return Figure(
        finding=sentence(snapshot, series, rows),
        svg=mark_safe(svg),  # noqa: S308 - drawn by us
        spec_url=spec_url(name) if changes else "",
        header=[_("构成"), axis_title(series)],
        rows=table,
        note=_("%(month)s；横条是在“%(base)s”上加减多少。") % {"month": month_text(rows[0]["ds"]), "base": base_label(rows)},
    )


def next_month_terms(snapshot: Snapshot, unique_id: str) -> list[Row]:
    """Terms of the first month ahead, each with its label in the page's language, in the table's order."""
    rows = snapshot.of_series("contributions", unique_id)
    first = min((r["ds"] for r in rows), default=None)
    return [{**r, "label": pick(r["term_zh"], term_en(r["term"], r["term_zh"]))} for r in rows if r["ds"] == first]


def base_label(rows: Sequence[Row]) -> str:
    """What the bars are added to."""
    return next((r["label"] for r in rows if r["term"] == "base"), _("零"))


def shown(rows: Sequence[Row]) -> list[Row]:
    """The largest terms, the rest as one, so that the bars still sum to the change."""
    ordered = sorted(rows, key=lambda r: -abs(r["value"]))
    if len(ordered) <= BARS:
        return ordered
    rest = sum(r["value"] for r in ordered[BARS - 1 :])
    return [*ordered[: BARS - 1], {"label": _("其余各项"), "value": rest, "term": "rest"}]


def sentence(snapshot: Snapshot, series: Series, rows: Sequence[Row]) -> str:
    """What the forecast is made of, in one sentence of the forecast room; a rate is told by its figures beside."""
    if series.unit == "ratio" or not any(r["term"] == "base" for r in rows):
        total = sum(r["value"] for r in rows)
        return _("%(month)s大约 %(mean)s，由下面各项相加") % {"month": month_text(rows[0]["ds"]), "mean": figure(total, series.unit)}
    explain = explain_en if is_english() else explain_zh
    return explain(snapshot.frame("contributions"), series.unique_id, rows[0]["ds"])


def draw_bars(rows: Sequence[Row], series: Series, *, elder: bool, width: int | str) -> Any:
    """The bars behind `contributions_figure`."""
    return bars(rows, axis_title(series), elder=elder, width=width, scale=100.0 if series.unit == "ratio" else 1.0)


def bars(rows: Sequence[Row], title: str, *, elder: bool, width: int | str, scale: float = 1) -> Any:
    """Bars with their values beside them; a fall differs by side and sign, not by colour alone."""
    import altair as alt
    import polars as pl

    values = [r["value"] * scale for r in rows]
    frame = pl.DataFrame({
        "label": [r["label"] for r in rows],
        "value": values,
        "text": [f"{v:+,.4g}".replace("-", "−") for v in values],
        "at": [max(v, 0.0) for v in values],
    })  # fmt: skip
    axis = alt.Axis(labelLimit=280 if elder else 200, labelColor=INK, ticks=False, domain=False, labelPadding=8)
    room = (max(*values, 0.0) - min(*values, 0.0)) * (0.35 if elder else 0.2)  # for the figures beside the bars
    scale_x = alt.Scale(domain=[min(*values, 0.0), max(*values, 0.0) + room], nice=False)
    base = alt.Chart(frame).encode(y=alt.Y("label:N", sort=None, title=None, axis=axis))
    bar = base.mark_bar(height={"band": 0.6}).encode(
        x=alt.X("value:Q", title=title, scale=scale_x, axis=alt.Axis(titleAnchor="start", tickCount=4)),
        color=alt.condition(alt.datum.value < 0, alt.value(QUIET), alt.value(ACTION)),
    )
    text = base.mark_text(align="left", dx=6, fontSize=size(elder), color=INK).encode(x="at:Q", text="text:N")
    return dressed(alt.layer(bar, text), elder=elder, width=width, height=40 + 32 * len(rows))
