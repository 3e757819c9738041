"""What stands published in a data folder."""

from __future__ import annotations

from pathlib import Path

from leye.lake import open_lake


def read_status(data: Path) -> dict[str, object]:
    """What `leye run status --json` prints: the published run (null before the first), earlier ones, and whether one is at work."""
    lake = open_lake(data)
    published = lake.published()
    body: dict[str, object] = {"data": str(data), "published": None, "runs": lake.runs()}
    if published is not None:
        body["published"] = {
            "run_id": published.run_id,
            "at": published.at,
            "on": published.on,
            "hashes": published.hashes,
            "code_hash": lake.manifest(published.run_id)["code_hash"],
            "rows": _rows(lake.manifest(published.run_id)),
        }
    return body


def _rows(manifest: dict[str, object]) -> dict[str, int]:
    tables = manifest["tables"]
    assert isinstance(tables, list)
    return {t["name"]: t["rows"] for t in tables}
