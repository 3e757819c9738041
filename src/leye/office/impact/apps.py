"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.exports import Export, declare


class Impact(AppConfig):
    """`leye.office.impact`."""

    name = "leye.office.impact"
    label = "impact"

    def ready(self) -> None:
        """Its tables hold shares and sums over shown cells, and projects of firms."""
        declare(r"impact(-[a-z]+)*(-[0-9a-f-]{36})?\.csv", Export("aggregate"))
