"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class Measures(AppConfig):
    """`leye.office.measures`."""

    name = "leye.office.measures"
    label = "measures"
