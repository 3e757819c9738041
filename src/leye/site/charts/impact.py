"""The change of the index as three bars with the range over sources and assumptions."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from leye.impact.index import Change
from leye.impact.sources import sources
from leye.site.charts import store
from leye.site.charts.figures import Figure
from leye.site.charts.look import ACTION, INK, dressed
from leye.site.impact_words import change_sentence, effect_words, points, source_word, span
from leye.site.words import is_english

WIDTH = 560


def change_figure(request: HttpRequest, run_id: str, told: tuple[date, date, Change]) -> Figure:
    """Effects in hundredths, the middles adding up to the change."""
    before, after, found = told
    lang, elder = "en" if is_english() else "zh", bool(getattr(request, "is_elder", False))
    words = effect_words()
    rows = [(words[name], 100 * e.low, 100 * e.mid, 100 * e.high) for name, e in found.effects.items()]
    here = store.Name(run_id, "impact", hashlib.sha256(repr(rows).encode()).hexdigest()[:16], lang, elder)
    svg = store.drawn(settings.LEYE_DATA, here, lambda width: bars(rows, title=_("对指数的作用（百分之一）"), elder=elder))
    parts = found.by_source
    table = [[words[n], points(e.mid), span(e), *(points(getattr(parts[s.id], n)) for s in sources())] for n, e in found.effects.items()]
    total = [points(found.after.by_source[s.id] - found.before.by_source[s.id]) for s in sources()]
    table.append([_("合计"), points(found.after.mid - found.before.mid), "", *total])
    header = [_("作用"), _("中"), _("范围"), *(source_word(s.id) for s in sources())]
    note = _("三项之和等于指数的变化；横线是三个来源与采用率高、中、低之间的范围。")
    return Figure(change_sentence(before, after, found), mark_safe(svg), "", header, table, note)  # noqa: S308 - drawn by us


def bars(rows: list[tuple[str, float, float, float]], *, title: str, elder: bool) -> Any:
    """An Altair chart. rows: (words, low, middle, high)."""
    import altair as alt
    import polars as pl

    frame = pl.DataFrame(rows, schema=["effect", "low", "mid", "high"], orient="row")
    y = alt.Y("effect:N", title=None, sort=None, axis=alt.Axis(labelLimit=320))
    base = alt.Chart(frame)
    bar = base.mark_bar(color=ACTION, height={"band": 0.5}).encode(y=y, x=alt.X("mid:Q", title=title))
    rule = base.mark_rule(color=INK, strokeWidth=2).encode(y=y, x=alt.X("low:Q", title=title), x2="high:Q")
    return dressed(bar + rule, elder=elder, width=WIDTH, height=150)
