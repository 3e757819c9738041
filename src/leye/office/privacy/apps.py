"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class Privacy(AppConfig):
    """`leye.office.privacy`."""

    name = "leye.office.privacy"
    label = "privacy"
