"""Data sets that noisy counts may be released from: their yearly budget, and groups whose values are fixed beforehand.

The cells of a release must not depend on the data, or an empty cell that is missing tells that nobody is in it; so values come from the pack or from
the public table of divisions, and whatever else stands in the table counts as `unknown`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from leye.kernel.codes import current_regions, region_name, region_parent, region_prefix
from leye.kernel.errors import BadInput
from leye.packs import open_pack

PACK = "privacy/releases.yaml"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Group:
    """What counts are split by. values: as text, without `unknown` · words: value -> (Chinese, English) · ages: lower bounds in years, or empty."""

    code: str
    zh: str
    en: str
    column: str
    values: tuple[str, ...]
    words: Mapping[str, tuple[str, str]]
    ages: tuple[int, ...] = ()

    @property
    def cells(self) -> tuple[str, ...]:
        """All values, `unknown` last."""
        return (*self.values, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Dataset:
    """epsilon_micro: what all releases of one calendar year may cost together, in millionths · most_rows: rows that one person may have."""

    code: str
    zh: str
    en: str
    table: str
    epsilon_micro: int
    most_rows: int
    groups: Mapping[str, Group]


def dataset_called(code: str, region: str) -> Dataset:
    """A data set of the city of `region` (six digits), whose districts are its divisions. Raises BadInput (E_DATASET)."""
    found = datasets(region).get(code)
    if found is None:
        raise BadInput(
            f"没有登记数据集“{code}”",
            en=f"no data set {code!r} is declared",
            remedy_zh=f"可选：{'、'.join(datasets(region))}",
            remedy_en=f"one of {', '.join(datasets(region))}",
            code="E_DATASET",
        )
    return found


@cache
def datasets(region: str) -> Mapping[str, Dataset]:
    """All shipped data sets by code."""
    return read_datasets(open_pack(PACK), region)


def read_datasets(file: Path, region: str) -> dict[str, Dataset]:
    """The data sets of a pack file. Raises BadInput (E_PACK)."""
    said = yaml.safe_load(file.read_text(encoding="utf-8"))
    try:
        return {row["code"]: _dataset(row, region) for row in said["datasets"]}
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(
            f"数据集表 {file.name} 写得不对：{error}", en=f"{file.name}: {error}", remedy_zh="对照文件开头的说明改正", code="E_PACK"
        ) from error


def _dataset(row: dict[str, Any], region: str) -> Dataset:
    epsilon, most = round(float(row["epsilon_per_year"]) * 1_000_000), int(row["most_rows_per_person"])
    if epsilon <= 0 or most < 1:
        raise ValueError("epsilon_per_year and most_rows_per_person must be positive")
    groups = {g["code"]: _group(g, region) for g in row["groups"]}
    return Dataset(row["code"], row["zh"], row["en"], row["table"], epsilon, most, groups)


def _group(g: dict[str, Any], region: str) -> Group:
    words: dict[str, tuple[str, str]]
    if "ages" in g:
        ages = tuple(int(a) for a in g["ages"])
        bands = [f"{a}-{b - 1}" for a, b in pairwise(ages)] + [f"{ages[-1]}+"]
        words, ordered = {b: (f"{b}岁", b) for b in bands}, bands
    elif g["values"] == "districts":
        codes = sorted(code for code in current_regions() if region_parent(code) == region)
        ordered, ages = [region_prefix(code) for code in codes], ()
        words = {region_prefix(code): (region_name(code), code) for code in codes}
    else:
        ordered, ages = [value_text(v) for v in g["values"]], ()
        words = {v: (str(zh), str(en)) for v, zh, en in zip(ordered, g["zh_values"], g["en_values"], strict=True)}
    if len(set(ordered)) < len(ordered) or UNKNOWN in ordered:
        raise ValueError(f"values of {g['code']} repeat, or hold {UNKNOWN!r}")
    return Group(g["code"], g["zh"], g["en"], g["column"], tuple(ordered), words, ages)


def value_text(value: object) -> str:
    """A value as text: true and false in small letters, as polars writes them."""
    return str(value).lower() if isinstance(value, bool) else str(value)
