"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class Decisions(AppConfig):
    """`leye.office.decisions`."""

    name = "leye.office.decisions"
    label = "decisions"
