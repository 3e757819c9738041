"""Profiles as their owner, a counsellor and the matching read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from leye.kernel.decision import Subject
from leye.kernel.errors import NotFound
from leye.match.profile import Claim
from leye.match.profile_reading import claims_of
from leye.match.resumes.parse import parse_resume
from leye.match.slots import Slot
from leye.office.permissions import can, not_found, require
from leye.office.profiles.models import Profile, Resume, Version
from leye.office.profiles.sealing import claims_from, opened


@dataclass(frozen=True, slots=True)
class Shown:
    """A profile in clear. number 0: none yet · shared: field to audiences · versions: newest first."""

    number: int
    is_active: bool
    claims: list[Claim]
    shared: dict[str, list[str]]
    versions: list[Version]
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Read:
    """A document in clear with what was read in it."""

    resume: Resume
    name: str
    text: str
    notes: list[str]
    slots: list[Slot]
    claims: list[Claim]


def own_profile(user: Any) -> Shown:
    """One's own; an empty one before anything was confirmed."""
    require(user, "profiles.own")
    profile = Profile.objects.filter(owner=user).first()
    if profile is None:
        return Shown(0, False, [], {}, [], None)
    versions = list(Version.objects.filter(owner=user).defer("sealed"))
    return Shown(profile.number, profile.is_active, claims_in_force(profile), profile.shared, versions, profile.changed_at)


def claims_in_force(profile: Profile) -> list[Claim]:
    """Claims of the version in force; none before the first."""
    version = Version.objects.filter(owner_id=profile.owner_id, number=profile.number).first()
    return claims_from(opened(version.pk, version.sealed)) if version else []


def own_resumes(user: Any) -> list[tuple[Resume, str]]:
    """One's documents, newest first, each with its name."""
    require(user, "profiles.own")
    return [(r, opened(r.pk, r.sealed)["name"]) for r in Resume.objects.filter(owner=user)]


def own_resume(user: Any, resume_id: UUID) -> Read:
    """One document with what is read in it. Raises NotFound alike for none and for somebody else's."""
    require(user, "profiles.own")
    resume = Resume.objects.filter(pk=resume_id, owner=user).first()
    if resume is None:
        raise not_found()
    body = opened(resume.pk, resume.sealed)
    slots = parse_resume(body["text"])
    return Read(resume, body["name"], body["text"], body["notes"], slots, [*targets_of(slots), *claims_of(slots)])


def targets_of(slots: Iterable[Slot]) -> list[Claim]:
    """Occupations of the titles that a résumé wishes for, where the coder is sure; the person confirms them like the rest."""
    read = [(s, target_code(str(s.value))) for s in slots if s.slot == "target_title"]
    first = {code: Claim("target_codes", code, start=s.start, end=s.end) for s, code in reversed(read) if code is not None}
    return sorted(first.values(), key=lambda c: c.start or 0)


def target_code(title: str) -> str | None:
    """The occupation of a title as people write it, by the coder and the corrections that stand; None where the coder would ask."""
    from leye.office.vacancies.parsing import code_title

    coded = code_title(title[:60])
    return coded[0].code if coded and not coded[0].abstain else None


def person_profile(user: Any, person_id: str, at: datetime) -> list[Claim]:
    """What a person lets counsellors see; the read is recorded for `case_work`.

    Raises NotFound outside the reader's district and where nothing is shared.
    """
    from leye.office.privacy.reads import file_row, log_read, region_of

    require(user, "profiles.view")
    row = file_row(person_id, ("region",))
    if row is None or (user.region and region_of(row) != user.region):
        raise not_found()
    profile = Profile.objects.filter(owner__subject=person_id, is_active=True).first()
    claims = [c for c in claims_in_force(profile) if "counsellor" in profile.shared.get(c.field, [])] if profile else []
    if not claims:
        raise not_found()
    log_read(user, Subject("person", person_id), "case_work", sorted({c.field for c in claims}), at)
    return [replace(c, start=None, end=None) for c in claims]  # the document itself is not shown


def may_attest(user: Any, person_id: str) -> bool:
    """Whether somebody may say that they saw a person's originals: counsellors, of people of their own grids."""
    from leye.office.entitlements.persons import check_grid

    try:
        check_grid(user, person_id)
    except NotFound:
        return False
    return can(user, "profiles.attest")


def has_shared_profile(person_id: str) -> bool:
    """Whether a person shows counsellors anything; says no word of what."""
    profile = Profile.objects.filter(owner__subject=person_id, is_active=True, number__gt=0).first()
    return profile is not None and any("counsellor" in audiences for audiences in profile.shared.values())


def counsellor_fields(person_id: str) -> frozenset[str] | None:
    """Fields that a person shows to counsellors; None for whoever has no profile here, of whom counsellors know the registers."""
    profile = Profile.objects.filter(owner__subject=person_id).first()
    return None if profile is None else frozenset(f for f, audiences in profile.shared.items() if "counsellor" in audiences)


def employer_fields(people: Collection[str]) -> dict[str, frozenset[str]]:
    """Fields that each person shows to employers. Whoever has no profile here was never asked and shows none; whoever withdrew theirs is absent."""
    said: dict[str, frozenset[str]] = dict.fromkeys(people, frozenset())
    for profile in Profile.objects.filter(owner__subject__in=list(people)).select_related("owner"):
        if not profile.is_active:
            said.pop(profile.owner.subject, None)
        else:
            said[profile.owner.subject] = frozenset(f for f, audiences in profile.shared.items() if "employer" in audiences)
    return said
