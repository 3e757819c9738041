"""Who may do what: the one table, the question `can`, the guard `require`, and the marks that every view must carry.

Deny by default: a permission that is not in the table is nobody's, and a view without a mark answers nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from leye.kernel.errors import NotAllowed, NotFound
from leye.office.accounts.roles import Role

View = TypeVar("View", bound=Callable[..., Any])

EVERYONE = frozenset(Role)
_DESK = frozenset({Role.ANALYST, Role.COUNSELLOR})
_SUBJECTS = frozenset({Role.SEEKER, Role.WORKER, Role.EMPLOYER, Role.PROVIDER})
_KEEPERS = frozenset({Role.ADMIN, Role.OPERATOR, Role.AUDITOR})

PERMISSIONS: dict[str, frozenset[Role]] = {
    "account.self": EVERYONE,
    "cockpit.view": frozenset({Role.ANALYST}),
    "series.view": _DESK,
    "plans.view": _DESK,
    "alerts.view": _DESK,
    "alerts.assign": _DESK,
    "alerts.act": _DESK,
    "alerts.close": _DESK,
    "alerts.false_alarm": frozenset({Role.ANALYST}),
    "alerts.reopen": frozenset({Role.ANALYST}),
    "data.view": frozenset({Role.ANALYST, Role.ADMIN}),
    "data.replay": frozenset({Role.ANALYST, Role.ADMIN}),
    "reports.view": frozenset({Role.ANALYST, Role.AUDITOR}),
    "reports.make": frozenset({Role.ANALYST}),
    "runs.view": frozenset({Role.ANALYST, Role.AUDITOR, Role.ADMIN}),
    "jobs.view": frozenset({Role.ANALYST, Role.ADMIN}),
    "jobs.start": frozenset({Role.ADMIN}),
    "audit.view": frozenset({Role.AUDITOR, Role.ADMIN}),
    "registry.view": frozenset({Role.ANALYST}) | _KEEPERS,
    "registry.edit": frozenset({Role.ADMIN, Role.OPERATOR}),
    "registry.sign": _KEEPERS,
    "registry.suspend": _KEEPERS,
    "decisions.own": _SUBJECTS,
    "decisions.replay": frozenset({Role.AUDITOR}),
    "decisions.protected": frozenset({Role.AUDITOR}),
    "decisions.erase": frozenset({Role.ADMIN}),
    "fairness.view": frozenset({Role.AUDITOR, Role.ANALYST, Role.OPERATOR}),
    "fairness.make": frozenset({Role.AUDITOR}),
    "breaker.view": _KEEPERS | frozenset({Role.ANALYST}),
    "breaker.act": frozenset({Role.ADMIN, Role.OPERATOR}),
    "review.work": frozenset({Role.COUNSELLOR, Role.OPERATOR}),
    "review.view": frozenset({Role.COUNSELLOR, Role.OPERATOR, Role.AUDITOR}),
    "objections.raise": _SUBJECTS,
    "objections.handle": _DESK,
    "objections.view": _DESK | frozenset({Role.AUDITOR}),
    "reads.view": frozenset({Role.AUDITOR, Role.ADMIN}),
    "reads.own": _SUBJECTS,
    "releases.view": frozenset({Role.ANALYST, Role.AUDITOR, Role.ADMIN}),
    "releases.make": frozenset({Role.ANALYST}),
    "today.view": frozenset({Role.COUNSELLOR}),
    "today.work": frozenset({Role.COUNSELLOR}),
    "people.view": frozenset({Role.COUNSELLOR}),
    "people.answer": frozenset({Role.COUNSELLOR}),
    "entitlements.own": frozenset({Role.SEEKER, Role.WORKER}),
    "entitlements.firm": frozenset({Role.EMPLOYER}),
    "claims.apply": frozenset({Role.SEEKER, Role.WORKER, Role.EMPLOYER}),
    "claims.view": _DESK,
    "claims.decide": _DESK,
    "claims.pay": _DESK,
    "payments.check": frozenset({Role.ANALYST, Role.AUDITOR}),
    "promotion.view": frozenset({Role.ANALYST, Role.AUDITOR, Role.ADMIN}),
    "promotion.draft": frozenset({Role.ANALYST}),
    "promotion.sign": frozenset({Role.ANALYST, Role.ADMIN}),
    "promotion.send": frozenset({Role.ANALYST}),
    "promotion.stop": frozenset({Role.ANALYST, Role.ADMIN}),
    "policy.rules": frozenset({Role.ANALYST, Role.AUDITOR}),
    "policy.rules.edit": frozenset({Role.ANALYST}),
    "policy.rules.sign": frozenset({Role.ANALYST, Role.AUDITOR}),
    "reforms.view": frozenset({Role.ANALYST, Role.AUDITOR}),
    "reforms.edit": frozenset({Role.ANALYST}),
    "reforms.sign": frozenset({Role.ANALYST}),
    "programmes.view": frozenset({Role.ANALYST, Role.AUDITOR}),
    "programmes.edit": frozenset({Role.ANALYST}),
    "programmes.sign": frozenset({Role.ANALYST}),
    "programmes.placements": frozenset({Role.ANALYST}),
    "replays.view": frozenset({Role.ANALYST}),
    "replays.make": frozenset({Role.ANALYST}),
    "prospects.own": frozenset({Role.SEEKER, Role.WORKER}),
    "prospects.view": frozenset({Role.COUNSELLOR}),
    "prospects.override": frozenset({Role.COUNSELLOR}),
    "prospects.audit": frozenset({Role.ANALYST, Role.AUDITOR}),
    "monitoring.view": frozenset({Role.ANALYST}),
    "indicators.view": frozenset({Role.ANALYST}),
    "reports.publish": frozenset({Role.ANALYST}),
    "forecasts.audit": frozenset({Role.ANALYST, Role.AUDITOR, Role.ADMIN}),
    "occupations.view": frozenset({Role.ANALYST}),
    "occupations.correct": frozenset({Role.ANALYST}),
    "moves.view": frozenset({Role.SEEKER, Role.WORKER, Role.COUNSELLOR, Role.ANALYST}),
    "moves.own": frozenset({Role.SEEKER, Role.WORKER}),
    "events.stream": frozenset({Role.ANALYST, Role.COUNSELLOR, Role.OPERATOR, Role.ADMIN}),
    "searches.own": frozenset({Role.SEEKER, Role.WORKER}),
    "matches.own": frozenset({Role.SEEKER, Role.WORKER}),
    "matches.view": frozenset({Role.COUNSELLOR}),
    "matches.recommend": frozenset({Role.COUNSELLOR}),
    "matches.audit": frozenset({Role.ANALYST, Role.AUDITOR}),
    "vacancies.own": frozenset({Role.EMPLOYER}),
    "vacancies.view": _DESK,
    "applications.own": frozenset({Role.SEEKER, Role.WORKER}),
    "applications.firm": frozenset({Role.EMPLOYER}),
    "applications.desk": frozenset({Role.COUNSELLOR}),
    "campaigns.view": _DESK,
    "campaigns.edit": _DESK,
    "campaigns.sign": frozenset({Role.ANALYST}),
    "campaigns.invite": frozenset({Role.COUNSELLOR}),
    "profiles.own": frozenset({Role.SEEKER, Role.WORKER}),
    "profiles.view": frozenset({Role.COUNSELLOR}),
    "profiles.attest": frozenset({Role.COUNSELLOR}),
    "impact.view": frozenset({Role.ANALYST, Role.AUDITOR}),
    "impact.edit": frozenset({Role.ANALYST}),
    "impact.sign": frozenset({Role.ANALYST}),
}
"""Permission -> roles that hold it. docs/reference/permissions.md shows the same table; a test compares."""

OPEN_PAGES = frozenset(
    {"/", "/login", "/help", "/accessibility", "/privacy", "/healthz", "/api/openapi.json", "/api/docs", "/favicon.ico", "/preferences"}
)
"""Addresses that a stranger may open, exactly as written."""

OPEN_FOLDERS = ("/jobs", "/policies", "/courses", "/algorithms", "/insight", "/verify", "/static", "/api/public")
"""Addresses that a stranger may open, with everything below them."""


def is_open_path(path: str) -> bool:
    """Whether a stranger may ask for this address at all."""
    return path in OPEN_PAGES or any(path == folder or path.startswith(folder + "/") for folder in OPEN_FOLDERS)


def can(user: Any, permission: str) -> bool:
    """Whether the user's role holds the permission. Strangers and inactive users hold none."""
    return bool(getattr(user, "is_authenticated", False) and user.is_active and getattr(user, "role", None) in PERMISSIONS.get(permission, ()))


def require(user: Any, permission: str, obj: Any = None) -> None:
    """Raise NotAllowed when the role lacks the permission, NotFound when the object is someone else's (the two kinds differ on purpose).

    An object with `is_visible_to(user)` is asked; it must not be told apart from one that does not exist.
    """
    if not can(user, permission):
        raise NotAllowed(
            "这一步不在您的职责里",
            en="this step is not among your duties",
            remedy_zh="请对应岗位的同事来办，或找管理员开通",
            remedy_en="ask a colleague in charge, or the administrator",
        )
    if obj is not None and not obj.is_visible_to(user):
        raise not_found()


def not_found() -> NotFound:
    """The one answer for what does not exist and what is not yours."""
    return NotFound(
        "没有找到，或者不归您这一片",
        en="not found, or not yours to see",
        remedy_zh="请检查编号，或回到列表",
        remedy_en="check the number, or go back to the list",
    )


def needs(permission: str) -> Callable[[View], View]:
    """Mark a view with the permission it asks for; the gate enforces it. Raises KeyError at import when the table lacks it."""
    if permission not in PERMISSIONS:
        raise KeyError(f"{permission} is not in the table of permissions")

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def is_open(view: View) -> View:
    """Mark a view as open to strangers; its address must also be in the list above."""
    view.permission = "open"  # type: ignore[attr-defined]
    return view
