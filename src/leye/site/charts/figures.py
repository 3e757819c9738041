"""Figures for pages: the drawing, its finding as caption, and the same numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from leye.office.published import Row, Series, Snapshot
from leye.office.reports.surprise import surprises
from leye.site.charts import store
from leye.site.words import figure, indicator_word, is_english, month_text, unit_word

MONTHS_SHOWN = 36  # chosen by us: three seasons are enough to see what is usual


@dataclass(frozen=True, slots=True)
class Figure:
    """svg: the server's drawing · spec_url: address of the interactive one · header, rows: the table."""

    finding: str
    svg: SafeString
    spec_url: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def fan_figure(request: HttpRequest, snapshot: Snapshot, series: Series, finding: str) -> Figure:
    """History, earlier forecast and forecast of one series."""
    name = name_of(request, snapshot, "fan", series.unique_id)
    ahead = snapshot.of_series("forecast", series.unique_id)
    history = snapshot.history.get(series.unique_id, [])[-MONTHS_SHOWN:]
    svg = store.drawn(settings.LEYE_DATA, name, lambda width: draw_fan(snapshot, series, name, width))
    rows = [[month_text(d), figure(v, series.unit), "", ""] for d, v in history[-12:]]
    rows += [[month_text(r["ds"]), figure(r["mean"], series.unit), figure(r["lo-80"], series.unit), figure(r["hi-80"], series.unit)] for r in ahead]
    header = [_("月份"), axis_title(series), _("八成把握：低"), _("八成把握：高")]
    note = _("深色带八成把握，浅色带九成五把握；虚线是预测。") if ahead else _("这条序列没有预测。")
    return Figure(finding, mark_safe(svg), spec_url(name), header, rows, note)  # noqa: S308 - drawn by us


def draw_fan(snapshot: Snapshot, series: Series, name: store.Name, width: int | str) -> Any:
    """The Altair chart behind `fan_figure`."""
    from leye.site.charts.fan import fan

    uid = series.unique_id
    scale = 100 if series.unit == "ratio" else 1
    history = [(d, None if v is None else v * scale) for d, v in snapshot.history.get(uid, [])[-MONTHS_SHOWN:]]
    return fan(
        history,
        [_scaled(r, scale) for r in snapshot.of_series("forecast", uid)],
        title=axis_title(series),
        past=[_scaled(r, scale) for r in earlier_forecast(snapshot, uid)],
        alarms=sorted({a["ds"] for a in snapshot.alerts if a["unique_id"] == uid}),
        lang=name.lang,
        elder=name.elder,
        width=width,
    )


def earlier_forecast(snapshot: Snapshot, unique_id: str) -> list[Row]:
    """What the back-test's forecast said about the last months, from the origin that `surprises` holds the newest value against."""
    import polars as pl

    found = surprises(snapshot).get(unique_id)
    if found is None:
        return []
    from leye.office.reports.surprise import main_model

    where = (pl.col("unique_id") == unique_id) & (pl.col("origin") == found.origin) & (pl.col("model") == main_model(snapshot))
    return sorted(snapshot.select("backtest", where), key=lambda r: r["ds"])


def name_of(request: HttpRequest, snapshot: Snapshot, kind: str, unique_id: str) -> store.Name:
    """The drawing for this reader's language and type size."""
    return store.Name(snapshot.run_id, kind, unique_id, "en" if is_english() else "zh", bool(getattr(request, "is_elder", False)))


def spec_url(name: store.Name) -> str:
    """Where the interactive chart's definition lies."""
    query = {"kind": name.kind, "id": name.unique_id, "lang": name.lang, **({"elder": "1"} if name.elder else {})}
    return f"/charts/{name.run_id}?{urlencode(query)}"


def axis_title(series: Series) -> str:
    """Variable and unit: 招聘岗位数（个）; for a panel of one's own the series' title."""
    unit = unit_word(series.unit)
    name = indicator_word(series.indicator) or series.title("en" if is_english() else "zh")
    return f"{name}（{unit}）" if unit and not is_english() else f"{name} ({unit})" if unit else name


def _scaled(row: Row, scale: int) -> Row:
    return {k: v * scale if isinstance(v, float) else v for k, v in row.items()}


def shown_months(history: Sequence[tuple[date, float | None]]) -> Sequence[tuple[date, float | None]]:
    """The months that a fan shows."""
    return history[-MONTHS_SHOWN:]
