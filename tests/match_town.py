"""The town of the tests of vacancies and applications: who is who, and its table of ads."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

NOW = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)
FIRM, OTHER_FIRM = "F00000001", "F00000002"
SEEKER, OTHER_SEEKER = "P00000001", "P00000002"
TYPED = {
    "title": "会计",
    "place": "示例市禅城区汾水街190号",
    "pay": "6000-8000元/月",
    "headcount": "1",
    "description": "负责账务处理和纳税申报。要求大专以上学历，三年以上财务经验，持初级会计证。双休。",
}


def ads(folder: Path, rows: list[tuple[str, str, int, int, date | None]]) -> None:
    """Write the table of ads: (id, title, least and most pay a month, last day)."""
    pl.DataFrame(
        {
            "job_id": [r[0] for r in rows], "firm_id": [OTHER_FIRM] * len(rows), "posted_on": [date(2025, 8, 15)] * len(rows),
            "closed_on": [r[4] for r in rows], "title": [r[1] for r in rows], "text": ["负责账务处理，要求大专以上学历。"] * len(rows),
            "occupation": ["2060301"] * len(rows), "industry": ["C22"] * len(rows), "region": ["440605"] * len(rows),
            "wage_min_fen": [r[2] for r in rows], "wage_max_fen": [r[3] for r in rows], "headcount": [1] * len(rows),
        },
        schema_overrides={"closed_on": pl.Date},
    ).write_parquet(folder / "jobs.parquet")  # fmt: skip
