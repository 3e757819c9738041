"""The files of an audit: `rates.csv`, `audit.json`, and what else there is, each put in place whole."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from leye.lake.snapshots import write_atomically
from leye.trust.audit.figures import Audit


def write_audit(found: Audit, out: Path, *, source: dict[str, str] | None = None) -> dict[str, str]:
    """Write into the folder `out`; returns sha256 by file name. An empty cell is "not defined".

    source: what was audited, such as its file name and hash.
    """
    out.mkdir(parents=True, exist_ok=True)
    texts = {f"{name}.csv": table.write_csv() for name, table in found.tables().items()}
    summary = {**found.summary, **({"source": source} if source else {})}
    texts["audit.json"] = json.dumps(summary, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    for name, text in texts.items():
        write_atomically(out / name, text)
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
