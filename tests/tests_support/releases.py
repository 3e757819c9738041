"""A city of a few hundred people whose counts are known by heart, for releases."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

ON = date(2025, 8, 31)


def write_people(data: Path, rows: list[dict[str, Any]] | None = None) -> Path:
    """`city/people.parquet` and its manifest under `data`: 400 people, 240 of them women, 100 in each of four districts, one of unknown sex."""
    made = rows if rows is not None else [_person(i) for i in range(400)]
    schema = {"person_id": pl.String, "region": pl.String, "sex": pl.String, "birth": pl.Date, "hukou_local": pl.Boolean}
    (data / "city").mkdir(parents=True, exist_ok=True)
    file = data / "city" / "people.parquet"
    pl.DataFrame(made, schema=schema).write_parquet(file)
    (data / "city" / "manifest.json").write_text(json.dumps({"on": ON.isoformat(), "region": "440600"}), encoding="utf-8")
    return file


def _person(i: int) -> dict[str, Any]:
    sex = None if i == 399 else "F" if i % 5 < 3 else "M"
    region = ("CN-440604", "CN-440605", "CN-440606", "CN-440607")[i % 4]
    return {"person_id": f"P{i:08d}", "region": region, "sex": sex, "birth": date(1960 + i % 40, 1 + i % 12, 1), "hukou_local": i % 2 == 0}
