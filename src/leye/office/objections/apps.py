"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.encrypted import EncryptedColumn, register, uuid_bytes


class Objections(AppConfig):
    """`leye.office.objections`."""

    name = "leye.office.objections"
    label = "objections"

    def ready(self) -> None:
        """What people say in an objection is re-encrypted with its keys."""
        register(EncryptedColumn("objections", "objections.Step", "words_sealed", uuid_bytes))
