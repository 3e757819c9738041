"""Where a bureau's record of payments and notices lies: `payments` and `notices` as Parquet or CSV in one folder."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from leye.kernel.errors import BadInput, Place

COLUMNS = {
    "payments": {"person_id": pl.String, "policy": pl.String, "month": pl.Date, "paid_on": pl.Date},
    "notices": {"person_id": pl.String, "policy": pl.String, "delivered_on": pl.Date, "applied_on": pl.Date},
}


def payments_and_notices(folder: Path) -> tuple[pl.DataFrame | None, pl.DataFrame | None]:
    """The two tables, each None where the folder lacks it. Raises BadInput (E_NO_FILE) where it lacks both, E_COLUMN_MISSING."""
    found = {name: _table(folder, name) for name in COLUMNS}
    if all(t is None for t in found.values()):
        raise BadInput(
            f"文件夹 {folder} 里没有 payments 或 notices",
            en=f"no payments and no notices in {folder}",
            remedy_zh="放入 payments.parquet 或 notices.parquet（或 .csv）；没有记录就不写 --record",
            remedy_en="put payments.parquet or notices.parquet (or .csv) there, or leave --record out",
            places=(Place(file=str(folder)),),
            code="E_NO_FILE",
        )
    return found["payments"], found["notices"]


def _table(folder: Path, name: str) -> pl.DataFrame | None:
    file = next((f for ending in (".parquet", ".csv") if (f := folder / f"{name}{ending}").is_file()), None)
    if file is None:
        return None
    table = pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_csv(file, infer_schema=False)
    for column in COLUMNS[name]:
        if column not in table.columns:
            raise BadInput(
                f"{file.name} 缺少列 {column}",
                en=f"{file.name} lacks the column {column}",
                remedy_zh=f"要有：{'、'.join(COLUMNS[name])}",
                remedy_en=f"needed: {', '.join(COLUMNS[name])}",
                places=(Place(file=str(file), column=column),),
                code="E_COLUMN_MISSING",
            )
    text = [pl.col(c).str.to_date("%Y-%m-%d", strict=False) for c, t in COLUMNS[name].items() if t == pl.Date and table.schema[c] == pl.String]
    return table.with_columns(text).select(*COLUMNS[name])
