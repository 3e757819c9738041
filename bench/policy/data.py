"""The people of this benchmark: skewed as people are, made in pieces and kept outside the repository by size and content of the maker."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tests"))
from leye.policy import PackSet, load, shipped  # noqa: E402
from tests_support import policy_people, policy_wishes  # noqa: E402

ON = date(2025, 7, 15)
PACK20 = HERE / "pack20"
PIECE = 250_000
NULLS = 0.1
STEERED = 0.05
"""Share of people who are pushed towards a policy, so that rare ones are not empty."""
REGIONS = (
    "CN-440106",
    "CN-440305",
    "CN-4401",
    "CN-110105",
    "CN-310115",
    "CN-330106",
    "CN-510104",
    "CN-500103",
    "CN-420106",
    "CN-610113",
    "CN-35",
    "CN-410105",
)


def cache() -> Path:
    """LEYE_BENCH_CACHE, else a folder among the temporary files."""
    folder = Path(os.environ.get("LEYE_BENCH_CACHE", Path(tempfile.gettempdir()) / "leye-bench-policy"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _stamp(packs: PackSet) -> str:
    """Files made by another maker, or for other facts, are other files."""
    text = "".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in (policy_people, policy_wishes))
    text += repr((ON, PIECE, NULLS, STEERED, REGIONS)) + ",".join(packs.facts.facts)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def twenty(count: int) -> dict[str, Path]:
    """`known` and `nulls`: the same people with 35 facts, all known, and with a tenth of each fact unknown."""
    packs = load([PACK20])
    files = {name: cache() / f"twenty-{name}-{count}-{_stamp(packs)}.parquet" for name in ("known", "nulls")}
    if not all(f.exists() for f in files.values()):
        pieces = (p.drop("region") for p in _pieces(packs, count, nulls=0.0))
        _write(files, ({"known": piece, "nulls": _forget(piece, number)} for number, piece in enumerate(pieces)))
    return files


def whole(count: int) -> Path:
    """Every fact of the shipped packs, a tenth unknown, in twelve places."""
    packs = shipped()
    file = cache() / f"whole-{count}-{_stamp(packs)}.parquet"
    if not file.exists():
        _write({"whole": file}, ({"whole": piece} for piece in _pieces(packs, count, nulls=NULLS)))
    return file


def _pieces(packs: PackSet, count: int, *, nulls: float) -> Iterator[pl.DataFrame]:
    for first in range(0, count, PIECE):
        size = min(PIECE, count - first)
        yield policy_people.random_people(packs, ON, size, seed=7, nulls=nulls, steered=STEERED, regions=REGIONS, first=first + 1)


def _forget(piece: pl.DataFrame, number: int) -> pl.DataFrame:
    dice = np.random.default_rng((11, number))
    kept = {n: pl.Series(dice.random(piece.height) >= NULLS) for n in piece.columns if n != "person_id"}
    return piece.with_columns(pl.when(mask).then(pl.col(n)).alias(n) for n, mask in kept.items())


def _write(files: dict[str, Path], pieces: Iterator[dict[str, pl.DataFrame]]) -> None:
    """Zstandard Parquet, a row group a piece; a file appears when it is whole."""
    writers: dict[str, pq.ParquetWriter] = {}
    for frames in pieces:
        for name, frame in frames.items():
            table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
            if name not in writers:
                writers[name] = pq.ParquetWriter(files[name].with_suffix(".part"), table.schema, compression="zstd")
            writers[name].write_table(table)
    for name, writer in writers.items():
        writer.close()
        files[name].with_suffix(".part").replace(files[name])
