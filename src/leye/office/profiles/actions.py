"""From the upload to the confirmed profile, and back. Each action: may they, change, traces – in one transaction. No trace holds a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.kernel.clock import beijing_day
from leye.kernel.decision import Subject
from leye.match.profile import FIELDS, Claim
from leye.match.resumes.documents import Document, cleaned, read_document
from leye.office.decisions.ledger import new_id
from leye.office.decisions.subjects import subject_key
from leye.office.entitlements.persons import check_grid
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.profiles import refusals
from leye.office.profiles.models import Profile, Resume, Version
from leye.office.profiles.queries import claims_in_force
from leye.office.profiles.sealing import claims_json, seal

AUDIENCES = ("match", "employer", "counsellor")
"""Who may be allowed to use a field: the matching, employers, counsellors."""
PAPERED = ("certificates", "education", "major", "skill_grade", "trainings", "languages")
"""Fields that a paper attests. # chosen by us: what schools and examiners sign; years of work and wishes have no original"""
MOST_CLAIMS = 300
MOST_RESUMES = 10
"""Documents kept a person; the oldest that no version cites goes. # chosen by us"""


def hand_in(name: str, data: bytes, text: str, *, acting_user: Any, at: datetime) -> Resume:
    """Keep a document, or a pasted text, encrypted; nothing of it counts before it is confirmed. Raises BadInput (E_RESUME_…)."""
    require(acting_user, "profiles.own")
    if not data and not text.strip():
        raise refusals.no_text()
    document = read_document(name, data) if data else read_document("text.txt", cleaned(text).encode())
    with transaction.atomic():
        made = new_id(at)
        resume = Resume.objects.create(id=made, owner=acting_user, at=at, sealed=seal(made, _body(name if data else "", data, document)))
        for old in Resume.objects.filter(owner=acting_user)[MOST_RESUMES:]:
            old.delete()
        audit("resume.handed_in", on=resume, by=acting_user, at=at, bytes=len(data), pages=document.pages)
        emit("resume.handed_in", at=at, resume_id=resume.pk)
    return resume


def _body(name: str, data: bytes, document: Document) -> dict[str, Any]:
    return {"name": name[:200], "file": data, "text": document.text, "pages": document.pages, "notes": list(document.notes)}


def confirm(
    claims: Iterable[Claim], *, acting_user: Any, at: datetime, resume_id: UUID | None = None, seen: int | None = None,
    shared: Mapping[str, Iterable[str]] | None = None,
) -> Version:  # fmt: skip
    """Save what the person confirmed as the next version.

    seen: number of the version that the person looked at; another one now raises Conflict (E_PROFILE_CHANGED) · shared: as in `share`.
    Raises BadInput (E_PROFILE_SIZE), NotFound for a document of somebody else.
    """
    require(acting_user, "profiles.own")
    kept = list(claims)
    if len(kept) > MOST_CLAIMS:
        raise refusals.too_many()
    with transaction.atomic():
        profile = _locked(acting_user, at)
        if seen is not None and seen != profile.number:
            raise refusals.changed_meanwhile(profile.number)
        if resume_id is not None and not Resume.objects.filter(pk=resume_id, owner=acting_user).exists():
            raise not_found()
        last = Version.objects.filter(owner=acting_user).first()
        made = new_id(at)
        version = Version.objects.create(
            id=made, owner=acting_user, number=(last.number if last else 0) + 1, at=at, sealed=seal(made, claims_json(kept)), resume_id=resume_id
        )
        profile.number, profile.is_active, profile.changed_at = version.number, True, at
        if shared is not None:
            profile.shared = _checked(shared)
        profile.save()
        audit("profile.confirmed", on=profile, by=acting_user, at=at, number=version.number, claims=len(kept))
        emit("profile.confirmed", at=at, owner=acting_user.pk, number=version.number)
    return version


def attest(person_id: str, field: str, value: str, *, acting_user: Any, at: datetime) -> Version:
    """A counsellor saw the original of a claim: it becomes the next version with the evidence `certificate`. The person can put the former one back.

    Only people of one's own grids, and only what they show to counsellors. value: as the claim's value reads as text. Raises NotAllowed, NotFound
    alike for other people and for what is not shown, BadInput (E_PROFILE_ORIGINAL) for a field that no paper attests.
    """
    require(acting_user, "profiles.attest")
    check_grid(acting_user, person_id)
    if field not in PAPERED:
        raise refusals.no_original()
    with transaction.atomic():
        profile = Profile.objects.select_for_update(of=("self",)).filter(owner__subject=person_id, is_active=True).first()
        claims = claims_in_force(profile) if profile is not None and "counsellor" in profile.shared.get(field, []) else []
        seen = [c for c in claims if c.field == field and str(c.value) == value]
        if profile is None or not seen:
            raise not_found()
        made, last = new_id(at), Version.objects.filter(owner=profile.owner_id).first()
        raised = [replace(c, evidence="certificate") if c in seen else c for c in claims]
        version = Version.objects.create(
            id=made, owner=profile.owner, number=(last.number if last else 0) + 1, at=at, sealed=seal(made, claims_json(raised))
        )
        profile.number, profile.changed_at = version.number, at
        profile.save()
        audit("profile.attested", on=profile, by=acting_user, at=at, number=version.number, field=field, seen_on=beijing_day(at).isoformat())
        emit("profile.attested", at=at, owner=profile.owner_id, number=version.number)
    return version


def restore(number: int, *, acting_user: Any, at: datetime) -> Profile:
    """Put a former version back in force; the later ones stay and can be put back in their turn. Raises NotFound."""
    require(acting_user, "profiles.own")
    with transaction.atomic():
        profile = _locked(acting_user, at)
        if not Version.objects.filter(owner=acting_user, number=number).exists():
            raise not_found()
        profile.number, profile.is_active, profile.changed_at = number, True, at
        profile.save()
        audit("profile.restored", on=profile, by=acting_user, at=at, number=number)
        emit("profile.restored", at=at, owner=acting_user.pk, number=number)
    return profile


def share(shared: Mapping[str, Iterable[str]], *, acting_user: Any, at: datetime) -> Profile:
    """Set which audiences may use which field; a field that is not named is for nobody. Unknown fields and audiences are left out."""
    require(acting_user, "profiles.own")
    with transaction.atomic():
        profile = _locked(acting_user, at)
        profile.shared, profile.changed_at = _checked(shared), at
        profile.save()
        audit("profile.shared", on=profile, by=acting_user, at=at, **{a: sum(a in v for v in profile.shared.values()) for a in AUDIENCES})
        emit("profile.shared", at=at, owner=acting_user.pk)
    return profile


def withdraw(*, acting_user: Any, at: datetime) -> Profile:
    """Stop all use; nothing is deleted, and confirming or putting back a version starts it again."""
    require(acting_user, "profiles.own")
    with transaction.atomic():
        profile = _locked(acting_user, at)
        profile.is_active, profile.changed_at = False, at
        profile.save()
        audit("profile.withdrawn", on=profile, by=acting_user, at=at)
        emit("profile.withdrawn", at=at, owner=acting_user.pk)
    return profile


def delete(*, acting_user: Any, at: datetime) -> int:
    """Delete every document and version for good; returns how many. That it was done stays in the audit, nothing of what it held."""
    require(acting_user, "profiles.own")
    with transaction.atomic():
        profile = _locked(acting_user, at)
        versions, _kinds = Version.objects.filter(owner=acting_user).delete()
        resumes, _kinds = Resume.objects.filter(owner=acting_user).delete()
        profile.number, profile.shared, profile.is_active, profile.changed_at = 0, {}, False, at
        profile.save()
        _forget_list(acting_user)
        audit("profile.deleted", on=profile, by=acting_user, at=at, versions=versions, resumes=resumes)
        emit("profile.deleted", at=at, owner=acting_user.pk)
    return versions + resumes


def _locked(user: Any, at: datetime) -> Profile:
    Profile.objects.get_or_create(owner=user, defaults={"changed_at": at})
    return Profile.objects.select_for_update().get(owner=user)


def _forget_list(user: Any) -> None:
    """The list made by day cites the profile, so it goes with it."""
    from leye.office.matches.models import OwnList  # matching reads profiles; only this one line looks back

    if user.subject:
        OwnList.objects.filter(subject_key=subject_key(Subject("person", user.subject))).delete()


def _checked(shared: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    said = {field: [a for a in AUDIENCES if a in set(shared[field])] for field in FIELDS if field in shared}
    return {field: audiences for field, audiences in said.items() if audiences}
