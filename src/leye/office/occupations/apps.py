"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.exports import Export, declare


class Occupations(AppConfig):
    """`leye.office.occupations`."""

    name = "leye.office.occupations"
    label = "occupations"

    def ready(self) -> None:
        """Titles and codes are about posts, not about people."""
        declare(r"occupations?(-(table|queue|corrections|calendar|newcomers))?\.csv", Export("aggregate"))
