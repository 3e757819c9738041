"""`leye impact build-exposure`: the shipped exposure table from the raw files of the sources."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def build_exposure(
    folder: Annotated[Path, typer.Argument(metavar="SHARED", help="放着三个来源原始文件的文件夹 / folder with the sources' raw files")],
    out: Annotated[Path, typer.Option("--out", help="写到哪里（.csv），如 src/leye/packs/impact/exposure.csv / where to write")],
) -> None:
    """重建随产品发布的受影响程度表。Rebuild the shipped table of exposure."""
    from leye.cli.table_file import check_ending
    from leye.impact.building import build_exposure as built

    check_ending(out)
    text = built(folder)
    out.write_text(text, encoding="utf-8")
    sys.stdout.write(f"已写入 {out}：{text.count(chr(10)) - 1} 行\n")
