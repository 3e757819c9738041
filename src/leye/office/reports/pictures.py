"""Where drawn charts lie, and a drawn chart as PNG for files that take no SVG."""

from __future__ import annotations

import hashlib
from pathlib import Path


def chart_file(data: Path, run_id: str, kind: str, unique_id: str, *, lang: str = "zh", elder: bool = False, ending: str = "svg") -> Path:
    """`DATA/charts/<run_id>/<kind>-<hash>-<lang>[-elder].<ending>`; ids are hashed because they hold slashes."""
    digest = hashlib.sha256(unique_id.encode()).hexdigest()[:16]
    return data / "charts" / run_id / f"{kind}-{digest}-{lang}{'-elder' if elder else ''}.{ending}"


def drawn_fan(data: Path, run_id: str, unique_id: str, lang: str = "zh") -> str | None:
    """The SVG of a series' fan when it was drawn."""
    file = chart_file(data, run_id, "fan", unique_id, lang=lang)
    return file.read_text(encoding="utf-8") if file.exists() else None


def png_of(svg: str) -> bytes:
    """The picture in twice the size, for print."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=2))
