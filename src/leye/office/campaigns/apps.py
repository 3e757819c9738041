"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

from leye.office.privacy.encrypted import EncryptedColumn, register, uuid_bytes
from leye.office.privacy.exports import Export, declare


class Campaigns(AppConfig):
    """`leye.office.campaigns`."""

    name = "leye.office.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        """Who is placed is encrypted; accounts are sums with small groups hidden, the list of invitations is what a counsellor works through."""
        register(EncryptedColumn("campaigns", "campaigns.Campaign", "sealed", uuid_bytes))
        register(EncryptedColumn("campaigns", "campaigns.Invitation", "sealed", uuid_bytes))
        declare(r"campaigns\.csv", Export("aggregate"))
        declare(r"campaign-account-[0-9a-f-]+\.csv", Export("aggregate"))
        declare(r"campaign-invitations-[0-9a-f-]+\.csv", Export("work"))
