"""First step: every source's files into its loads folder, and the three tables that say how it went.

A source whose files, spec and corrections are the same as last time is not read again: its account is kept beside its loads, so that a
nightly over unchanged files writes the same bytes and costs nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from leye.intake import load
from leye.intake.folder import read_table
from leye.lake.snapshots import file_sha256, write_atomically
from leye.packs import ROOT

LOADS = {
    "source": pl.String, "file": pl.String, "sha256": pl.String, "encoding": pl.String, "rows_in": pl.Int64, "loaded": pl.Int64,
    "quarantined": pl.Int64, "duplicates": pl.Int64, "skipped": pl.Int64, "warnings": pl.Int64, "new": pl.Int64, "unchanged": pl.Int64,
    "superseded": pl.Int64, "refused": pl.String,
}  # fmt: skip
QUARANTINE = {
    "source": pl.String, "file": pl.String, "sheet": pl.String, "row": pl.Int64, "column": pl.String, "raw": pl.String, "code": pl.String,
    "reason": pl.String, "suggestion": pl.String,
}  # fmt: skip
WARNINGS = {"source": pl.String, "file": pl.String, "code": pl.String, "expected": pl.String, "found": pl.String, "text_zh": pl.String}
ACCOUNT = "nightly.json"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """Tables `loads`, `quarantine`, `load_warnings`; `inputs` names every file by its hash for the manifest."""

    loads: pl.DataFrame
    quarantine: pl.DataFrame
    warnings: pl.DataFrame
    inputs: tuple[str, ...]


def specs() -> dict[str, Path]:
    """Shipped source specs by id."""
    return {file.stem: file for file in sorted((ROOT / "sources").glob("*.yaml"))}


def inbox_files(data: Path, source: str) -> list[Path]:
    """A source's files in the order of their names; lock files of office programs are not files."""
    folder = data / "inbox" / source
    return sorted(f for f in folder.iterdir() if f.is_file() and not f.name.startswith((".", "~$"))) if folder.is_dir() else []


def take_in(data: Path, *, at: datetime, told: Callable[[str], None], only: str = "") -> TakenIn:
    """Load what is new and give the account of everything. only: one source that is read again in any case (a replay)."""
    accounts = {}
    for source, spec in specs().items():
        files = inbox_files(data, source)
        if files:
            told(source)
            accounts[source] = _account(data / "loads" / source, spec, files, at, force=source == only)
    return TakenIn(
        pl.DataFrame([_load_row(s, f) for s, a in accounts.items() for f in a["files"]], schema=LOADS, orient="row"),
        _quarantine(data, list(accounts)),
        pl.DataFrame([_warning_row(s, w) for s, a in accounts.items() for w in a["warnings"]], schema=WARNINGS, orient="row"),
        tuple(f"file:{s}/{f['file']}@{f['sha256']}" for s, a in accounts.items() for f in a["files"]),
    )


def _account(out: Path, spec: Path, files: list[Path], at: datetime, *, force: bool) -> dict[str, Any]:
    """What the last load said when nothing has changed since, else a new load."""
    mark = fingerprint(out, spec, files)
    kept = out / ACCOUNT
    if not force and kept.exists():
        account: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        if account["fingerprint"] == mark:
            return account
    report = load(spec, files, out, recorded_at=at)
    account = {"fingerprint": mark, "files": [f.as_dict() for f in report.files], "warnings": report.warnings}
    write_atomically(kept, json.dumps(account, ensure_ascii=False, indent=1, default=str))
    return account


def fingerprint(out: Path, spec: Path, files: list[Path]) -> str:
    """Hash over the spec, the corrections and every file's name and bytes."""
    digest = hashlib.sha256(spec.read_bytes())
    corrections = out / "corrections.json"
    digest.update(corrections.read_bytes() if corrections.exists() else b"")
    for file in files:
        digest.update(f"{file.name}@{file_sha256(file)}\n".encode())
    return digest.hexdigest()


def _load_row(source: str, file: dict[str, Any]) -> dict[str, Any]:
    refused = file.get("refused")
    return {name: file.get(name) for name in LOADS} | {"source": source, "refused": json.dumps(refused, ensure_ascii=False) if refused else None}


def _warning_row(source: str, warning: dict[str, Any]) -> dict[str, Any]:
    return {name: None if warning.get(name) is None else str(warning[name]) for name in WARNINGS} | {"source": source}


def _quarantine(data: Path, sources: list[str]) -> pl.DataFrame:
    parts = [pl.DataFrame(schema=QUARANTINE)]
    for source in sources:
        lines = read_table(data / "loads" / source, "quarantine.parquet")
        if lines is not None and lines.height:
            with_source = lines.with_columns(pl.lit(source).alias("source"))
            parts.append(with_source.select(pl.col(name).cast(kind) for name, kind in QUARANTINE.items()))
    return pl.concat(parts)
