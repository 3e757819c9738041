"""课程, open to everybody: what gives which skill, where, when next, for how much."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.match.transitions.courses import IS_DEMO
from leye.office.guidance import courses as library
from leye.office.permissions import is_open
from leye.office.policies.queries import rules_day
from leye.site import guidance_words
from leye.site.csv_answer import csv_answer
from leye.site.page import page

COLUMNS = ("id", "course", "provider", "skills", "hours", "mode", "region", "place", "next_start", "fee_yuan", "subsidised")


@is_open
@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """`/courses?skill=…&region=…&mode=…&free=1`"""
    asked, on = _asked(request), rules_day()
    rows = library.search(asked, on)
    return page(
        request, "moves/courses.html", rows=rows, asked=asked, on=on, regions=library.regions(), labels=library.labels(), is_demo=IS_DEMO,
        say_words=guidance_words,
    )  # fmt: skip


@is_open
@require_safe
def courses_csv(request: HttpRequest) -> HttpResponse:
    """`/courses/all.csv`, with the same filters."""
    rows = [
        (o.course.id, o.course.name, o.course.provider, ";".join(o.course.skills), o.course.hours, o.course.mode, o.course.region, o.course.address,
        o.start,
         o.course.fee_yuan, o.course.subsidised)
        for o in library.search(_asked(request), rules_day())
    ]  # fmt: skip
    return csv_answer("courses.csv", COLUMNS, rows)


def _asked(request: HttpRequest) -> library.Asked:
    form = request.GET
    mode, region = form.get("mode", ""), form.get("region", "")
    return library.Asked(
        form.get("skill", "").strip()[:60], region if region in library.regions() else "", mode if mode in library.MODES else "",
        form.get("free") == "1"
    )  # fmt: skip
