"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.encrypted import EncryptedColumn, register, uuid_bytes


class Review(AppConfig):
    """`leye.office.review`."""

    name = "leye.office.review"
    label = "review"

    def ready(self) -> None:
        """Proposals of referred cases are re-encrypted with the evidence of decisions."""
        register(EncryptedColumn("decision_evidence", "review.Proposal", "sealed", uuid_bytes))
