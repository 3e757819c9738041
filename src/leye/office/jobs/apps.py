"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig


class Jobs(AppConfig):
    """`leye.office.jobs`."""

    name = "leye.office.jobs"
    label = "jobs"
