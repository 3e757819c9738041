"""Words of the register in the page's language: states, kinds, risks, marks of law, steps."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leye.site.words import pick
from leye.trust.registry import KINDS, MARKS, RISKS, STATES, Step

_SHAPES = {
    "draft": ("■", "blue"),
    "assessed": ("■", "blue"),
    "filed": ("■", "blue"),
    "running": ("●", "green"),
    "suspended": ("⬟", "orange"),
    "blacklisted": ("▲", "red"),
}


def state_of(state: str) -> SafeString:
    """A state as shape, word and colour together."""
    shape, colour = _SHAPES[state]
    return format_html(
        '<span class="lamp lamp-{}"><span class="lamp-shape" aria-hidden="true">{}</span> {}</span>', colour, shape, pick(*STATES[state])
    )


def kind_of(kind: str) -> str:
    """调度决策类, …"""
    return pick(*KINDS[kind])


def risk_of(risk: str) -> str:
    """低, 中, 高."""
    return pick(*RISKS[risk])


def mark_of(mark: str) -> str:
    """How a fact of law is known."""
    return pick(*MARKS[mark])


def step_of(step: Step) -> str:
    """What a person does next."""
    return pick(step.zh, step.en)


def waiting_of(code: str) -> str:
    """What a version waits for; empty when for nothing."""
    said = {
        "assess": _("等自评估"),
        "file": _("等备案"),
        "launch": _("可以上线"),
        "sign_operator": _("等管理员或平台运营签字"),
        "sign_workers": _("等职工代表签字"),
    }
    return str(said.get(code, ""))
