"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.exports import Export, declare


class Programmes(AppConfig):
    """`leye.office.programmes`."""

    name = "leye.office.programmes"
    label = "programmes"

    def ready(self) -> None:
        """Figures and prices are sums; the placements are the list that officers work through, by the city's ids."""
        declare(r"programme-plans\.csv", Export("aggregate"))
        declare(r"programme-prices-[0-9a-f-]+\.csv", Export("aggregate"))
        declare(r"programme-balance-[0-9a-f-]+\.csv", Export("aggregate"))
        declare(r"placements-[0-9a-f-]+\.csv", Export("work"))
