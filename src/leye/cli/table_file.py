"""Tables that commands write: by the ending of their name, refused before any work is done, and put in place whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from leye.kernel.errors import BadInput, Place

if TYPE_CHECKING:
    import polars as pl

ENDINGS = (".parquet", ".csv", ".tsv", ".json")


def check_ending(*files: Path | None) -> None:
    """Raise BadInput (E_FILE_TYPE) for a name whose ending says no form that can be written, or that is a folder."""
    for file in files:
        if file is not None and (file.suffix.lower() not in ENDINGS or file.is_dir()):
            said = f"“{file.suffix}”" if file.suffix else "没有扩展名"
            raise BadInput(
                f"{file} 是文件夹" if file.is_dir() else f"不能写成这种文件：{said}",
                en=f"{file} is a folder" if file.is_dir() else f"no table is written to a name ending in {file.suffix!r}",
                remedy_zh="文件名以 .csv 或 .parquet 结尾",
                remedy_en="give a name that ends in .csv or .parquet",
                places=(Place(str(file)),),
                code="E_FILE_TYPE",
            )


def write_table(table: pl.DataFrame, file: Path) -> None:
    """Write a table in the form that the ending says; whoever reads the name sees the old file or the new one, never a part."""
    check_ending(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        _write(table, beside, file.suffix.lower())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def _write(table: pl.DataFrame, beside: Path, ending: str) -> None:
    if ending == ".parquet":
        table.write_parquet(beside, compression="zstd")
    elif ending == ".json":
        beside.write_text(json.dumps(table.to_dicts(), ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    else:
        table.write_csv(beside, separator="\t" if ending == ".tsv" else ",")
