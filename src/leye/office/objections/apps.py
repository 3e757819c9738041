"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class Objections(AppConfig):
    """`leye.office.objections`."""

    name = "leye.office.objections"
    label = "objections"
