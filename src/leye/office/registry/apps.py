"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class Registry(AppConfig):
    """`leye.office.registry`."""

    name = "leye.office.registry"
    label = "registry"
