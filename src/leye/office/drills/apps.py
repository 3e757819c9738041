"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.exports import Export, declare


class Drills(AppConfig):
    """`leye.office.drills`."""

    name = "leye.office.drills"
    label = "drills"

    def ready(self) -> None:
        """Its table speaks of series, never of a person."""
        declare(r"replay-[0-9a-f-]+\.csv", Export("aggregate"))
