"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.encrypted import EncryptedColumn, register, uuid_bytes
from leye.office.privacy.exports import Export, declare


class Searches(AppConfig):
    """`leye.office.searches`."""

    name = "leye.office.searches"
    label = "searches"

    def ready(self) -> None:
        """What somebody looks for is encrypted; found jobs are public."""
        register(EncryptedColumn("searches", "searches.SavedSearch", "sealed", uuid_bytes))
        declare(r"jobs\.csv", Export("work"))
