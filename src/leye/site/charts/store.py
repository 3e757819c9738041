"""Drawn charts on disk, `DATA/charts/<run_id>/…`: the SVG for the page and print, the JSON for the interactive chart. Drawn once, read after."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from leye.kernel.errors import NotFound
from leye.lake.snapshots import write_atomically
from leye.office.reports.pictures import chart_file

_drawing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Name:
    """Which drawing: kind (`fan`, `contributions`, …), series, language (zh, en) and large type."""

    run_id: str
    kind: str
    unique_id: str
    lang: str
    elder: bool

    def file(self, data: Path, ending: str) -> Path:
        """Where the drawing lies."""
        return chart_file(data, self.run_id, self.kind, self.unique_id, lang=self.lang, elder=self.elder, ending=ending)


def drawn(data: Path, name: Name, draw: Callable[[int | str], Any]) -> str:
    """The SVG, drawn now if nobody drew it. `draw(width)` gives the Altair chart: a number for the picture, `container` for the page."""
    file = name.file(data, "svg")
    if not file.exists():
        with _drawing:
            if not file.exists():
                _draw(data, name, draw)
    return _read(str(file), file.stat().st_mtime_ns)


def spec_text(data: Path, name: Name) -> str:
    """The JSON of a chart that was drawn. Raises NotFound."""
    file = name.file(data, "json")
    if not file.exists():
        raise NotFound("这张图还没画", en="this chart was not drawn yet", remedy_zh="先打开它所在的页面")
    return file.read_text(encoding="utf-8")


def _draw(data: Path, name: Name, draw: Callable[[int | str], Any]) -> None:
    import vl_convert

    svg = vl_convert.vegalite_to_svg(draw(640).to_dict())
    write_atomically(name.file(data, "json"), json.dumps(draw("container").to_dict(), ensure_ascii=False, default=str))
    write_atomically(name.file(data, "svg"), svg)  # last: its presence says that both are there


@lru_cache(maxsize=64)
def _read(file: str, _stamp: int) -> str:
    return Path(file).read_text(encoding="utf-8")
