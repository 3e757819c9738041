"""Tables that commands write: by the ending of their name, refused before any work is done, and put in place whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from leye.kernel.errors import BadInput, Place

if TYPE_CHECKING:
    import polars as pl

ROWS_TOGETHER = 50_000
"""Rows of a row group of Parquet. # chosen by us: some 200 MB of reasons"""
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


def write_parts(parts: Iterable[pl.DataFrame], file: Path) -> int:
    """The same for a table that comes in parts of one schema, one of which is in memory at a time (all of them for JSON). Returns its rows."""
    import polars as pl

    check_ending(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    with TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as folder:
        rows = 0
        for k, part in enumerate(parts):
            part.write_parquet(Path(folder) / f"{k:06}.parquet", compression="lz4")
            rows += part.height
        whole = pl.scan_parquet(Path(folder) / "*.parquet")
        try:
            _sink(whole, beside, file.suffix.lower())
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
    return rows


def _sink(table: pl.LazyFrame, beside: Path, ending: str) -> None:
    if ending == ".parquet":
        table.sink_parquet(beside, compression="zstd", row_group_size=ROWS_TOGETHER, maintain_order=True)
    elif ending == ".json":
        _write(table.collect(), beside, ending)
    else:
        table.sink_csv(beside, separator="\t" if ending == ".tsv" else ",", maintain_order=True)


def _write(table: pl.DataFrame, beside: Path, ending: str) -> None:
    if ending == ".parquet":
        table.write_parquet(beside, compression="zstd")
    elif ending == ".json":
        beside.write_text(json.dumps(table.to_dicts(), ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    else:
        table.write_csv(beside, separator="\t" if ending == ".tsv" else ",")
