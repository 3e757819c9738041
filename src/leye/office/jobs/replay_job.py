"""Replay: a source is read again with the corrections that people made, then the nightly goes on from there and publishes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from leye.kernel.errors import BadInput
from leye.office.jobs import nightly_job
from leye.office.nightly.intake_step import specs


def run(params: dict[str, Any], report_progress: Callable[[str, float], None]) -> dict[str, Any]:
    """params: `source`. Raises BadInput on a source without a spec."""
    source = str(params.get("source", ""))
    if source not in specs():
        raise BadInput(f"没有来源“{source}”", en=f"no source {source!r}", remedy_zh=f"可选：{'、'.join(specs())}")
    return nightly_job.run({"replay": source}, report_progress)
