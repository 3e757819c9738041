"""Lamps as every page shows them: shape, word and colour together, never a bare dot. Plain functions, because lists call them a hundred times."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from leye.office.alerts.models import Alert
from leye.site.words import level_shape, level_word, state_word


def lamp(level: str, count: int | None = None) -> SafeString:
    """One lamp; with a count for summaries."""
    return format_html(
        '<span class="lamp lamp-{}"><span class="lamp-shape" aria-hidden="true">{}</span> {}{}</span>',
        level,
        level_shape(level),
        level_word(level),
        "" if count is None else f" {count}",
    )


def state(alert: Alert) -> SafeString:
    """Where an alert stands, in words."""
    return format_html('<span class="state state-{}">{}</span>', alert.state, state_word(alert.state))
