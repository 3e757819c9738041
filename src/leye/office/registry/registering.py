"""A card enters the register as a draft: read, linted, told apart from what is barred, written down."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from leye.office.permissions import require
from leye.office.registry import refusals
from leye.office.registry.copies import barred_twin
from leye.office.registry.models import Revision, Version
from leye.office.registry.sealed import move, text_hash
from leye.trust.registry import Card, Identity, Source, card_of, identity_of, lint, refuse_errors
from leye.trust.registry.identity import file_hashes
from leye.trust.registry.lined_yaml import read_lined
from leye.trust.registry.reading import CODE


def register_version(text: str, sources: Sequence[Source], *, file: str, acting_user: Any, at: datetime) -> Version:
    """Register a card as a draft. text: the card's YAML · sources: its code, or the operator's statement · file: name for messages.

    Raises BadInput (E_CARD), CheckFailed (E_CARD_LINT, E_REGISTRY_BARRED), Conflict (E_REGISTRY_THERE), NotAllowed.
    """
    require(acting_user, "registry.edit")
    return enter(text, sources, file=file, by=acting_user, at=at)


def enter(text: str, sources: Sequence[Source], *, file: str, by: Any, at: datetime, label: str = "", **fields: Any) -> Version:
    """The same without asking who; for cards that the product ships. label: version to register under when the card's own is taken."""
    document = read_lined(text, file=file, code=CODE)
    card = card_of(document)
    refuse_errors(card.algo, lint(card, document, sources))
    identity = identity_of(card, sources)
    with transaction.atomic():
        Revision.hold()  # two desks may hand in the same card at once
        _refuse_known(card, label or card.version, identity, file_hashes(sources))
        version = _version(card, text, identity, label or card.version, at)
        version.file_hashes, version.registered_by = file_hashes(sources), by
        for name, value in fields.items():
            setattr(version, name, value)
        move(version, "register", "draft", by=by, at=at, why="登记", document=version.card_hash)
    return version


def card_of_version(version: Version) -> Card:
    """The card as registered."""
    return _card(version.card_text)


@lru_cache(maxsize=64)
def _card(text: str) -> Card:
    return card_of(read_lined(text, file="card", code=CODE))


def _refuse_known(card: Card, label: str, identity: Identity, files: dict[str, int]) -> None:
    """A barred version's code comes in under no name; nor does the same thing twice."""
    twin = barred_twin(algo=card.algo, version_hash=identity.version_hash, code_hash=identity.code_hash, files=files)
    if twin is not None:
        raise refusals.barred(twin)
    there = Version.objects.filter(version_hash=identity.version_hash).first() or Version.objects.filter(algo=card.algo, version=label).first()
    if there is not None:
        raise refusals.there_already(there)


def _version(card: Card, text: str, identity: Identity, label: str, at: datetime) -> Version:
    body = json.loads(json.dumps(asdict(card), cls=DjangoJSONEncoder))
    return Version(
        algo=card.algo,
        version=label,
        name_zh=card.name.zh,
        name_en=card.name.en,
        kind=card.kind,
        risk=card.risk,
        owner=card.owner.org.zh,
        owner_id=card.owner.org_id,
        card=body,
        card_text=text,
        card_hash=text_hash(json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))),
        code_hash=identity.code_hash,
        config_hash=identity.config_hash,
        version_hash=identity.version_hash,
        state_since=at,
        registered_at=at,
    )
