"""Warnings through the gate: each opened or changed alert is an outcome of `watch.scan` about a series, with its evidence as inputs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from leye.kernel.decision import Decision, Outcome, Subject
from leye.kernel.reason import Reason
from leye.office.alerts.models import Alert
from leye.office.decisions.gate import decide_many
from leye.office.registry.cards import features_of, reason_of, running_version

ALGO, PURPOSE = "watch.scan", "early_warning"
AGREEING = {"factor": "factor_agrees", "parent": "parent_agrees", "sibling": "sibling_agrees"}
"""Channel of the evidence -> reason code of the card."""


def seal_alerts(alerts: Sequence[Alert], run_id: str, *, at: datetime) -> None:
    """Seal what the alerts say now and note the decision on each, inside the caller's transaction. Raises GateRefused."""
    if not alerts:
        return
    version = running_version(ALGO)
    sealed = decide_many([_decision(alert, version, run_id, at) for alert in alerts])
    for alert, place in zip(alerts, sealed, strict=True):
        alert.decision_id = place.decision_id
    Alert.objects.bulk_update(alerts, ["decision_id"])


def _decision(alert: Alert, version: str, run_id: str, at: datetime) -> Decision:
    return Decision(
        algo=ALGO,
        version=version,
        subject=Subject("series", alert.unique_id),
        purpose=PURPOSE,
        outcome=Outcome(alert.level, alert.score),
        reasons=_reasons(alert, version, f"run:{run_id}"),
        features=features_of(ALGO, version),
        inputs={"alert": str(alert.pk), "since": alert.ds.isoformat(), "ds": alert.last_ds.isoformat(), "evidence": alert.evidence, "run": run_id},
        at=at,
        policy_basis=alert.plan_id,
        region=alert.region,
        follows=str(alert.decision_id or ""),
    )


def _reasons(alert: Alert, version: str, basis: str) -> tuple[Reason, ...]:
    """The finding in words, then the channels that agree with it. The basis is the run whose tables show it."""
    seen = alert.evidence
    code = "above_expected" if seen.get("direction") == "up" else "below_expected"
    agree = [AGREEING[c] for c, strength in (seen.get("channels") or {}).items() if c in AGREEING and (strength or 0) >= 1]
    return (Reason(alert.finding, alert.finding_en, basis, code), *(reason_of(ALGO, version, c, basis=basis) for c in agree))
