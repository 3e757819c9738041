"""Jinja2 as Django builds it, with what templates may call: addresses, static files, translation, permissions, words and figures."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django_htmx.jinja import htmx_script
from jinja2 import Environment

from leye.office.permissions import can
from leye.site import (
    addresses,
    decided,
    entitlement_words,
    lamps,
    objection_words,
    page,
    phrases,
    privacy_words,
    programme_words,
    reform_words,
    review_words,
    words,
)
from leye.site.desk.advice import by_plan

PHRASES = (
    "clock_of", "doors", "headline_of", "job_state", "job_word", "percent", "plan_title_of", "role_word", "snapshot_inputs", "spaced_unit",
    "transition_text", "unit_of", "unit_of_measure",
)  # fmt: skip
DECIDED = (
    "basis_text", "breaker_word", "feature_word", "input_text", "outcome_word", "protected_word", "purpose_word", "reason_word", "retention_word",
)  # fmt: skip

PRIVACY = ("column_word", "own_value", "read_basis", "read_columns", "read_purpose", "request_kind", "request_state")


@lru_cache(maxsize=4096)
def _url(name: str, *args: Any) -> str:
    """Address of a named page; kept, because a list asks for the same few again and again."""
    return reverse(name, args=args)


def environment(**options: Any) -> Environment:
    """The environment named by the settings. Autoescape comes from Django's backend."""
    env = Environment(**options)  # noqa: S701 - Django hands in autoescape=True
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(
        url=_url,
        series_url=addresses.series_url,
        indicator_url=addresses.indicator_url,
        static=static,
        htmx_script=htmx_script,
        lang=get_language,
        can=can,
        words=words,
        review_words=review_words,
        objection_words=objection_words,
        entitlement_words=entitlement_words,
        reform_words=reform_words,
        programme_words=programme_words,
        lamp=lamps.lamp,
        state_tag=lamps.state,
        with_query=addresses.with_query,
        csrf_field=page.csrf_field,
        nav_of=page.nav_of,
        taken_messages=page.taken_messages,
        is_demo_city=page.is_demo_city,
        **{name: getattr(phrases, name) for name in PHRASES},
        **{name: getattr(decided, name) for name in DECIDED},
        **{name: getattr(privacy_words, name) for name in PRIVACY},
    )
    env.filters.update(
        month=words.month_text,
        day=words.day_text,
        instant=words.instant_text,
        figure=words.figure,
        signed=words.signed_percent,
        yuan=words.yuan,
        by_plan=by_plan,
    )
    return env
