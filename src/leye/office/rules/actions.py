"""A bureau's own rule: saved, signed by a second person, published, withdrawn. Each action: may they, lock, may it now, change, leave the traces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from leye.office.decisions.ledger import new_id, seal_event
from leye.office.grounds import reason_of
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.rules import refusals
from leye.office.rules.checking import check_text, load_beside, sha256_of, tidy, told_of
from leye.office.rules.folders import own_parent, write_pack
from leye.office.rules.models import RuleDraft, RuleStep, State
from leye.policy import shipped
from leye.policy.facts import REGION
from leye.policy.lookup import covers

LONGEST_TEXT = 200_000  # chosen by us: characters; the longest shipped policy has 12,000


def save_draft(
    text: str, *, acting_user: Any, at: datetime, draft_id: UUID | None = None, region: str = "", revision: int | None = None, reason: str = ""
) -> RuleDraft:
    """A new draft of a place, or the next text of one. The text may still be wrong; what is wrong is shown beside it.

    revision: the one that was read, for a change; a signed draft that is changed needs its signature anew.
    Raises NotAllowed (E_RULE_PLACE), BadInput (E_RULE_REGION, E_RULE_TEXT), Conflict (E_RULE_STEP, E_RULE_STALE), NotFound.
    """
    require(acting_user, "policy.rules.edit")
    if len(text) > LONGEST_TEXT:
        raise refusals.too_long(LONGEST_TEXT)
    words = tidy(text)
    if draft_id is None:
        return _created(words, region, acting_user, at, reason)
    with _locked(draft_id, acting_user, "policy.rules.edit") as draft:
        if not draft.is_open:
            raise refusals.step_refused(draft, "changing it")
        if revision is not None and revision != draft.revision:
            raise refusals.changed_meanwhile(draft)
        if words == draft.text:
            return draft
        draft.text, draft.text_sha256, draft.changed_at = words, sha256_of(words), at
        draft.policy, draft.name = told_of(words)
        draft.revision += 1
        draft.state, draft.signed_by, draft.signed_at, draft.signed_sha256 = State.DRAFT, None, None, ""
        draft.save()
        _step(draft, "saved", by=acting_user, at=at, reason=reason)
        return draft


def _created(text: str, region: str, acting_user: Any, at: datetime, reason: str) -> RuleDraft:
    if REGION.match(region) is None or region == "CN":
        raise refusals.region_unknown(region)
    if acting_user.region and not covers(f"CN-{acting_user.region}", region):
        raise refusals.other_place(region)
    policy, name = told_of(text)
    with transaction.atomic():
        draft = RuleDraft.objects.create(
            id=new_id(at),
            policy=policy,
            name=name,
            region=region,
            text=text,
            text_sha256=sha256_of(text),
            author=acting_user,
            created_at=at,
            changed_at=at,
        )
        _step(draft, "saved", by=acting_user, at=at, reason=reason)
        return draft


def sign_draft(draft_id: UUID, *, seen_sha256: str, acting_user: Any, at: datetime) -> RuleDraft:
    """Sign the text that was seen. Raises NotAllowed (E_RULE_OWN), Conflict (E_RULE_STEP, E_RULE_STALE), CheckFailed (E_RULE_CHECK)."""
    with _locked(draft_id, acting_user, "policy.rules.sign") as draft:
        if draft.state != State.DRAFT:
            raise refusals.step_refused(draft, "signing")
        if draft.author_id == acting_user.pk or draft.steps.filter(verb="saved", by=acting_user).exists():
            raise refusals.own_text()
        if seen_sha256 != draft.text_sha256:
            raise refusals.changed_meanwhile(draft)
        check_text(draft.text, draft.region, _data()).refuse()
        sealed = seal_event("rule.signed", at=at, draft=draft.pk, policy=draft.policy, region=draft.region, text=draft.text_sha256, by=acting_user.pk)
        draft.state, draft.signed_by, draft.signed_at, draft.signed_sha256 = State.SIGNED, acting_user, at, draft.text_sha256
        draft.save(update_fields=["state", "signed_by", "signed_at", "signed_sha256"])
        _step(draft, "signed", by=acting_user, at=at, leaf_index=sealed.leaf_index)
        return draft


def send_back(draft_id: UUID, *, reason: str, acting_user: Any, at: datetime) -> RuleDraft:
    """Say what is wrong with it; a signature falls."""
    why = reason_of(reason)
    with _locked(draft_id, acting_user, "policy.rules.sign") as draft:
        if not draft.is_open:
            raise refusals.step_refused(draft, "sending it back")
        draft.state, draft.signed_by, draft.signed_at, draft.signed_sha256 = State.DRAFT, None, None, ""
        draft.save(update_fields=["state", "signed_by", "signed_at", "signed_sha256"])
        _step(draft, "sent_back", by=acting_user, at=at, reason=why)
        return draft


def publish_draft(draft_id: UUID, *, acting_user: Any, at: datetime) -> RuleDraft:
    """Put the signed text into force: the next marks use it. What it replaces is kept as superseded.

    Raises Conflict (E_RULE_STEP, E_RULE_STALE, E_RULE_ID), CheckFailed (E_RULE_CHECK, E_RULE_BESIDE).
    """
    with _locked(draft_id, acting_user, "policy.rules.edit") as draft:
        if draft.state != State.SIGNED:
            raise refusals.step_refused(draft, "publishing")
        if draft.text_sha256 != draft.signed_sha256:
            raise refusals.changed_meanwhile(draft)
        _refuse_taken(draft)
        check_text(draft.text, draft.region, _data()).refuse()
        load_beside(draft.text, draft.policy, draft.region, _data())
        for old in RuleDraft.objects.select_for_update().filter(region=draft.region, policy=draft.policy, state=State.PUBLISHED):
            old.state = State.SUPERSEDED
            old.save(update_fields=["state"])
            _step(old, "superseded", by=acting_user, at=at)
        sealed = seal_event(
            "rule.published", at=at, draft=draft.pk, policy=draft.policy, region=draft.region, text=draft.text_sha256, by=acting_user.pk
        )
        draft.state, draft.published_by, draft.published_at = State.PUBLISHED, acting_user, at
        draft.save(update_fields=["state", "published_by", "published_at"])
        _step(draft, "published", by=acting_user, at=at, leaf_index=sealed.leaf_index)
        transaction.on_commit(lambda: write_region(draft.region))
        return draft


def withdraw_draft(draft_id: UUID, *, reason: str, acting_user: Any, at: datetime) -> RuleDraft:
    """Take it back, whether published or not; a published one is in force no more from the next marks on."""
    why = reason_of(reason)
    with _locked(draft_id, acting_user, "policy.rules.edit") as draft:
        if draft.state in (State.WITHDRAWN, State.SUPERSEDED):
            raise refusals.step_refused(draft, "withdrawing")
        was_published = draft.state == State.PUBLISHED
        draft.state = State.WITHDRAWN
        draft.save(update_fields=["state"])
        sealed = None
        if was_published:
            sealed = seal_event("rule.withdrawn", at=at, draft=draft.pk, policy=draft.policy, region=draft.region, by=acting_user.pk)
        _step(draft, "withdrawn", by=acting_user, at=at, reason=why, leaf_index=sealed.leaf_index if sealed else None)
        transaction.on_commit(lambda: write_region(draft.region))
        return draft


def write_region(region: str) -> Path:
    """Write a place's folder from what is published; may be called again at any time."""
    rows = RuleDraft.objects.filter(region=region, state=State.PUBLISHED)
    return write_pack(own_parent(_data()), region, {d.policy: d.text for d in rows})


def _refuse_taken(draft: RuleDraft) -> None:
    """A new policy's id belongs to one place; only national policies have versions in many."""
    if not draft.policy:
        raise refusals.no_policy()
    if draft.policy in shipped().policies:
        return
    other = RuleDraft.objects.filter(policy=draft.policy, state=State.PUBLISHED).exclude(region=draft.region).first()
    if other is not None:
        raise refusals.taken_elsewhere(other)


def _data() -> Path:
    return Path(settings.LEYE_DATA)


@contextmanager
def _locked(draft_id: UUID, acting_user: Any, permission: str) -> Iterator[RuleDraft]:
    """The draft, held until the transaction ends. Raises NotAllowed, NotFound."""
    require(acting_user, permission)
    with transaction.atomic():
        found = RuleDraft.objects.select_for_update(of=("self",)).filter(pk=draft_id).first()
        if found is None or not found.is_visible_to(acting_user):
            raise not_found()
        yield found


def _step(draft: RuleDraft, verb: str, *, by: Any, at: datetime, reason: str = "", leaf_index: int | None = None) -> None:
    """The step, the audit entry and the event."""
    RuleStep.objects.create(draft=draft, at=at, by=by, verb=verb, reason=reason[:500], text_sha256=draft.text_sha256, leaf_index=leaf_index)
    audit(f"rule.{verb}", on=draft, by=by, at=at, policy=draft.policy, region=draft.region, text=draft.text_sha256)
    emit(f"rule.{verb}", permission="policy.rules", at=at, draft_id=draft.pk, policy=draft.policy, state=draft.state)
