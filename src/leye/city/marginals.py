"""The city in shares: reads `packs/city/marginals.yaml` and the list of occupations once."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import yaml

from leye.city.dice import Array
from leye.packs import open_pack


@dataclass(frozen=True, slots=True)
class JobFamily:
    """An occupation (7 digits) as the city knows it: where it works, what it earns in yuan a month, and the words of its ads."""

    code: str
    sections: dict[str, float]
    wage_yuan: int
    pay: str
    graduate: float
    titles: tuple[str, ...]
    duties: tuple[str, ...]
    needs: tuple[str, ...]


@cache
def marginals() -> dict[str, Any]:
    """The whole table as it stands in the pack."""
    with open_pack("city/marginals.yaml").open(encoding="utf-8") as file:
        return dict(yaml.safe_load(file))


@cache
def sections() -> tuple[str, ...]:
    """Industry sections of the city, in code order."""
    return tuple(marginals()["industries"])


@cache
def districts() -> tuple[str, ...]:
    """Six-digit codes of the districts, in code order."""
    return tuple(marginals()["districts"])


def by_section(key: str) -> Array:
    """(sections,) numbers of one column of the industries table."""
    return np.array([row[key] for row in marginals()["industries"].values()], dtype=np.float64)


@cache
def job_families() -> tuple[JobFamily, ...]:
    """Occupations of `packs/city/jobs.csv`, in its order."""
    with open_pack("city/jobs.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            JobFamily(
                row["code"], _weights(row["sections"]), int(row["wage_yuan"]), row["pay"], float(row["graduate"]),
                _list(row["titles"]), _list(row["duties"]), _list(row["needs"]),
            )
            for row in csv.DictReader(file)
        )  # fmt: skip


@cache
def family_weights() -> Array:
    """(sections, families): how often an occupation stands in a section; every row sums to 1."""
    table = np.array([[f.sections.get(s, f.sections.get("*", 0.0)) for f in job_families()] for s in sections()])
    return np.asarray(table / table.sum(axis=1, keepdims=True))


def _weights(text: str) -> dict[str, float]:
    return {part.split(":")[0]: float(part.split(":")[1]) for part in text.split()}


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))
