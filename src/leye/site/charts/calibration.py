"""Calibration: what was stated against what came, in ten equal parts of the people; on the line the two agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from leye.office.published import published_snapshot
from leye.site import risk_words
from leye.site.charts import store
from leye.site.charts.figures import Figure, name_of
from leye.site.charts.look import ACTION, LINE, dressed

KIND, HORIZON = "calibration", 12
WORDS = {"zh": ("当时说的可能（%）", "后来真的发生的（%）"), "en": ("stated (%)", "happened (%)")}


def calibration_figure(request: HttpRequest, question: str, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Figure | None:
    """The picture and table of one question at twelve months; None without a cohort that has a year behind it."""
    snapshot = published_snapshot()
    rows = [r for r in tables.get("bins", []) if r["question"] == question and r["horizon"] == HORIZON]
    told = next((r for r in tables.get("figures", []) if r["question"] == question and r["horizon"] == HORIZON), None)
    if snapshot is None or not rows or told is None:
        return None
    name = name_of(request, snapshot, KIND, question)
    svg = store.drawn(settings.LEYE_DATA, name, lambda width: _chart(rows, name, width))
    finding = _("说 %(stated)s，实际 %(happened)s，校准误差 %(ece)s") % {
        "stated": risk_words.share(told["stated"]), "happened": risk_words.share(told["happened"]), "ece": risk_words.share(told["ece"])
    }  # fmt: skip
    header = [_("十分之几的人"), _("当时说的"), _("后来发生的"), _("人数")]
    table = [[str(r["bin"] + 1), risk_words.share(r["stated"]), risk_words.share(r["happened"]), f"{r['people']:,}"] for r in rows]
    address = f"{reverse('risk-chart')}?{urlencode({'id': question, 'lang': name.lang, 'elder': int(name.elder)})}"
    return Figure(finding, mark_safe(svg), address, header, table, _("在斜线上说明说得准；线上方是低估，下方是高估。"))  # noqa: S308 - drawn by us


def _chart(rows: Sequence[Mapping[str, Any]], name: store.Name, width: int | str) -> Any:
    import altair as alt
    import polars as pl

    x_title, y_title = WORDS[name.lang]
    frame = pl.DataFrame([{"stated": 100 * r["stated"], "happened": 100 * r["happened"]} for r in rows])
    most = max(5.0, float(max(frame["stated"].max(), frame["happened"].max())) * 1.05)  # type: ignore[arg-type, type-var]
    line = pl.DataFrame({"stated": [0.0, most], "happened": [0.0, most]})
    x = alt.X("stated:Q", title=x_title, scale=alt.Scale(domain=[0, most]))
    y = alt.Y("happened:Q", title=y_title, scale=alt.Scale(domain=[0, most]))
    layers = [
        alt.Chart(line).mark_line(color=LINE, strokeWidth=2).encode(x=x, y=y),
        alt.Chart(frame).mark_line(color=ACTION, strokeDash=[4, 3]).encode(x=x, y=y),
        alt.Chart(frame).mark_point(size=110, opacity=1, strokeWidth=2, filled=True, color=ACTION).encode(x=x, y=y),
    ]
    return dressed(alt.layer(*layers), elder=name.elder, width=width, height=320)
