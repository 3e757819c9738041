"""A city on disk: tables, truth and manifest; a folder that holds another city is refused."""

from __future__ import annotations

import importlib
import importlib.util
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from leye.city.marginals import marginals
from leye.kernel.errors import BadInput
from leye.lake.polars_engine import PolarsEngine
from leye.lake.snapshots import file_sha256, write_atomically

Progress = Callable[[str, int, int], None]
"""Called with a Chinese word for the step, steps done and steps in all."""
FORM = 1
"""Version of the tables' form, kept in the manifest."""


@dataclass(slots=True)
class City:
    """Tables by name, truth tables by name, plants, and what the city was made from."""

    people: int
    seed: int
    on: date
    region: str
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    truth: dict[str, pl.DataFrame] = field(default_factory=dict)
    plants: list[dict[str, Any]] = field(default_factory=list)

    @property
    def made_from(self) -> dict[str, Any]:
        """The parameters that decide every byte."""
        return made_from(self.people, self.seed, self.on)


def made_from(people: int, seed: int, on: date) -> dict[str, Any]:
    """The parameters of a city as its manifest writes them."""
    return {"people": people, "seed": seed, "on": on.isoformat(), "region": str(marginals()["city"])}


def write_city(city: City, out: Path, *, inbox: bool = True, progress: Progress | None = None, force: bool = False) -> dict[str, Any]:
    """Write `city/`, `truth/` and, when asked, `inbox/` under `out`; returns the manifest. Raises BadInput when another city lies there.

    The manifest is written last: a folder without one holds no city. The same parameters give the same bytes, so a second run changes nothing.
    Raises BadInput (E_NOT_WRITTEN) when the disk refuses.
    """
    clear_for(out, city.made_from, force=force)
    try:
        return _write_all(city, out, inbox=inbox, progress=progress)
    except OSError as error:
        zh, en = f"写不进 {out}：{error.strerror}", f"cannot write {out}: {error.strerror}"
        raise BadInput(zh, en=en, remedy_zh="请检查目录的权限和剩余空间，或换一个目录", code="E_NOT_WRITTEN") from error


def _write_all(city: City, out: Path, *, inbox: bool, progress: Progress | None) -> dict[str, Any]:
    steps = len(city.tables) + len(city.truth) + (1 if inbox else 0)
    tables: dict[str, dict[str, Any]] = {}
    for done, (name, frame) in enumerate(city.tables.items()):
        say(progress, name, done, steps)
        file = out / "city" / f"{name}.parquet"
        _write(frame, file)
        tables[name] = {"rows": frame.height, "sha256": file_sha256(file)}
    for done, (name, frame) in enumerate(city.truth.items(), start=len(city.tables)):
        say(progress, f"truth/{name}", done, steps)
        _write(frame, out / "truth" / f"{name}.parquet")
    write_atomically(out / "truth" / "plants.json", json.dumps(city.plants, ensure_ascii=False, indent=1) + "\n")
    if inbox:
        say(progress, "部门文件", steps - 1, steps)
        _write_inbox(city, out)
    manifest = {**city.made_from, "form": FORM, "tables": tables}
    write_atomically(out / "city" / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    say(progress, "完成", steps, steps)
    return manifest


def clear_for(out: Path, made_from: dict[str, Any], *, force: bool = False, dry: bool = False) -> None:
    """Make room for a city (with `dry` only look), or raise BadInput (E_CITY_EXISTS) when a different one lies there and `force` is off."""
    if out.exists() and not out.is_dir():
        raise BadInput(f"{out} 是文件，不是目录", en=f"{out} is a file, not a folder", remedy_zh="请给出一个目录", code="E_NOT_A_FOLDER")
    there = city_in(out)
    if there is None:
        return
    if any(there.get(k) != v for k, v in made_from.items()):
        if not force:
            raise BadInput(
                f"{out} 里已有另一座城市（{_describe(there)}），这次要生成的是 {_describe(made_from)}",
                en=f"{out} already holds another city ({_describe(there)}); asked for {_describe(made_from)}",
                remedy_zh="请换一个目录，或加 --force 覆盖（旧的 city、truth、inbox 会被删除）",
                remedy_en="choose another folder, or --force to replace its city, truth and inbox",
                code="E_CITY_EXISTS",
            )
        for name in () if dry else ("city", "truth", "inbox"):
            shutil.rmtree(out / name, ignore_errors=True)
    if not dry:
        (out / "city" / "manifest.json").unlink(missing_ok=True)


def city_in(out: Path) -> dict[str, Any] | None:
    """The manifest of the city in a data folder, or None. Raises BadInput when it cannot be read."""
    file = out / "city" / "manifest.json"
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, OSError) as error:
        zh, remedy = f"{file} 读不了：{error}", "请换一个目录，或删除这个文件"
        raise BadInput(zh, en=f"cannot read {file}", remedy_zh=remedy, code="E_CITY_MANIFEST") from error


def _describe(made_from: dict[str, Any]) -> str:
    return "、".join(f"{k}={made_from.get(k)}" for k in ("people", "seed", "on"))


def _write(frame: pl.DataFrame, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    PolarsEngine().write(frame, file)


def _write_inbox(city: City, out: Path) -> None:
    """Department files, where that part of the room is installed."""
    if importlib.util.find_spec("leye.city.departments") is not None:
        importlib.import_module("leye.city.departments").write_inbox(city, out, seed=city.seed)


def say(progress: Progress | None, step: str, done: int, steps: int) -> None:
    """Report a step where somebody listens."""
    if progress is not None:
        progress(step, done, steps)
