"""The store on disk: immutable part files and one manifest that names them, moved by one rename under a lock.

`manifest.json` lists parts (`parts/<n>-<hash>.parquet`, one an append), the dictionaries of series (`series/…`) and the table of codes.
A writer that dies leaves files that no manifest names; the next writer sweeps them. Nothing that a manifest names is ever written again.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from leye.kernel.errors import BadInput
from leye.lake.polars_engine import PolarsEngine
from leye.lake.snapshots import file_sha256, write_atomically

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """One append: rows of the vintages from `first` to `last` (ISO 8601), sorted by series, period, vintage."""

    file: str
    rows: int
    sha256: str
    first: str
    last: str
    is_one_vintage: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the store consists of at one moment. `series` are the dictionary files in order; ids count through them."""

    parts: tuple[Part, ...] = ()
    series: tuple[str, ...] = ()
    dimension: str = ""
    form: int = 1

    def as_text(self) -> str:
        """The JSON of the manifest."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


@dataclass(frozen=True, slots=True)
class StoreFolder:
    """Files below `root`. `step` is called before every act of a writer with its name; tests end the process there."""

    root: Path
    step: Step = field(default=lambda name: None)

    def manifest(self) -> Manifest:
        """The manifest that readers see; empty before the first append. Raises BadInput (E_STORE) when it cannot be read."""
        try:
            found = json.loads((self.root / "manifest.json").read_text(encoding="utf-8"))
            return Manifest(tuple(Part(**p) for p in found["parts"]), tuple(found["series"]), found["dimension"], found["form"])
        except FileNotFoundError:
            return Manifest()
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(
                "指标库的 manifest.json 读不懂", en="the manifest of the indicator store is damaged", code="E_STORE",
                remedy_zh="从备份恢复 observations/manifest.json；分片文件没有动",
                remedy_en="restore observations/manifest.json; parts are untouched",
            ) from error  # fmt: skip

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Wait for the store's lock and hold it; a second writer goes on where the first ended. The lock dies with its process."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            self._sweep()
            yield

    def put(self, frame: pl.DataFrame, folder: str, number: int) -> tuple[str, str]:
        """Write a table under a name of its own: (name below the root, sha256). Durable before it returns, named by nobody yet."""
        home = self.root / folder
        home.mkdir(exist_ok=True)
        beside = home / ".new.parquet"
        self.step(f"write {folder}")
        PolarsEngine().write(frame, beside)
        digest = file_sha256(beside)
        name = f"{folder}/{number:06d}-{digest[:12]}.parquet"
        _fsync(beside)
        self.step(f"name {folder}")
        beside.replace(self.root / name)
        _fsync(home)
        return name, digest

    def publish(self, manifest: Manifest) -> None:
        """Make this what readers see: the one rename."""
        self.step("publish")
        write_atomically(self.root / "manifest.json", manifest.as_text())

    def read(self, name: str) -> pl.LazyFrame:
        """A table of the store, not read yet."""
        return pl.scan_parquet(self.root / name, glob=False)

    def _sweep(self) -> None:
        """Files that no manifest names are what a dead writer left."""
        now = self.manifest()
        named = {*(p.file for p in now.parts), *now.series}
        for folder in ("parts", "series"):
            for file in (self.root / folder).glob("*.parquet"):
                if f"{folder}/{file.name}" not in named:
                    file.unlink()


def with_part(manifest: Manifest, part: Part, dictionary: str) -> Manifest:
    """The manifest with one more part, and one more dictionary of series when there is one."""
    return replace(manifest, parts=(*manifest.parts, part), series=(*manifest.series, *([dictionary] if dictionary else [])))


def instant(text: str) -> datetime:
    """An instant of the manifest."""
    return datetime.fromisoformat(text)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
