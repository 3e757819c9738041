"""A city of a handful of residents in a data folder, with all columns of a person's file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from leye.trust.privacy.purposes import purpose_called

ANN = "P00000012"
BOB = "P00000013"
"""Ann lives in 440605, Bob in 440606."""

ANN_ROW = {
    "person_id": ANN, "region": "CN-440605", "name": "黄秀英", "phone": "13800138000", "id_number": "440605199001011239", "sex": "F",
    "birth": date(1990, 1, 1), "employment_status": "unemployed", "dibao": True, "monthly_wage_fen": 520_000, "address": "桂城街道 1 号",
}  # fmt: skip
BOB_ROW = ANN_ROW | {"person_id": BOB, "region": "CN-440606", "name": "周骑手", "phone": "13900139000", "id_number": "44060619880202221X", "sex": "M"}


def write_people(data: Path, *rows: dict[str, Any]) -> Path:
    """Write `city/people.parquet` with Ann, Bob and further rows; facts that a row leaves out are unknown."""
    columns = purpose_called("own_data").columns
    people = [dict.fromkeys(columns) | row for row in (ANN_ROW, BOB_ROW, *rows)]
    file = data / "city" / "people.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(people, infer_schema_length=None).write_parquet(file)
    return file
