"""What a source is: where it comes from, how its files lie, what its columns mean. Built from YAML by `spec_file.read_spec`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

FieldType = Literal[
    "id", "text", "region", "period", "count", "number", "ratio", "money", "salary", "industry", "occupation", "person_id", "org_id"
]  # fmt: skip
NUMERIC: frozenset[str] = frozenset({"count", "number", "ratio", "money"})


@dataclass(frozen=True, slots=True)
class UnpivotRule:
    """Columns that are values of a field: a header that `match` fits becomes the text of the field `header`, the cell under it that of `value`."""

    match: re.Pattern[str]
    header: str
    value: str


@dataclass(frozen=True, slots=True)
class ReadRule:
    """How the files lie. Rows count from 1; `sheet` is a glob, empty means the first sheet; `encodings` are tried in order, strictly."""

    format: str = "auto"
    encodings: tuple[str, ...] = ("utf-8-sig", "utf-8", "gb18030", "utf-16")
    sheet: str = ""
    header_row: int = 1
    header_rows: int = 1
    join: str = "/"
    fill_merged: bool = True
    fill_down: tuple[str, ...] = ()
    footer: tuple[re.Pattern[str], ...] = ()
    unpivot: UnpivotRule | None = None


@dataclass(frozen=True, slots=True)
class TotalRule:
    """Rows that are sums: those whose `field` matches. Each `check` field is compared with the sum of its parts of equal `by` fields."""

    field: str
    match: re.Pattern[str]
    by: tuple[str, ...] = ()
    check: tuple[str, ...] = ()
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One column. `low`, `high` bound the value in base units (yuan for money); `labels` maps words of the file to ids."""

    name: str
    type: FieldType
    headers: tuple[str, ...]
    required: bool = False
    unit: str = ""
    low: float | None = None
    high: float | None = None
    labels: dict[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the typed columns that the field makes."""
        if self.type == "period":
            return tuple(f"{self.name}_{part}" for part in ("start", "end", "kind"))
        if self.type == "salary":
            return tuple(f"{self.name}_{part}" for part in ("min_fen", "max_fen", "period", "months"))
        return (f"{self.name}_fen",) if self.type == "money" else (self.name,)


@dataclass(frozen=True, slots=True)
class Contract:
    """What to do when a file has a column that the spec does not know, or lacks one that it does."""

    new_column: Literal["accept", "reject_file"] = "accept"
    missing_column: Literal["reject_file", "accept"] = "reject_file"


@dataclass(frozen=True, slots=True)
class PanelRule:
    """How rows become series. The four dimensions hold the name of a field or, after `=`, a constant; `adds_up` is false for rates.

    place_zh: what pages call the root region, its official name when empty · calm_direction: `down` when a fall is bad, `up` when a rise is bad.
    """

    indicator: str
    value: str
    ds: str
    region: str
    industry: str = "=all"
    occupation: str = "=all"
    grp: str = "=all"
    unit: str = ""
    title_zh: str = ""
    title_en: str = ""
    place_zh: str = ""
    adds_up: bool = True
    calm_direction: Literal["down", "up"] = "down"


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A whole source spec; `id` is part of every row id, the file name never is."""

    id: str
    owner: str
    legal_basis: str
    licence: str
    contains_personal: bool
    freshness: str
    home: str
    reference: str
    read: ReadRule
    totals: tuple[TotalRule, ...]
    key: tuple[str, ...]
    fields: dict[str, FieldRule]
    contract: Contract
    panel: PanelRule | None
    path: str

    @property
    def wide(self) -> frozenset[str]:
        """Fields that come out of columns turned into rows; they have no column of their own."""
        rule = self.read.unpivot
        return frozenset({rule.header, rule.value} if rule else ())

    @property
    def columns(self) -> tuple[str, ...]:
        """All typed columns in the order of the fields."""
        return tuple(c for f in self.fields.values() for c in f.columns)
