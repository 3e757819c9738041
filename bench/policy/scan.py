"""The bare scan that our engine is held against: the largest value of every column of a Parquet file. `python scan.py FILE [COLUMN…]`"""

from __future__ import annotations

import sys

import polars as pl


def main(file: str, *columns: str) -> None:
    frame = pl.scan_parquet(file)
    frame.select(pl.col(columns or frame.collect_schema().names()).max()).collect(engine="streaming")


if __name__ == "__main__":
    main(*sys.argv[1:])
