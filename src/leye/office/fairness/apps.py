"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class Fairness(AppConfig):
    """`leye.office.fairness`."""

    name = "leye.office.fairness"
    label = "fairness"
