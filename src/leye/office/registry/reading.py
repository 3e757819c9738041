"""What pages read of the register: lists, one version with everything around it, the public view, the papers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from leye.kernel.clock import BEIJING
from leye.office.permissions import can, not_found
from leye.office.registry.actions import standing_of
from leye.office.registry.models import Version
from leye.office.registry.registering import card_of_version
from leye.trust.registry import Card, Step, steps_from
from leye.trust.registry.papers import Paper, paper
from leye.trust.registry.states import lacking_signatures

PUBLIC = ("running", "filed", "suspended", "blacklisted")
"""States in which everybody may know of a version; drafts and assessments are the owner's affair until they are filed."""


def versions(*, state: str = "") -> QuerySet[Version]:
    """All versions, or those in a state; by algorithm, newest first."""
    found = Version.objects.order_by("algo", "-id")
    return found.filter(state=state) if state else found


def version_called(version_id: int) -> Version:
    """One version. Raises NotFound."""
    found = Version.objects.filter(pk=version_id).first()
    if found is None:
        raise not_found()
    return found


def public_versions(algo: str = "") -> list[Version]:
    """What everybody may know of, the running ones first, then by algorithm, newest first."""
    found = Version.objects.filter(state__in=PUBLIC)
    rows = list((found.filter(algo=algo) if algo else found).order_by("algo", "-id"))
    return sorted(rows, key=lambda v: (v.algo, v.state != "running"))


def public_algorithm(algo: str) -> list[Version]:
    """The public versions of one algorithm, the one to read first in front. Raises NotFound when there are none."""
    found = public_versions(algo)
    if not found:
        raise not_found()
    return found


def next_steps(version: Version, user: Any) -> list[Step]:
    """Steps that this user may take now, as far as the state goes; what is missing beyond that is said when they try."""
    standing = standing_of(version)
    return [s for s in steps_from(version.state) if can(user, s.permission) and _fits(s, standing.is_sandboxed)]


def waits_for(version: Version) -> str:
    """What the version waits for, as a code: a step's verb, `sign_operator`, `sign_workers`, or empty when it runs or is barred."""
    if version.state in {"assessed", "filed"}:
        lacking = lacking_signatures(standing_of(version).signed_by)
        if version.state == "filed" and lacking:
            return f"sign_{lacking[0]}"
    return {"draft": "assess", "assessed": "file", "filed": "launch", "suspended": "assess"}.get(version.state, "")


def paper_of(version: Version, kind: str) -> Paper:
    """One of its papers. Raises NotFound on an unknown kind."""
    return paper(kind, card_of(version), version=version.version, identity=version.version_hash)


def signed_lines(version: Version) -> tuple[str, ...]:
    """Who signed this round's review, for the foot of its papers."""
    sides = {"operator": "运营方", "workers": "劳动者方"}
    rows = version.signatures.filter(round=version.round).select_related("by")
    return tuple(f"{sides[s.side]}签字：{s.by}{f'（{s.mandate}）' if s.mandate else ''} {s.at.astimezone(BEIJING):%Y-%m-%d %H:%M}" for s in rows)


def card_of(version: Version) -> Card:
    """The card as registered."""
    return card_of_version(version)


def _fits(step: Step, is_sandboxed: bool) -> bool:
    """Running unfiled and ending a pilot are for versions in a sandbox."""
    needs_sandbox = step.verb == "conclude" or (step.verb == "launch" and step.start == "assessed")
    return is_sandboxed or not needs_sandbox
