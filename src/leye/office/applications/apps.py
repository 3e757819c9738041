"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.encrypted import EncryptedColumn, register, uuid_bytes


class Applications(AppConfig):
    """`leye.office.applications`."""

    name = "leye.office.applications"
    label = "applications"

    def ready(self) -> None:
        """Who applies, who was shown to whom, and what is said are re-encrypted with the keys of their purpose."""
        for model in ("Application", "Step", "Candidate"):
            register(EncryptedColumn("applications", f"applications.{model}", "sealed", uuid_bytes))
