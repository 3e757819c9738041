"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class Alerts(AppConfig):
    """`leye.office.alerts`."""

    name = "leye.office.alerts"
    label = "alerts"
