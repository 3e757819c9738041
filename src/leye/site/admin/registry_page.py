"""What the page of one version shows: where it stands, what this reader may do next, what was signed, found and done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from leye.office.permissions import can
from leye.office.registry import incidents, reading, sandboxes, spot_checks
from leye.office.registry.actions import standing_of
from leye.office.registry.models import Version
from leye.office.registry.training import trained_models
from leye.site import registry_words
from leye.trust.registry.papers import KINDS
from leye.trust.registry.states import lacking_signatures

SHOWN = 10  # of checks, incidents and models; the lists have all


def version_context(request: HttpRequest, version: Version) -> dict[str, Any]:
    """Everything `registry/version.html` asks for."""
    user = request.user
    standing = standing_of(version)
    sandbox = getattr(version, "sandbox", None)
    return {
        "version": version,
        "card": reading.card_of(version),
        "say": registry_words,
        "waits": reading.waits_for(version),
        "steps": reading.next_steps(version, user),
        "may": {name: can(user, f"registry.{name}") for name in ("edit", "sign", "suspend")},
        "lacking": lacking_signatures(standing.signed_by) if version.state in {"assessed", "filed"} else [],
        "signatures": list(version.signatures.filter(round=version.round).select_related("by")),
        "transitions": list(version.transitions.select_related("by").order_by("-id")),
        "sandbox": sandbox,
        "metrics": sandboxes.metrics_of(sandbox) if sandbox is not None else (),
        "readings": list(sandbox.readings.order_by("-id")[:SHOWN]) if sandbox is not None else [],
        "may_sandbox": version.state in sandboxes.MAY_BE_SET - {"running"} or standing.is_sandboxed,
        "checks": [(c, spot_checks.result_of(c)) for c in version.spot_checks.select_related("by")[:SHOWN]],
        "incidents": [(i, incidents.count_of(i.traced)) for i in version.incidents.select_related("by", "closed_by")[:SHOWN]],
        "models": trained_models(algo=version.algo, limit=SHOWN),
        "papers": KINDS,
    }
