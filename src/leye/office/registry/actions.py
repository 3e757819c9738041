"""The life of a version, step by step: assess, sign, file, launch, suspend, blacklist. Each step: may they, lock, may it now, change, audit, leaf."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import transaction

from leye.office.accounts.roles import Role
from leye.office.grounds import account_of
from leye.office.permissions import require
from leye.office.registry import refusals
from leye.office.registry.copies import running_copies, twin_of
from leye.office.registry.models import Signature, Transition, Version
from leye.office.registry.paper_hashes import paper_hash
from leye.office.registry.sealed import locked_version, move, record
from leye.office.registry.shipped import install_cards
from leye.trust.registry import STATES, Standing, step_of

MANDATE = "职工代表"

__all__ = ["assess", "blacklist", "file", "install_cards", "launch", "sign", "standing_of", "suspend"]


def assess(version_id: int, *, reason: str, acting_user: Any, at: datetime, document: str = "") -> Transition:
    """Hand in the self-assessment; begins a new round, whose review is signed anew. document: hash of an own report, else of the rendered one."""
    with _locked(version_id, acting_user, "registry.edit") as version:
        step = step_of("assess", standing_of(version))
        _refuse_twin(version)
        why = account_of(reason)
        if version.state == "blacklisted" and acting_user.role != Role.ADMIN:
            raise refusals.only_by("黑名单上的版本由管理员验收后重新评估", "a blacklisted version is accepted by an administrator")
        version.round += 1
        version.filing_number, version.filed_on, version.expires_on = "", None, None
        return move(version, "assess", step.end, by=acting_user, at=at, why=why, document=document or paper_hash(version, "assessment"))


def sign(version_id: int, *, acting_user: Any, at: datetime, note: str = "") -> Signature:
    """Sign the review before launch, for one's side. Raises NotAllowed (E_REGISTRY_MANDATE), Conflict (E_REGISTRY_SIGNED, E_REGISTRY_STEP)."""
    with _locked(version_id, acting_user, "registry.sign") as version:
        if version.state not in {"assessed", "filed"}:
            raise refusals.nothing_to_sign(version)
        side = side_of(acting_user)
        there = version.signatures.filter(round=version.round)
        other = there.select_related("by").filter(side=side).first() or there.select_related("by").filter(by=acting_user).first()
        if other is not None:
            raise refusals.signed_already(str(other.by))
        document = paper_hash(version, "assessment")
        leaf = record("signed", version, by=acting_user, at=at, why=note, side=side, round=version.round, document=document)
        return Signature.objects.create(
            version=version, round=version.round, side=side, by=acting_user, mandate=acting_user.mandate, note=note.strip()[:2000],
            document_hash=document, at=at, leaf_index=leaf,
        )  # fmt: skip


def file(
    version_id: int, *, number: str, on: date | None, expires_on: date | None = None, reason: str, acting_user: Any, at: datetime, document: str = ""
) -> Transition:
    """Record the filing: its number, or the day on which it was handed in. Raises Conflict (E_REGISTRY_UNFILED, E_REGISTRY_STEP)."""
    with _locked(version_id, acting_user, "registry.edit") as version:
        version.filing_number, version.filed_on, version.expires_on = number.strip()[:60], on, expires_on
        step = step_of("file", standing_of(version))
        _refuse_twin(version)
        why = account_of(reason)
        return move(version, "file", step.end, by=acting_user, at=at, why=why, document=document or paper_hash(version, "filing"))


def launch(version_id: int, *, reason: str, acting_user: Any, at: datetime) -> Transition:
    """Start running, filed and signed by both sides; or in a sandbox before the filing. Raises Conflict with what is missing."""
    with _locked(version_id, acting_user, "registry.edit") as version:
        step = step_of("launch", standing_of(version))
        _refuse_twin(version)
        done = move(version, "launch", step.end, by=acting_user, at=at, why=account_of(reason), document=paper_hash(version, "notice"))
        _retire_replaced(version, acting_user, at)
        return done


def suspend(version_id: int, *, reason: str, acting_user: Any, at: datetime, document: str = "") -> Transition:
    """Stop it: from now on the gate refuses every outcome of it."""
    with _locked(version_id, acting_user, "registry.suspend") as version:
        step = step_of("suspend", standing_of(version))
        done = move(version, "suspend", step.end, by=acting_user, at=at, why=account_of(reason), document=document)
        _stop_copies(version, step.end, acting_user, at)
        return done


def blacklist(version_id: int, *, reason: str, acting_user: Any, at: datetime, document: str = "") -> Transition:
    """Put it on the blacklist: its code comes in under no other name, its owner gets no subsidies. Not for operators, who may own it."""
    with _locked(version_id, acting_user, "registry.suspend") as version:
        if acting_user.role not in {Role.ADMIN, Role.AUDITOR}:
            raise refusals.only_by("列入黑名单由管理员或审计员决定", "an administrator or auditor decides on the blacklist")
        step = step_of("blacklist", standing_of(version))
        done = move(version, "blacklist", step.end, by=acting_user, at=at, why=account_of(reason), document=document)
        _stop_copies(version, step.end, acting_user, at)
        return done


def side_of(user: Any) -> str:
    """For whom somebody signs: auditors with the mandate for the workers, admins and operators for the other side. Raises NotAllowed."""
    if user.role != Role.AUDITOR:
        return "operator"
    if MANDATE not in user.mandate:
        raise refusals.no_mandate()
    return "workers"


def standing_of(version: Version) -> Standing:
    """What the table of states asks for."""
    signed = frozenset(version.signatures.filter(round=version.round).values_list("side", flat=True))
    sandbox = getattr(version, "sandbox", None)
    return Standing(version.state, signed, version.filing_number, version.filed_on, sandbox is not None and not sandbox.verdict)


def _refuse_twin(version: Version) -> None:
    """A copy that came in before its original was barred goes no further."""
    twin = twin_of(version)
    if twin is not None:
        raise refusals.barred(twin)


def _retire_replaced(version: Version, by: Any, at: datetime) -> None:
    """Earlier versions of the product's own algorithm whose code is no longer installed: what is not there does not run."""
    if version.is_own and version.is_installed:
        for old in Version.objects.select_for_update().filter(algo=version.algo, is_own=True, is_installed=False, state="running").order_by("pk"):
            move(old, "suspend", "suspended", by=by, at=at, why=f"代码已由 {version} 接替", document="")


def _stop_copies(version: Version, state: str, by: Any, at: datetime) -> None:
    """What runs the same code stops with it."""
    for copy in running_copies(version, state=state):
        move(copy, "suspend", "suspended", by=by, at=at, why=f"与{STATES[state][0]}的 {version} 是同一份代码", document="")


@contextmanager
def _locked(version_id: int, user: Any, permission: str) -> Iterator[Version]:
    require(user, permission)
    with transaction.atomic():
        yield locked_version(version_id)
