"""A clerk's desk for the tests of intake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from leye.intake import LoadReport, load

AT = datetime(2025, 8, 31, tzinfo=UTC)

SPEC = """
spec: 1
source: {id: demo}
home: "210100"
key: [region, month]
fields:
  region: {type: region, from: [区县, 地区], required: true}
  month: {type: period, from: [月份], required: true}
  heads: {type: count, unit: 人, from: [人数（人）], required: true, range: [0, 1000000]}
  wage: {type: money, unit: 元, from: [平均工资]}
contract: {new_column: accept, missing_column: accept}
"""


@dataclass
class Desk:
    """A clerk's desk: write a spec and files, load them, look at what came out."""

    root: Path

    @property
    def out(self) -> Path:
        return self.root / "out"

    def spec(self, text: str = SPEC, name: str = "demo.yaml") -> Path:
        (self.root / name).write_text(text, encoding="utf-8")
        return self.root / name

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.root / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def load(self, *files: Path, spec: str = SPEC, at: datetime = AT, step: Callable[[str], None] = lambda name: None) -> LoadReport:
        return load(self.spec(spec), list(files), self.out, recorded_at=at, step=step)

    def table(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.out / f"{name}.parquet")
