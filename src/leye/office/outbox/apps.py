"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class Outbox(AppConfig):
    """`leye.office.outbox`."""

    name = "leye.office.outbox"
    label = "outbox"
