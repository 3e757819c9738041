"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.encrypted import EncryptedColumn, register, uuid_bytes


class Entitlements(AppConfig):
    """`leye.office.entitlements`."""

    name = "leye.office.entitlements"
    label = "entitlements"

    def ready(self) -> None:
        """Whom a row is about, and what people answer, is re-encrypted with the keys of its purpose."""
        for model, column in (("StatedFact", "sealed"), ("Claim", "sealed"), ("Contact", "sealed")):
            register(EncryptedColumn("entitlements", f"entitlements.{model}", column, uuid_bytes))
