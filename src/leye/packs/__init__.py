"""Data packs: code tables, calendars, source specs, response plans. Data, not code; `open_pack("codes/regions.csv")` finds a file."""

from __future__ import annotations

from pathlib import Path

from leye.kernel.errors import NotFound

ROOT = Path(__file__).parent


def open_pack(name: str) -> Path:
    """Path of a file or folder inside the packs. Raises NotFound when there is none, or when the name leaves the packs."""
    path = (ROOT / name).resolve()
    if not path.is_relative_to(ROOT) or not path.exists():
        raise NotFound(f"没有这个数据包：{name}", en=f"no such pack: {name}", remedy_zh=f"数据包放在 {ROOT.name}/ 下面")
    return path
