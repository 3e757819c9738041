"""技能与职业需求: which skills and occupations are asked for, what is ahead, and whether a change can be seen at all."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leye.forecast.demand import FALLING, LEAST_ADS, POOLED, RISING, STEADY
from leye.kernel.codes import occupations
from leye.office.nightly.skills_step import DEMAND, skills
from leye.office.permissions import needs
from leye.office.published import Row, Snapshot, published_snapshot
from leye.site.charts import store
from leye.site.charts.figures import Figure, name_of, spec_url
from leye.site.csv_answer import csv_answer
from leye.site.page import page
from leye.site.words import month_text, pick

KINDS = ("skill", "occupation")
DRAWN = 15
"""Lines in the chart at most. # chosen by us: more nobody compares; the table has all"""
ORDER = {RISING: 0, FALLING: 1, STEADY: 2}


@needs("series.view")
@require_safe
def skills_demand(request: HttpRequest) -> HttpResponse:
    """`/skills-demand?by=skill|occupation`: visible changes first, then by size."""
    snapshot = published_snapshot()
    by = asked if (asked := request.GET.get("by", "")) in KINDS else KINDS[0]
    rows = demand_rows(snapshot, by) if snapshot else []
    counts = {v: sum(r["verdict"] == v for r in rows) for v in (RISING, FALLING)}
    figure = _figure(request, snapshot, by, rows) if snapshot and rows else None
    left_out = _left_out(snapshot, rows) if snapshot and by == "occupation" else 0
    return page(
        request, "skills/index.html", snapshot=snapshot, by=by, rows=rows, counts=counts, figure=figure, least=LEAST_ADS, left_out=left_out,
        series_of=_series_of(snapshot) if snapshot else {}, verdict_word=verdict_word, shift_word=shift_word,
    )  # fmt: skip


@needs("series.view")
@require_safe
def skills_csv(request: HttpRequest) -> HttpResponse:
    """All skills and occupations, with their names."""
    snapshot = published_snapshot()
    columns = ("run_id", "title", *DEMAND)
    rows = [] if snapshot is None else [(snapshot.run_id, name_of_row(r), *(r[c] for c in DEMAND)) for r in snapshot.rows("skill_demand")]
    return csv_answer("skills-demand.csv", columns, rows)


def demand_rows(snapshot: Snapshot, kind: str) -> list[Row]:
    """Rows of a kind with their names; visible changes first, the larger demand first within."""
    found = [{**r, "name": name_of_row(r)} for r in snapshot.rows("skill_demand") if r["kind"] == kind]
    return sorted(found, key=lambda r: (r["id"] == POOLED, ORDER.get(r["verdict"], 3), -(r["last"] or 0.0), r["id"]))


def name_of_row(row: Row) -> str:
    """The skill's or the occupation's name in the page's language."""
    if row["kind"] == "occupation":
        return occupations()[row["id"]].name if row["id"] in occupations() else str(row["id"])
    if row["id"] == POOLED:
        return pick("其他技能（合并）", "other skills (pooled)")
    known = skills().get(row["id"])
    return pick(known.zh, known.en) if known else str(row["id"])


def verdict_word(verdict: str) -> str:
    """What the interval allows to say."""
    return {RISING: _("▲ 上升"), FALLING: _("▼ 下降"), STEADY: _("＝ 看不出变化")}.get(verdict, _("资料不足"))


def shift_word(verdict: str | None) -> str:
    """What the ads themselves say."""
    return {RISING: _("要求变多"), FALLING: _("要求变少"), STEADY: _("看不出变化")}.get(verdict or "", _("资料不足"))


def draw_changes(rows: list[Row], name: store.Name, width: int | str) -> Any:
    """The chart behind the page."""
    from leye.site.charts.change_bands import change_bands

    drawn = [(r["name"], *(max(r[c], 0.05 * r["year_ago"]) / r["year_ago"] for c in ("lo-80", "mean", "hi-80")), r["verdict"] in (RISING, FALLING))
             for r in rows]  # fmt: skip
    return change_bands(drawn, title=_("一年后预计是今年同月的几倍"), lang=name.lang, elder=name.elder, width=width)


def _figure(request: HttpRequest, snapshot: Snapshot, by: str, rows: list[Row]) -> Figure | None:
    usable = [r for r in rows if r["year_ago"] and r["mean"] is not None and r["id"] != POOLED]
    if not usable:
        return None
    kept = usable[:DRAWN]
    name = name_of(request, snapshot, "skills", by)
    svg = store.drawn(settings.LEYE_DATA, name, lambda width: draw_changes(kept, name, width))
    table = [[r["name"], *(f"{r[c] / r['year_ago']:.2f}" for c in ("lo-80", "mean", "hi-80"))] for r in kept]
    seen = sum(r["verdict"] in (RISING, FALLING) for r in rows)
    finding = _("%(n)s项里有%(seen)s项看得出变化") % {"n": len(rows), "seen": seen}
    header = [_("名称"), _("八成把握：低"), _("预计"), _("八成把握：高")]
    note = _("预测%(month)s与一年前同月之比，横线是八成把握；碰到虚线的看不出变化。") % {"month": month_text(kept[0]["ds"])}
    return Figure(finding, mark_safe(svg), spec_url(name), header, table, note)  # noqa: S308 - drawn by us


def _series_of(snapshot: Snapshot) -> dict[str, str]:
    """Occupation code to the series of its posts."""
    return {s.occupation: uid for uid, s in snapshot.series.items() if s.indicator == "postings_occ" and s.occupation}


def _left_out(snapshot: Snapshot, rows: list[Row]) -> int:
    """Occupations of the panel with too few posts to say anything of."""
    middle = [s for uid, s in snapshot.series.items() if s.indicator == "postings_occ" and uid not in snapshot.children]
    return max(len(middle) - len(rows), 0)
