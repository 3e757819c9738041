"""The packs in force in one data folder: the shipped ones and those that the bureau published under `DATA/packs/`.

The same object is given as long as no file changed, so that what is cached by pack set (`leye.policy.places`) stays.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from leye.kernel.errors import LeyeError
from leye.policy import PackSet, load, shipped
from leye.policy.read_pack import NATIONAL, shipped_regions

FOLDER = "packs"

Fingerprint = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A published folder that cannot be read beside the others: it is left aside and told, so that one bad file does not stop every mark."""

    pack: str
    error: LeyeError


_lock = threading.Lock()
_kept: dict[Path, tuple[Fingerprint, PackSet, tuple[Trouble, ...]]] = {}


def active_packs(data: Path) -> PackSet:
    """The shipped packs with those of `DATA/packs/<bureau>/`. A folder that cannot be read is left aside; `troubles` names it."""
    return _read(data)[0]


def troubles(data: Path) -> tuple[Trouble, ...]:
    """Published folders that are left aside, each with the error that says why."""
    return _read(data)[1]


def own_folders(data: Path) -> list[Path]:
    """Folders of the bureau's own packs, in order."""
    return sorted(f.parent for f in (data / FOLDER).glob("*/pack.yaml"))


def _read(data: Path) -> tuple[PackSet, tuple[Trouble, ...]]:
    seen = _fingerprint(data)
    if not seen:
        return shipped(), ()
    key = data.resolve()
    with _lock:
        kept = _kept.get(key)
        if kept is None or kept[0] != seen:
            packs, aside = _load(own_folders(data))
            kept = _kept[key] = (seen, packs, aside)
    return kept[1], kept[2]


def _fingerprint(data: Path) -> Fingerprint:
    """Name, time and size of every file: one `stat` each, which is what a page can afford."""
    found = []
    for folder in own_folders(data):
        for file in sorted(folder.rglob("*.yaml")):
            stat = file.stat()
            found.append((str(file), stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def _load(folders: list[Path]) -> tuple[PackSet, tuple[Trouble, ...]]:
    """Add folder after folder to what reads well; what does not is left aside."""
    packs, good, aside = shipped(), [], []
    for folder in folders:
        try:
            packs = load([NATIONAL, *shipped_regions(), *good, folder])
        except LeyeError as error:
            aside.append(Trouble(folder.name, error))
        else:
            good.append(folder)
    return packs, tuple(aside)
