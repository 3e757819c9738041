"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.exports import Export, declare


class Prospects(AppConfig):
    """`leye.office.prospects`."""

    name = "leye.office.prospects"
    label = "prospects"

    def ready(self) -> None:
        """The desk's list goes by the city's ids; calibration tables are sums with small groups hidden."""
        declare(r"help-list\.csv", Export("work"))
        declare(r"risk-(figures|bins|gaps|drift|overrides)\.csv", Export("aggregate"))
