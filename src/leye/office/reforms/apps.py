"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.exports import Export, declare


class Reforms(AppConfig):
    """`leye.office.reforms`."""

    name = "leye.office.reforms"
    label = "reforms"

    def ready(self) -> None:
        """Its tables hold sums only, small groups hidden; `name` is that of a scenario."""
        declare(r"reforms\.csv", Export("aggregate"))
        declare(r"reform-[a-z]+-[0-9a-f-]+\.csv", Export("aggregate"))
