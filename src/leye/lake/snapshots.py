"""Snapshots: a run writes beside, then is renamed into place, then becomes the published one by one atomic rename.

`snapshots/<run_id>/manifest.json` names every table with rows, columns, sha256 and what it was made from. A run that dies leaves a
`.partial-…` folder that nobody reads; the next run sweeps it away. Published folders are never written again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType

import polars as pl

from leye.kernel.errors import BadInput, NotFound
from leye.lake.port import Engine

_TABLE_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_RUN_ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}\Z")


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table of a snapshot. `inputs` are names of tables of the same run or `file:<path>@<sha256>`; `step` made it."""

    name: str
    rows: int
    columns: tuple[str, ...]
    sha256: str
    step: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """The snapshot that pages read. `at` is when it was published, ISO 8601 with offset; `hashes` maps table to sha256."""

    run_id: str
    at: str
    on: str
    hashes: dict[str, str]


@dataclass(slots=True)
class Run:
    """A snapshot in the making. Use as a context; leaving it without `publish` throws the work away."""

    lake: Lake
    run_id: str
    at: datetime
    on: str
    code_hash: str
    notes: dict[str, object] = field(default_factory=dict)
    tables: dict[str, TableEntry] = field(default_factory=dict)
    is_published: bool = False

    @property
    def folder(self) -> Path:
        """Where the tables lie until publication."""
        return self.lake.snapshots / f".partial-{self.run_id}"

    def __enter__(self) -> Run:
        self.folder.mkdir(parents=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self.is_published:
            shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, name: str, frame: pl.DataFrame, *, step: str, inputs: Sequence[str] = ()) -> TableEntry:
        """Add a table. Raises BadInput when the name is no identifier or was written before in this run."""
        if not _TABLE_NAME.match(name) or name in self.tables:
            raise BadInput(f"表名“{name}”不合规或重复", en=f"table name {name!r} is no identifier or written twice")
        file = self.folder / f"{name}.parquet"
        self.lake.engine.write(frame, file)
        entry = TableEntry(name, frame.height, tuple(frame.columns), file_sha256(file), step, tuple(inputs))
        self.tables[name] = entry
        return entry

    def scan(self, name: str) -> pl.LazyFrame:
        """A table written earlier in this run."""
        if name not in self.tables:
            raise NotFound(f"这次运行还没有表 {name}", en=f"this run has no table {name} yet")
        return self.lake.engine.scan(self.folder / f"{name}.parquet")

    def publish(self, published_at: datetime) -> Published:
        """Make this the snapshot that pages read: manifest, fsync, rename, pointer. Nothing is visible before the last step."""
        manifest = {
            "run_id": self.run_id,
            "on": self.on,
            "started_at": self.at.isoformat(),
            "code_hash": self.code_hash,
            "notes": self.notes,
            "tables": [asdict(t) for t in self.tables.values()],
        }
        write_atomically(self.folder / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        for file in self.folder.iterdir():
            _fsync(file)
        _fsync(self.folder)
        self.folder.replace(self.lake.snapshots / self.run_id)
        _fsync(self.lake.snapshots)
        published = Published(self.run_id, published_at.isoformat(), self.on, {t.name: t.sha256 for t in self.tables.values()})
        write_atomically(self.lake.pointer, json.dumps(asdict(published), ensure_ascii=False, indent=1))
        self.is_published = True
        return published


class Lake:
    """Snapshots of one data folder, read through an engine. Readers name a run or get the published one."""

    def __init__(self, data: Path, engine: Engine) -> None:
        self.data, self.engine = data, engine
        self.snapshots, self.pointer = data / "snapshots", data / "published.json"

    def begin(self, run_id: str, *, at: datetime, on: str, code_hash: str) -> Run:
        """Start a run; sweeps what dead runs left. One writer at a time: the caller holds the data folder's lock."""
        if not _RUN_ID.match(run_id):
            raise BadInput(f"运行编号“{run_id}”不合规", en=f"bad run id {run_id!r}")
        if (self.snapshots / run_id).exists():
            raise BadInput(f"运行 {run_id} 已经有了", en=f"run {run_id} exists", remedy_zh="已发布的快照不会改写，请用新的运行编号")
        for dead in self.snapshots.glob(".partial-*"):
            shutil.rmtree(dead, ignore_errors=True)
        return Run(self, run_id, at, on, code_hash)

    def published(self) -> Published | None:
        """The published snapshot, or None before the first."""
        try:
            return Published(**json.loads(self.pointer.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    def runs(self) -> list[str]:
        """Ids of all finished runs, oldest first."""
        return sorted(p.name for p in self.snapshots.glob("*") if _RUN_ID.match(p.name)) if self.snapshots.exists() else []

    def manifest(self, run: str | None = None) -> dict[str, object]:
        """What a run wrote, from what, with which code."""
        return dict(json.loads((self._folder(run) / "manifest.json").read_text(encoding="utf-8")))

    def lineage(self, table: str, run: str | None = None) -> list[TableEntry]:
        """The table's entry and those of all tables it was made from, nearest first. Raises NotFound."""
        entries = self._entries(run)
        if table not in entries:
            raise NotFound(f"快照里没有表 {table}", en=f"no table {table} in the snapshot")
        found, queue = [], [table]
        while queue:
            entry = entries.get(queue.pop(0))
            if entry is not None and entry not in found:
                found.append(entry)
                queue.extend(entry.inputs)
        return found

    def scan(self, table: str, run: str | None = None) -> pl.LazyFrame:
        """A table of a snapshot, not read yet. Raises NotFound when there is none."""
        file = self._folder(run) / f"{table}.parquet"
        if not _TABLE_NAME.match(table) or not file.exists():
            raise NotFound(f"快照里没有表 {table}", en=f"no table {table} in the snapshot")
        return self.engine.scan(file)

    def has(self, table: str, run: str | None = None) -> bool:
        """Whether a published table exists; False before the first run."""
        return self.pointer.exists() and (self._folder(run) / f"{table}.parquet").exists()

    def sql(self, query: str, run: str | None = None) -> pl.DataFrame:
        """Answer of one SELECT over the tables of a snapshot."""
        folder = self._folder(run)
        return self.engine.sql(query, {name: folder / f"{name}.parquet" for name in self._entries(run)})

    def _folder(self, run: str | None) -> Path:
        if run is None:
            published = self.published()
            if published is None:
                raise NotFound("还没有发布过快照", en="nothing is published yet", remedy_zh="先运行 leye run nightly")
            run = published.run_id
        folder = self.snapshots / run
        if not _RUN_ID.match(run) or not folder.is_dir():
            raise NotFound(f"没有运行 {run}", en=f"no run {run}", remedy_zh="用 leye run status 查看已有的运行")
        return folder

    def _entries(self, run: str | None) -> dict[str, TableEntry]:
        tables = self.manifest(run)["tables"]
        assert isinstance(tables, list)
        return {t["name"]: TableEntry(**{**t, "columns": tuple(t["columns"]), "inputs": tuple(t["inputs"])}) for t in tables}


def file_sha256(file: Path) -> str:
    """Hex digest of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_atomically(file: Path, text: str) -> None:
    """Write beside, fsync, rename: a reader sees the old text or the new one, never half."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.new")
    with beside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)
    _fsync(file.parent)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def code_hash(package: Path, *, extra: Mapping[str, str] | None = None) -> str:
    """Sixteen hex digits over the sources of the package, so that a snapshot says which code made it."""
    digest = hashlib.sha256()
    for file in sorted(package.rglob("*")):
        if file.suffix in {".py", ".yaml", ".csv"} and file.is_file():
            digest.update(str(file.relative_to(package)).encode())
            digest.update(file.read_bytes())
    digest.update(json.dumps(dict(extra or {}), sort_keys=True).encode())
    return digest.hexdigest()[:16]
