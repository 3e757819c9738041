"""Drawn charts on disk, `DATA/charts/<run_id>/…`: the SVG for the page and print, the JSON for the interactive chart. Drawn once, read after."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from leye.kernel.errors import NotFound
from leye.lake.snapshots import write_atomically

_drawing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Name:
    """Which drawing: kind (`fan`, `contributions`, …), series, language (zh, en) and large type."""

    run_id: str
    kind: str
    unique_id: str
    lang: str
    elder: bool

    def stem(self) -> str:
        """Name of the files; ids are hashed because they hold slashes."""
        digest = hashlib.sha256(self.unique_id.encode()).hexdigest()[:16]
        return f"{self.kind}-{digest}-{self.lang}{'-elder' if self.elder else ''}"


def drawn(folder: Path, name: Name, draw: Callable[[int | str], Any]) -> str:
    """The SVG, drawn now if nobody drew it. `draw(width)` gives the Altair chart: a number for the picture, `container` for the page."""
    home = folder / "charts" / name.run_id
    file = home / f"{name.stem()}.svg"
    if not file.exists():
        with _drawing:
            if not file.exists():
                _draw(home, name, draw)
    return _read(str(file), file.stat().st_mtime_ns)


def spec_text(folder: Path, name: Name) -> str:
    """The JSON of a chart that was drawn. Raises NotFound."""
    file = folder / "charts" / name.run_id / f"{name.stem()}.json"
    if not file.exists():
        raise NotFound("这张图还没画", en="this chart was not drawn yet", remedy_zh="先打开它所在的页面")
    return file.read_text(encoding="utf-8")


def _draw(home: Path, name: Name, draw: Callable[[int | str], Any]) -> None:
    import vl_convert

    svg = vl_convert.vegalite_to_svg(draw(640).to_dict())
    write_atomically(home / f"{name.stem()}.json", json.dumps(draw("container").to_dict(), ensure_ascii=False, default=str))
    write_atomically(home / f"{name.stem()}.svg", svg)  # last: its presence says that both are there


@lru_cache(maxsize=64)
def _read(file: str, _stamp: int) -> str:
    return Path(file).read_text(encoding="utf-8")
