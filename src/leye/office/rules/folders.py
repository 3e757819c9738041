"""Published files on the disk: one pack folder a place, `DATA/packs/own-cn-4403/`. The database is what counts; the folder is written from it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from leye.office.rules.active import FOLDER


def pack_id(region: str) -> str:
    """Id and folder of a place's own pack.

    >>> pack_id("CN-4403")
    'own-cn-4403'
    """
    return f"own-{region.lower()}"


def head_text(region: str) -> str:
    """pack.yaml of a place's own pack."""
    name = json.dumps(f"本局自定规则（{region}）", ensure_ascii=False)
    return f"pack: {pack_id(region)}\nname: {{zh: {name}, en: {json.dumps(f'Own rules of {region}')}}}\nregion: {region}\nextends: cn\n"


def write_pack(parent: Path, region: str, files: Mapping[str, str]) -> Path:
    """Write the folder of a place anew. files: policy id -> text; without any the folder goes. Readers see each file old or new, never a part."""
    folder = parent / pack_id(region)
    if not files:
        shutil.rmtree(folder, ignore_errors=True)
        return folder
    (folder / "policies").mkdir(parents=True, exist_ok=True)
    wanted = {folder / "pack.yaml": head_text(region), **{folder / "policies" / f"{name}.yaml": text for name, text in files.items()}}
    for file, text in wanted.items():
        _write(file, text)
    for file in folder.rglob("*.yaml"):
        if file not in wanted:
            file.unlink()
    return folder


def _write(file: Path, text: str) -> None:
    if file.is_file() and file.read_text(encoding="utf-8") == text:
        return
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)


def own_parent(data: Path) -> Path:
    """Where the folders of a bureau's own packs lie."""
    return data / FOLDER


def files_on_disk(data: Path, region: str) -> dict[str, str]:
    """Policy id -> text, as they lie there."""
    return {f.stem: f.read_text(encoding="utf-8") for f in _policy_files(own_parent(data) / pack_id(region))}


def _policy_files(folder: Path) -> Iterable[Path]:
    return sorted((folder / "policies").glob("*.yaml"))
