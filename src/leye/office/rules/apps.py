"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class Rules(AppConfig):
    """`leye.office.rules`."""

    name = "leye.office.rules"
    label = "rules"
