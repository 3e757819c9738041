"""The figure of a roll-out: its chart, its finding in words, and the same numbers as a table."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from leye.kernel.signs import signed
from leye.policy.promote import RollOutEffect
from leye.policy.promote.tables import week_table
from leye.site.charts import store
from leye.site.charts.figures import Figure
from leye.site.words import is_english

FOLDER, KIND = "promotion", "weeks"


def rollout_figure(request: HttpRequest, effect: RollOutEffect, source: str) -> Figure:
    """Weeks before and after the notice. source: what the numbers rest on; another source is another drawing."""
    rows = week_rows(effect)
    name = store.Name(FOLDER, KIND, digest_of(effect, source), "en" if is_english() else "zh", bool(getattr(request, "is_elder", False)))
    svg = store.drawn(settings.LEYE_DATA, name, lambda width: _draw(rows, name, width))
    table = [
        [week_word(r["week"]), "" if r["people"] is None else f"{r['people']:,}", *(signed(r[k], 2) for k in ("value", "low", "high"))] for r in rows
    ]
    header = [_("周"), _("已通知的人"), _("多申请（每百人）"), _("区间：低"), _("区间：高")]
    note = _("竖线是九成五的把握，空心点是通知前各周：那时还没有人收到，应当落在零上。")
    return Figure(finding(effect), mark_safe(svg), _spec_url(name), header, table, note)  # noqa: S308 - drawn by us


def week_rows(effect: RollOutEffect) -> list[dict[str, Any]]:
    """`week, people, value, low, high` in percentage points."""
    return [
        {"week": r["week"], "people": r["people"], **{k: r[k] * 100 for k in ("value", "low", "high")}}
        for r in week_table([effect]).iter_rows(named=True)
    ]


def finding(effect: RollOutEffect) -> str:
    """通知后四周，每百人多 7.7 人申请（九成五把握 3.8 到 11.6）."""
    total = effect.total
    said = {"n": effect.within, "value": f"{total.value * 100:.1f}", "low": f"{total.low * 100:.1f}", "high": f"{total.high * 100:.1f}"}
    if effect.is_seen:
        return _("通知后 %(n)s 周，每百人多 %(value)s 人申请（九成五把握 %(low)s 到 %(high)s）") % said
    return _("通知后 %(n)s 周，看不出多了还是少了申请（每百人 %(low)s 到 %(high)s，含零）") % said


def week_word(week: int) -> str:
    """通知前第 1 周, 通知后第 1 周."""
    return _("通知前第 %(n)s 周") % {"n": -week} if week < 0 else _("通知后第 %(n)s 周") % {"n": week}


def digest_of(effect: RollOutEffect, source: str) -> str:
    """A drawing's id: policy, source and total, so that new numbers get a new picture."""
    text = f"{effect.policy}|{source}|{effect.total.value:.9f}|{len(effect.by_week)}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _spec_url(name: store.Name) -> str:
    query = {"id": name.unique_id, "lang": name.lang, **({"elder": "1"} if name.elder else {})}
    return f"{reverse('promotion-chart')}?{urlencode(query)}"


def _draw(rows: list[dict[str, Any]], name: store.Name, width: int | str) -> Any:
    from leye.site.charts.weeks import weeks

    title = "added applications per 100" if name.lang == "en" else "多申请（每百人）"
    return weeks(rows, title=title, lang=name.lang, elder=name.elder, width=width)
