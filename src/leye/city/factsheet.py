"""The fact sheet of the people table: 96 facts with their types and what is allowed; arrays into typed columns with the share of unknowns."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from leye.city.dice import Array, stream
from leye.city.frames import days, words
from leye.city.marginals import marginals
from leye.packs import open_pack

Facts = dict[str, Array]
"""Fact id to (n,) values: int64, bool, datetime64[D] (NaT unknown), numbers of enum values (-1 unknown), masked arrays where ints are unknown."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of `packs/cn/facts.csv`. `allowed`: values of an enum or int list, or (low, high) as text for a range."""

    id: str
    zh: str
    type: str
    about: str
    kind: str
    allowed: tuple[str, ...]
    is_range: bool


@cache
def fact_sheet() -> dict[str, Fact]:
    """All facts by id, in the order of the sheet."""
    with open_pack("cn/facts.csv").open(encoding="utf-8", newline="") as file:
        return {r["id"]: _fact(r) for r in csv.DictReader(file)}


def _fact(row: dict[str, str]) -> Fact:
    is_range = ".." in row["allowed"]
    return Fact(row["id"], row["zh"], row["type"], row["about"], row["kind"], tuple(row["allowed"].split(".." if is_range else "|")), is_range)


def enum_codes(fact: str, *values: str) -> Array:
    """Numbers of enum values by name, to index with codes of one's own."""
    return np.array([fact_sheet()[fact].allowed.index(v) for v in values])


def masked(values: Array, known: Array) -> Array:
    """Whole numbers that are unknown where not `known`."""
    return np.ma.MaskedArray(values, mask=~known)


def fact_columns(facts: Facts, *, seed: int) -> dict[str, pl.Series]:
    """Typed columns in the order of the sheet. Each fact but the keys loses the stated share of its values, from its own dice."""
    columns = {}
    for name, fact in fact_sheet().items():
        column = _column(fact, facts[name])
        if fact.kind != "key":
            lost = stream(seed, f"unknown:{name}").random(len(column)) < marginals()["null_share"]
            column = column.set(pl.Series(lost), None)
        columns[name] = column.alias(name)
    return columns


def _column(fact: Fact, values: Array) -> pl.Series:
    if fact.type == "enum":
        return words(fact.allowed, values)
    if fact.type == "date":
        return days(values)
    kind = bool if fact.type == "bool" else np.int64
    if isinstance(values, np.ma.MaskedArray):
        plain = pl.Series(np.asarray(values.filled(0), dtype=kind))
        return plain.set(pl.Series(np.ma.getmaskarray(values)), None)
    return pl.Series(np.asarray(values, dtype=kind))
