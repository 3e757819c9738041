"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.encrypted import EncryptedColumn, register, uuid_bytes


class Profiles(AppConfig):
    """`leye.office.profiles`."""

    name = "leye.office.profiles"
    label = "profiles"

    def ready(self) -> None:
        """Résumés and profiles are re-encrypted with their keys."""
        register(EncryptedColumn("profiles", "profiles.Resume", "sealed", uuid_bytes))
        register(EncryptedColumn("profiles", "profiles.Version", "sealed", uuid_bytes))
