"""The folder of a source's loads. A load is written beside and becomes visible by one rename; readers see the old whole state or the new one.

`.states/<n>/` holds one whole state; `current` is a symbolic link to it, and `loaded.parquet`, `quarantine.parquet`, `report.json`, … are
links through `current`, made once. `corrections.json` lies beside, since people write it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from leye.kernel.errors import Conflict, NotFound

TABLES = ("loaded.parquet", "quarantine.parquet", "waiting.parquet", "history.parquet")
TEXTS = ("report.json", "files.json")
_KEEP = 2  # chosen by us: the state before stays until the next load, for readers that have opened one of its files


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Hold the folder's lock; raises Conflict when another load holds it. The lock dies with its process."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Conflict("另一个装载正在写这个目录", en="another load is writing this folder", remedy_zh="等它结束后再试") from error
        yield


def state(out: Path) -> Path | None:
    """The folder of the published state, fixed for as long as the caller reads from it; None before the first load."""
    current = out / "current"
    return current.resolve() if current.exists() else None


def read_table(out: Path, name: str) -> pl.DataFrame | None:
    """One table of the published state, or None before the first load."""
    folder = state(out)
    return pl.read_parquet(folder / name) if folder else None


def read_json(out: Path, name: str) -> Any:
    """One JSON text of the published state. Raises NotFound before the first load."""
    folder = state(out)
    if folder is None:
        raise NotFound(f"{out} 里还没有装载过", en=f"nothing is loaded in {out}", remedy_zh="先运行 leye intake load")
    return json.loads((folder / name).read_text(encoding="utf-8"))


def publish(out: Path, *, tables: Mapping[str, pl.DataFrame], texts: Mapping[str, object], step: Callable[[str], None] = lambda name: None) -> None:
    """Make this the state that readers see. The caller holds the lock.

    step: called before every act with its name; tests end the process there to prove that no moment leaves a mixture.
    """
    states = out / ".states"
    states.mkdir(exist_ok=True)
    number = 1 + max((int(p.name) for p in states.iterdir() if p.name.isdigit()), default=0)
    beside = states / f".partial-{number}"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    for name, frame in tables.items():
        step(f"write {name}")
        frame.write_parquet(beside / name, compression="zstd", statistics=True)
    for name, content in texts.items():
        step(f"write {name}")
        (beside / name).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for file in beside.iterdir():
        _fsync(file)
    _fsync(beside)
    step("name the state")
    beside.rename(states / str(number))
    _fsync(states)
    for name in (*tables, *texts):
        step(f"link {name}")
        _link(out / name, Path("current") / name)
    step("point")
    _link(out / "current", Path(".states") / str(number))
    _fsync(out)
    step("sweep")
    _sweep(states, number)


def _link(link: Path, target: Path) -> None:
    """Point a symbolic link, by rename, so that it is never absent once it was there."""
    if link.is_symlink() and link.readlink() == target:
        return
    beside = link.with_name(f".{link.name}.new")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(link)


def _sweep(states: Path, number: int) -> None:
    for folder in states.iterdir():
        if not folder.name.isdigit() or int(folder.name) <= number - _KEEP:
            shutil.rmtree(folder, ignore_errors=True)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
