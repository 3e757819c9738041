"""What twelve departments send: messy files under `inbox/`, and under `truth/` the list of every error that was planted in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from leye.city.departments_people import PEOPLE_WRITERS
from leye.city.departments_series import SERIES_WRITERS
from leye.city.dice import stream
from leye.lake.polars_engine import PolarsEngine

if TYPE_CHECKING:
    from leye.city.store import City

ERRORS = {
    "source": pl.String, "file": pl.String, "sheet": pl.String, "row": pl.Int64, "column": pl.String, "kind": pl.String, "expected_code": pl.String,
}  # fmt: skip


def write_inbox(city: City, out_dir: Path, *, seed: int) -> None:
    """Write `inbox/<department>/…` and `truth/inbox_errors.parquet` under `out_dir`. Equal cities and seeds give equal bytes.

    What departments report equals the city's indicators exactly, save where an error is planted. `expected_code` is null for what intake
    counts without a code: rows repeated, and figures that a later file corrects.
    """
    errors: list[tuple[object, ...]] = []
    for source, write in {**SERIES_WRITERS, **PEOPLE_WRITERS}.items():
        folder = out_dir / "inbox" / source
        folder.mkdir(parents=True, exist_ok=True)
        for table in write(city, folder, stream(seed, f"inbox/{source}")):
            errors.extend(table.faults(source))
    (out_dir / "truth").mkdir(exist_ok=True)
    PolarsEngine().write(pl.DataFrame(errors, schema=ERRORS, orient="row"), out_dir / "truth" / "inbox_errors.parquet")
