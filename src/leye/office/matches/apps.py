"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.encrypted import EncryptedColumn, register, uuid_bytes
from leye.office.privacy.exports import Export, declare


class Matches(AppConfig):
    """`leye.office.matches`."""

    name = "leye.office.matches"
    label = "matches"

    def ready(self) -> None:
        """What somebody answered and lists made by day are encrypted; lists of jobs name nobody, audit tables are sums with small groups hidden."""
        register(EncryptedColumn("matches", "matches.Answer", "sealed", uuid_bytes))
        register(EncryptedColumn("matches", "matches.OwnList", "sealed", uuid_bytes))
        register(EncryptedColumn("matches", "matches.Recommendation", "sealed", uuid_bytes))
        declare(r"thin-vacancies\.csv", Export("work"))
        declare(r"match-(rates|means|flips|probe)\.csv", Export("aggregate"))
