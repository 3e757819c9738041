"""What others ask the register. The gate asks `admission` for every decision, so it is kept in memory and dropped with the register's revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any

from django.db import connection

from leye.kernel.reason import Reason
from leye.office.registry.models import Sandbox, Version


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """How many subjects, until when."""

    max_subjects: int
    ends_on: date


@dataclass(frozen=True, slots=True)
class Admission:
    """What the gate has to know of a version. kind: of KINDS · subject: about whom it may speak · expires_on: last day, of filing or sandbox."""

    algo: str
    version: str
    state: str
    kind: str
    risk: str
    subject: str
    purposes: frozenset[str]
    features: frozenset[str]
    reason_codes: frozenset[str]
    outcomes: frozenset[str]
    retention_class: str
    retention_years: int
    config_hash: str
    version_hash: str
    expires_on: date | None
    sandbox: SandboxLimits | None
    reasons: Mapping[str, tuple[str, str]] = field(default_factory=dict, compare=False, repr=False)


_MOST_KEPT = 1024
_kept: dict[tuple[str, str], Admission | None] = {}
_kept_of: int | None = None
_lock = Lock()


def admission(algo: str, version: str) -> Admission | None:
    """The version as the register has it now; None when it has not. One point read of the revision when nothing changed since the last call."""
    global _kept_of
    token = _revision()
    key = (algo, version)
    with _lock:
        if token == _kept_of and key in _kept:
            return _kept[key]
    found = _read(algo, version)
    with _lock:
        if token != _kept_of or len(_kept) >= _MOST_KEPT:
            _kept.clear()
            _kept_of = token
        _kept[key] = found
    return found


def reason_of(algo: str, version: str, code: str, *, basis: str = "", **figures: object) -> Reason | None:
    """A reason in the card's words with its figures filled in; None when the card does not declare the code."""
    card = admission(algo, version)
    words = card.reasons.get(code) if card is not None else None
    if words is None:
        return None
    zh, en = (text.format_map(_Figures(figures, unknown)) for text, unknown in zip(words, ("未报送", "not given"), strict=True))
    return Reason(zh, en, basis or f"card:{algo}@{version}", code)


def is_barred_from_subsidies(org: str) -> bool:
    """Whether an organisation (18-digit code, or name as on its card) has a blacklisted algorithm; then it gets no subsidies."""
    if not org:
        return False
    black = Version.objects.filter(state="blacklisted")
    return black.filter(owner_id=org).exists() or black.filter(owner=org).exists()


class _Figures(dict[str, object]):
    def __init__(self, figures: Mapping[str, object], unknown: str) -> None:
        super().__init__(figures)
        self.unknown = unknown

    def __missing__(self, key: str) -> str:
        return self.unknown


def _revision() -> int:
    """The token of the register's state. Past Django's cursor, which costs more than the statement; on SQLite a few microseconds."""
    connection.ensure_connection()
    row = connection.connection.execute("SELECT token FROM registry_revision WHERE id = 1").fetchone()
    return int(row[0]) if row is not None else 0


def _read(algo: str, version: str) -> Admission | None:
    found = Version.objects.select_related("sandbox").filter(algo=algo, version=version).first()
    return _admission(found) if found is not None else None


def _admission(found: Version) -> Admission:
    card: dict[str, Any] = found.card
    sandbox: Sandbox | None = getattr(found, "sandbox", None)
    limits = SandboxLimits(sandbox.max_subjects, sandbox.ends_on) if sandbox is not None and not sandbox.verdict else None
    ends = [day for day in (found.expires_on, limits.ends_on if limits else None) if day is not None]
    return Admission(
        algo=found.algo,
        version=found.version,
        state=found.state,
        kind=found.kind,
        risk=found.risk,
        subject=card["subject"],
        purposes=frozenset(p["code"] for p in card["purposes"]),
        features=frozenset(f["name"] for f in card["features"]),
        reason_codes=frozenset(r["code"] for r in card["reasons"]),
        outcomes=frozenset(o["code"] for o in card["outcomes"]),
        retention_class=card["retention"],
        retention_years=card["retention_years"],
        config_hash=found.config_hash,
        version_hash=found.version_hash,
        expires_on=min(ends, default=None),
        sandbox=limits,
        reasons={r["code"]: (r["words"]["zh"], r["words"]["en"]) for r in card["reasons"]},
    )
