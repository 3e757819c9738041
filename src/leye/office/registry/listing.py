"""The register and the trained models as rows: for the command line, the API and CSV."""

from __future__ import annotations

from typing import Any

from leye.kernel.clock import BEIJING
from leye.office.registry.models import TrainedModel, Version
from leye.office.registry.training import trained_models


def register_rows() -> list[dict[str, Any]]:
    """One row a version: algo, version, state, purposes, features, reason_codes, and what else tells it apart."""
    return [register_row(v) for v in Version.objects.order_by("algo", "id")]


def register_row(version: Version) -> dict[str, Any]:
    """The same for one."""
    card = version.card
    return {
        "algo": version.algo,
        "version": version.version,
        "state": version.state,
        "purposes": [p["code"] for p in card["purposes"]],
        "features": [f["name"] for f in card["features"]],
        "reason_codes": [r["code"] for r in card["reasons"]],
        "outcomes": [o["code"] for o in card["outcomes"]],
        "name_zh": version.name_zh,
        "name_en": version.name_en,
        "kind": version.kind,
        "risk": version.risk,
        "subject": card["subject"],
        "owner": version.owner,
        "retention": card["retention"],
        "retention_years": card["retention_years"],
        "identity": version.version_hash,
        "code_hash": version.code_hash,
        "config_hash": version.config_hash,
        "filing_number": version.filing_number,
        "filed_on": version.filed_on.isoformat() if version.filed_on else None,
        "expires_on": version.expires_on.isoformat() if version.expires_on else None,
        "installed": version.is_installed,
    }


def model_rows(*, algo: str = "") -> list[dict[str, Any]]:
    """One row a trained model, newest first."""
    return [model_row(m) for m in trained_models(algo=algo)]


def model_row(model: TrainedModel) -> dict[str, Any]:
    """The same for one."""
    names = ("run_id", "algo", "version", "data_hash", "code_hash", "output_hash", "seed", "settings", "scores", "cpu_s", "command")
    return {name: getattr(model, name) for name in names} | {"at": model.at.astimezone(BEIJING).isoformat()}
