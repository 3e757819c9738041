"""Who is placed, encrypted and bound to its row."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from leye.office.campaigns.models import Campaign, Invitation
from leye.office.privacy.keyring import keyring

PURPOSE = "campaigns"


def sealed(name: UUID, said: dict[str, Any]) -> bytes:
    """JSON, encrypted."""
    return keyring(PURPOSE).encrypt(json.dumps(said, ensure_ascii=False).encode(), name.bytes)


def outcomes_of(campaign: Campaign) -> dict[str, Any]:
    """`computing.Computed.outcomes`, in clear. Whoever shows it to staff records the read."""
    return opened(campaign.pk, campaign.sealed)


def person_of(invitation: Invitation) -> str:
    """Id of the person."""
    return str(opened(invitation.pk, invitation.sealed)["person"])


def opened(name: UUID, column: bytes | memoryview) -> dict[str, Any]:
    """What `sealed` closed."""
    said: dict[str, Any] = json.loads(keyring(PURPOSE).decrypt(bytes(column), name.bytes))
    return said
