"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.exports import Export, declare


class Reports(AppConfig):
    """`leye.office.reports`."""

    name = "leye.office.reports"
    label = "reports"

    def ready(self) -> None:
        """Its tables speak of series and sums, never of a person."""
        declare(r"(reports|report-numbers-[0-9a-z-]+)\.csv", Export("aggregate"))
