"""Words of objections in the page's language."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leye.kernel.clock import beijing_day
from leye.office.objections.models import CATEGORY_EN, STATE_EN, Category, Objection, State, Step
from leye.site.lamps import lamp
from leye.site.words import day_text, pick

SOON_DAYS = 10
"""From here on the lamp is yellow: the day of the reminder."""

URGENT_DAYS = 2
"""From here on it is orange: the day of the escalation."""


def categories() -> list[tuple[str, str]]:
    """Codes and words for the form."""
    return [(str(c), category_word(c)) for c in Category]


def category_word(category: str) -> str:
    """事实不对, …"""
    return pick(str(Category(category).label), CATEGORY_EN[Category(category)])


def state_word(state: str) -> str:
    """等人受理, 办理中, …"""
    return pick(str(State(state).label), STATE_EN[State(state)])


def due_lamp(objection: Objection, now: datetime) -> SafeString:
    """Red when late, orange and yellow as the day comes near; a closed one has none."""
    if not objection.is_open:
        return format_html('<span class="state state-closed">{}</span>', state_word(objection.state))
    left = objection.days_left(beijing_day(now))
    return lamp("red" if left < 0 else "orange" if left <= URGENT_DAYS else "yellow" if left <= SOON_DAYS else "green")


def due_text(objection: Objection, now: datetime) -> str:
    """还有 12 天（9月30日前）, or 晚了 2 天."""
    left, day = objection.days_left(beijing_day(now)), day_text(objection.due_on)
    if left < 0:
        return _("晚了 %(n)s 天（应在%(day)s前答复）") % {"n": -left, "day": day}
    return _("还有 %(n)s 天（%(day)s前答复）") % {"n": left, "day": day}


def step_word(step: Step) -> str:
    """What was done."""
    return {
        "raised": _("提出申诉"),
        "taken": _("受理"),
        "returned": _("退回，等别人受理"),
        "asked": _("请本人补充"),
        "answered": _("本人补充"),
        "upheld": _("维持原决定"),
        "corrected": _("更正"),
        "withdrawn": _("本人撤回"),
        "reminded": _("到二十天，提醒"),
        "escalated": _("到二十八天，全市可见"),
    }[step.verb]


def who_text(step: Step) -> str:
    """Who did it; the clock has no name."""
    return str(step.by) if step.by is not None else _("到期提醒")


def last_day(raised_on: date) -> str:
    """A day in words."""
    return day_text(raised_on)
