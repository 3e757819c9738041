"""Files of a fairness report under `DATA/reports/fairness/<quarter>-<hash>/`: `report.json`, whose sha256 is sealed, and its tables as CSV."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from leye.kernel.errors import CheckFailed
from leye.kernel.period import Quarter
from leye.lake.snapshots import write_atomically
from leye.office.fairness.measure import COMMAND, Measured
from leye.office.published import Row

FORM = 1
"""Version of the form of `report.json`."""
TABLES = ("rates", "means", "weeks")


def content_of(measured: Measured, *, quarter: Quarter, algo: str, version: str, tables: dict[str, str], is_city: bool) -> str:
    """The text of `report.json`: equal data, equal bytes, whoever makes it and whenever.

    tables: sha256 of the tables that it was made of, by name · is_city: the figures are made up.
    """
    body = {
        "form": FORM, "quarter": str(quarter), "algo": algo, "version": version, "from": quarter.period.start, "to": quarter.period.end,
        "command": COMMAND, "tables": tables, "is_city": is_city, "summary": measured.summary,
        **{name: t.to_dicts() for name, t in frames(measured).items()},
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False, indent=1, allow_nan=False, default=_day) + "\n"


def frames(measured: Measured) -> dict[str, Any]:
    """The report's tables by name."""
    return {name: getattr(measured, name) for name in TABLES}


def sha256_of(text: str) -> str:
    """What is sealed."""
    return hashlib.sha256(text.encode()).hexdigest()


def folder(data: Path, quarter: str, sha256: str) -> Path:
    """Where the files of one report lie."""
    return data / "reports" / "fairness" / f"{quarter}-{sha256[:12]}"


def write(data: Path, quarter: str, text: str, measured: Measured) -> None:
    """Put the files in place; `report.json` last, because its presence says that all are there."""
    home = folder(data, quarter, sha256_of(text))
    for name, table in frames(measured).items():
        write_atomically(home / f"{name}.csv", table.write_csv())
    write_atomically(home / "report.json", text)


def read_text(data: Path, quarter: str, sha256: str) -> str:
    """The text of `report.json`. Raises CheckFailed (E_FAIRNESS_CHANGED) when it is gone or not what was sealed."""
    file = folder(data, quarter, sha256) / "report.json"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    if sha256_of(text) != sha256:
        raise CheckFailed(
            "报告文件和封存时不一样了",
            en="the report's file is not what was sealed",
            remedy_zh="从备份恢复 reports/fairness，或重新生成；封存的哈希仍在留痕里",
            remedy_en="restore reports/fairness from a backup or make the report again; the sealed hash is still in the log",
            code="E_FAIRNESS_CHANGED",
        )
    return text


def rows_of(body: dict[str, Any], table: str) -> list[Row]:
    """Rows of a table of a report that was read."""
    found: list[Row] = body[table]
    return found


def columns_of(rows: list[Row]) -> list[str]:
    """Their columns in the order of the audit."""
    return list(rows[0]) if rows else []


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value)}")
