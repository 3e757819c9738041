"""Packs, policies and drafts as pages and API read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from leye.office.permissions import can, not_found, require
from leye.office.rules.active import active_packs, own_folders
from leye.office.rules.folders import files_on_disk
from leye.office.rules.models import OPEN, RuleDraft, State
from leye.policy import PackSet, Policy, Version
from leye.policy.lint import Bases, Finding, lint
from leye.policy.pack import Pack


@dataclass(frozen=True, slots=True)
class PackRow:
    """One pack: how many policies have a version in it, how many values of places it holds, whether the bureau wrote it."""

    pack: Pack
    policies: int
    values: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One policy of the packs in force: the version of today in its widest region, how many versions and cases, who has it."""

    policy: Policy
    current: Version | None
    cases: int
    regions: tuple[str, ...]
    packs: tuple[str, ...]


def data_folder() -> Path:
    """Where this office's files lie."""
    return Path(settings.LEYE_DATA)


def packs_here() -> PackSet:
    """The packs in force here."""
    return active_packs(data_folder())


def pack_rows(user: Any) -> list[PackRow]:
    """All packs, the bureau's own last."""
    require(user, "policy.rules")
    packs, own = packs_here(), {f.resolve() for f in own_folders(data_folder())}
    return [
        PackRow(
            pack,
            sum(any(v.pack == pack.id for v in p.versions) for p in packs.policies.values()),
            sum(v.place.file is not None and v.place.file.startswith(f"{pack.folder.name}/") for p in packs.parameters.values() for v in p.values),
            pack.folder.resolve() in own,
        )
        for pack in packs.packs
    ]


def policy_rows(user: Any, on: date) -> list[PolicyRow]:
    """All policies, in order of their ids."""
    require(user, "policy.rules")
    packs = packs_here()
    beside: dict[str, int] = {}
    for case in packs.cases:
        beside[case.policy] = beside.get(case.policy, 0) + 1
    return [_policy_row(p, on, len(p.cases) + beside.get(p.id, 0)) for p in packs.policies.values()]


def _policy_row(policy: Policy, on: date, cases: int) -> PolicyRow:
    standing = sorted((v for v in policy.versions if v.in_force(on)), key=lambda v: len(v.region))
    regions = tuple(dict.fromkeys(v.region for v in policy.versions))
    return PolicyRow(policy, standing[0] if standing else None, cases, regions, tuple(dict.fromkeys(v.pack for v in policy.versions)))


def policy_called(user: Any, policy: str) -> Policy:
    """One policy. Raises NotFound."""
    require(user, "policy.rules")
    found = packs_here().policies.get(policy)
    if found is None:
        raise not_found()
    return found


def checked_pack(user: Any, pack: str) -> list[Finding]:
    """What lint says of a pack in force; kept until a file of it changes. Raises NotFound."""
    require(user, "policy.rules")
    folder = next((p.folder for p in packs_here().packs if p.id == pack), None)
    if folder is None:
        raise not_found()
    return _linted(folder, _print_of(folder))


def _print_of(folder: Path) -> tuple[tuple[str, int, int], ...]:
    return tuple((f.name, f.stat().st_mtime_ns, f.stat().st_size) for f in sorted(folder.rglob("*")) if f.is_file())


@lru_cache(maxsize=64)
def _linted(folder: Path, _print: tuple[tuple[str, int, int], ...]) -> list[Finding]:
    return lint(folder, _BASES)


_BASES: Bases = {}


def visible(user: Any) -> QuerySet[RuleDraft]:
    """Drafts and published rules, newest change first."""
    require(user, "policy.rules")
    return RuleDraft.objects.select_related("author", "signed_by", "published_by")


def drafts(user: Any, *, state: str = "") -> list[RuleDraft]:
    """What this user may see: in one state, else whatever is open or in force."""
    wanted = [state] if state in State.values else [*OPEN, State.PUBLISHED]
    return [d for d in visible(user).filter(state__in=wanted) if d.is_visible_to(user)]


def draft_called(user: Any, draft_id: UUID) -> RuleDraft:
    """One of them. Raises NotFound alike for none and for another place's."""
    found = visible(user).filter(pk=draft_id).first()
    if found is None or not found.is_visible_to(user):
        raise not_found()
    return found


def has_written(user: Any, draft: RuleDraft) -> bool:
    """Whether this user wrote any of it, and so must not sign it."""
    return bool(draft.author_id == user.pk or draft.steps.filter(verb="saved", by=user).exists())


def next_steps(user: Any, draft: RuleDraft) -> list[str]:
    """What this user can do now: save, sign, send_back, publish, withdraw."""
    edits, signs = can(user, "policy.rules.edit"), can(user, "policy.rules.sign")
    found = ["save"] if edits and draft.is_open else []
    if signs and draft.state == State.DRAFT and not has_written(user, draft):
        found.append("sign")
    if signs and draft.is_open and not has_written(user, draft):
        found.append("send_back")
    if edits and draft.state == State.SIGNED:
        found.append("publish")
    if edits and draft.state in (*OPEN, State.PUBLISHED):
        found.append("withdraw")
    return found


def undeclared_facts(packs: PackSet, policy: str, on: date) -> list[str]:
    """Facts that a policy reads and the registered card of the marks does not declare: until it does, the nightly leaves the policy out."""
    from leye.office.nightly.marks_step import undeclared

    return undeclared(packs, on).get(policy, [])


def unwritten() -> list[RuleDraft]:
    """Published rules whose file does not lie on the disk as signed: after a full disk, a restore, or a hand that changed it."""
    rows = list(RuleDraft.objects.filter(state=State.PUBLISHED))
    files = {region: files_on_disk(data_folder(), region) for region in {d.region for d in rows}}
    return [d for d in rows if files[d.region].get(d.policy) != d.text]
