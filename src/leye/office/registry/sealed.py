"""What every change of the register leaves behind: an audit entry, an event, a leaf of the log. Called inside the transaction of the change."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from leye.office.decisions.ledger import seal_event
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found
from leye.office.registry.models import Revision, Transition, Version


def record(kind: str, version: Version, *, by: Any, at: datetime, why: str = "", **detail: object) -> int:
    """Audit, event and leaf of `registry.<kind>`; returns the place of the leaf.

    why: free text, of which only the hash is sealed, because people write names into it. detail: codes, ids and hashes.
    """
    told = {"algo": version.algo, "version": version.version, **detail}
    audit(f"registry.{kind}", on=version, by=by, at=at, **told)
    emit(f"registry.{kind}", permission="registry.view", at=at, **told)
    sealed = seal_event(
        f"registry.{kind}",
        at=at,
        identity=version.version_hash,
        card=version.card_hash,
        by=by.pk if by is not None else None,
        role=by.role if by is not None else None,
        why=text_hash(why) if why else None,
        **told,
    )
    return sealed.leaf_index


def move(version: Version, verb: str, to_state: str, *, by: Any, at: datetime, why: str, document: str) -> Transition:
    """Put a version into a state and leave the traces. document: hash of the paper that the step rests on. The caller has asked the states' table."""
    from_state = version.state if version.pk and version.transitions.exists() else ""
    version.state, version.state_since = to_state, at
    version.save()
    leaf = record("transition", version, by=by, at=at, why=why, step=verb, from_state=from_state, to_state=to_state, document=document)
    return Transition.objects.create(
        version=version, at=at, by=by, verb=verb, from_state=from_state, to_state=to_state, reason=why, document_hash=document, leaf_index=leaf
    )


def locked_version(version_id: int) -> Version:
    """A version for one transaction. Raises NotFound.

    Changes of the register go one after the other: first the register's turn, then rows, then the log's turn, in this order everywhere; with any
    other order two of them would wait for each other.
    """
    Revision.hold()
    version = Version.objects.select_for_update().filter(pk=version_id).first()
    if version is None:
        raise not_found()
    return version


def text_hash(text: str) -> str:
    """SHA-256 of a text, hex."""
    return hashlib.sha256(text.encode()).hexdigest()
