"""The chart of flows: all moves of a group out of and into the region, counted and ahead."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from leye.office.monitoring.flows import totals
from leye.office.published import Snapshot
from leye.site.charts import store
from leye.site.charts.figures import Figure, name_of, spec_url
from leye.site.monitoring_words import group_word
from leye.site.words import month_text


def flow_figure(request: HttpRequest, snapshot: Snapshot, grp: str) -> Figure:
    """Moves that cross the region's border. Totals under ten are left out of the table and of the drawing."""
    name = name_of(request, snapshot, "flows", grp)
    history, ahead = totals(snapshot, grp)
    finding = _("%(grp)s跨区流动：过去两年和今后六个月") % {"grp": group_word(grp)}

    def draw(width: int | str) -> object:
        from leye.site.charts.fan import fan

        rows = [{"ds": d, "mean": v, "lo-80": lo, "hi-80": hi, "lo-95": lo, "hi-95": hi} for d, v, lo, hi in ahead]
        return fan(history, rows, title=_("人次"), lang=name.lang, elder=name.elder, width=width)

    svg = store.drawn(settings.LEYE_DATA, name, draw)
    table = [[month_text(d), "" if v is None else f"{v:,.0f}", "", ""] for d, v in history[-12:]]
    table += [[month_text(d), f"{v:,.0f}", f"{lo:,.0f}", f"{hi:,.0f}"] for d, v, lo, hi in ahead]
    header = [_("月份"), _("人次"), _("八成把握：低"), _("八成把握：高")]
    note = _("虚线是预测。合计的区间按各对之间互不相关来算，偏窄。")
    return Figure(finding, mark_safe(svg), spec_url(name), header, table, note)  # noqa: S308 - drawn by us
