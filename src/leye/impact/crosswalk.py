"""Which classes of ISCO-08 and of the SOC stand for an occupation of the 职业分类大典 2022, with how sure we are (`packs/impact/crosswalk.csv`).

There is no official table. Rows of kind `occupation` were written one by one: `high` where the classes mean the same work, `medium` where they
overlap or several are needed. Rows of kind `group` stand for every occupation of a middle or minor group without a row of its own: `low`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from leye.packs import open_pack

Kind = Literal["occupation", "group"]
Confidence = Literal["high", "medium", "low", "none"]


@dataclass(frozen=True, slots=True)
class Link:
    """code: 7 digits · isco08, soc2018: class codes; in a group's row beginnings of codes (`72` all of sub-major group 72)."""

    code: str
    kind: Kind
    name: str
    isco08: tuple[str, ...]
    soc2018: tuple[str, ...]
    confidence: Confidence


@cache
def links() -> dict[str, Link]:
    """The table by code. A code is that of an occupation or of a group, never of both."""
    with open_pack("impact/crosswalk.csv").open(encoding="utf-8", newline="") as file:
        rows = [_link(r) for r in csv.DictReader(file)]
    return {link.code: link for link in rows}


@cache
def soc2010_of() -> dict[str, tuple[str, ...]]:
    """SOC 2018 classes that AIOE, which uses the SOC of 2010, knows under other codes."""
    with open_pack("impact/soc_2018_2010.csv").open(encoding="utf-8", newline="") as file:
        return {r["soc_2018"]: tuple(r["soc_2010"].split(";")) for r in csv.DictReader(file)}


def link_for(code: str) -> Link | None:
    """The row that speaks for an occupation or group: its own, else that of its minor group, else of its middle group; None without any."""
    known = links()
    return next((known[c] for c in (code, code[:5] + "00", code[:3] + "0000") if c in known), None)


def matching(wanted: Sequence[str], known: Iterable[str], *, exact: bool) -> list[str]:
    """The codes of `known` that are wanted (exact) or begin as wanted, sorted."""
    return sorted(k for k in known if (k in wanted if exact else k.startswith(tuple(wanted))))


def _link(row: dict[str, str]) -> Link:
    kind: Kind = "occupation" if row["kind"] == "occupation" else "group"
    sure: Confidence = {"high": "high", "medium": "medium"}.get(row["confidence"], "low")  # type: ignore[assignment]
    return Link(row["code"], kind, row["name"], tuple(row["isco08"].split(";")), tuple(row["soc2018"].split(";")), sure)
