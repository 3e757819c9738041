"""The cost of a reform by month beside that of the law: two lines, the law dashed."""

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
from leye.site.charts.look import ACTION, INK, dressed, month_axis, size
from leye.site.words import is_english, month_text, yuan

WIDTH = 560


def path_figure(request: HttpRequest, months: Sequence[dict[str, Any]], name: str) -> Figure | None:
    """months: rows `month, pays, cost_before_fen, cost_after_fen` of the JSON form · name: what tells this drawing from others, such as a hash."""
    rows = _by_month(months)
    if not rows:
        return None
    lang, elder = "en" if is_english() else "zh", bool(getattr(request, "is_elder", False))
    title = _("每月应付（万元）")
    here = store.Name(f"reform-{name[:16]}", "path", "months", lang, elder)
    words = (_("现行"), _("方案"))
    svg = store.drawn(settings.LEYE_DATA, here, lambda width: path(rows, title=title, words=words, lang=lang, elder=elder, width=WIDTH))
    table = [[month_text(d), yuan(a), yuan(b), yuan(b - a)] for d, a, b in rows]
    return Figure(
        finding=finding(rows),
        svg=mark_safe(svg),  # noqa: S308 - drawn by us
        spec_url="",
        header=[_("月份"), words[0], words[1], _("差额")],
        rows=table,
        note=_("人还是今天的人，只有时间往前走：一次性的记在第一次符合的月份，所以第一个月含今天的存量。实线是方案，虚线是现行。"),
    )


def finding(rows: Sequence[tuple[date, int, int]]) -> str:
    """What the months together come to."""
    more = sum(b - a for _d, a, b in rows)
    said = {True: _("%(n)s 个月合计多付 %(y)s"), False: _("%(n)s 个月合计少付 %(y)s")}[more > 0] if more else _("%(n)s 个月合计不变")
    return said % {"n": len(rows), "y": yuan(abs(more))} if more else said % {"n": len(rows)}


def path(rows: Sequence[tuple[date, int, int]], *, title: str, words: tuple[str, str], lang: str, elder: bool, width: int | str) -> Any:
    """An Altair chart. rows: (month, law fen, reform fen) · words: what the two lines are called."""
    import altair as alt
    import polars as pl

    frame = pl.DataFrame([(d, a / 1e6, b / 1e6) for d, a, b in rows], schema=["ds", "law", "reform"], orient="row")
    x = alt.X("ds:T", axis=month_axis(lang, elder, len(rows)))
    base = alt.Chart(frame)
    law = base.mark_line(color=INK, strokeDash=[6, 4], strokeWidth=2).encode(x=x, y=alt.Y("law:Q", title=title))
    reform = base.mark_line(color=ACTION, strokeWidth=3).encode(x=x, y=alt.Y("reform:Q", title=title))
    at = (frame["reform"] - frame["law"]).abs()[1:-1].arg_max() if frame.height > 2 else None
    here = frame.slice(0 if at is None else at + 1, 1)  # where the lines are farthest apart, but not at the edge
    apart = alt.Chart(here.with_columns(pl.max_horizontal("law", "reform").alias("top"))).encode(x=x, y="top:Q")
    upper = ((words[1], ACTION), (words[0], INK))  # both above the lines, in their order: below they would run into the axis
    labels = [
        apart.mark_text(align="left", dx=4, dy=-14 - (0 if is_first else size(elder) * 1.3), fontSize=size(elder), color=colour).encode(
            text=alt.value(word)
        )
        for (word, colour), is_first in zip(upper, (here["reform"][0] < here["law"][0], here["reform"][0] >= here["law"][0]), strict=True)
    ]
    return dressed(alt.layer(law, reform, *labels), elder=elder, width=width)


def _by_month(months: Sequence[dict[str, Any]]) -> list[tuple[date, int, int]]:
    """Public cost only, summed over funds."""
    sums: dict[str, list[int]] = {}
    for r in months:
        if r["pays"] != "none":
            found = sums.setdefault(r["month"], [0, 0])
            found[0] += r["cost_before_fen"]
            found[1] += r["cost_after_fen"]
    return [(date.fromisoformat(m), a, b) for m, (a, b) in sorted(sums.items())]
