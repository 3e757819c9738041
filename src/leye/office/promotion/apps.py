"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.encrypted import EncryptedColumn, register, uuid_bytes


class Promotion(AppConfig):
    """`leye.office.promotion`."""

    name = "leye.office.promotion"
    label = "promotion"

    def ready(self) -> None:
        """Who is on a list is re-encrypted with its keys."""
        register(EncryptedColumn("promotion", "promotion.Recipient", "sealed", uuid_bytes))
