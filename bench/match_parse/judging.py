"""Exact agreement of slots with labels: slot, value and strength equal, spans overlapping; certificates by name without 证, 证书."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from leye.match.adverts.original import make_plain

SLOTS = (
    "education", "years", "pay", "certificate", "licence", "health_certificate", "city", "shift", "employment_form", "overtime",
    "headcount", "language", "major",
    "gender_demand", "age_demand", "protected_demand",
)  # fmt: skip
_ENDING = re.compile(r"(?:职业)?(?:资格)?(?:证书|证)?$")
Read = dict[str, Any]


def adverts(part: str) -> list[dict[str, Any]]:
    rows = (json.loads(line) for line in (Path(__file__).parent / "adverts.jsonl").open(encoding="utf-8"))
    return [row for row in rows if row["part"] == part]


def value_of(read: Read) -> str:
    value = make_plain(read["value"]).text if isinstance(read["value"], str) else read["value"]
    value = _ENDING.sub("", value) if read["slot"] == "certificate" else value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def agree(a: Read, b: Read) -> bool:
    return (
        a["slot"] == b["slot"] and a["strength"] == b["strength"] and value_of(a) == value_of(b) and a["start"] < b["end"] and b["start"] < a["end"]
    )


def count(labels: list[Read], read: list[Read]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """(right, read, labelled) by slot for one advert. A value labelled at two places is one reading, met at either."""
    right: Counter[str] = Counter()
    met: set[Key] = set()
    for one in read:
        if key(one) not in met and any(agree(one, label) for label in labels):
            met.add(key(one))
            right[one["slot"]] += 1
    return right, Counter(k[0] for k in {key(r) for r in read}), Counter(k[0] for k in {key(r) for r in labels})


def elsewhere(labels: list[Read], read: list[Read]) -> Counter[str]:
    """Labels by slot that no reading meets, though one of equal value and strength stands at another place of the text."""
    said = {key(r) for r in read}
    met = {key(label) for label in labels if any(agree(r, label) for r in read)}
    return Counter(k[0] for k in {key(label) for label in labels} if k not in met and k in said)


Key = tuple[str, str, str]


def key(read: Read) -> Key:
    return read["slot"], value_of(read), read["strength"]


def scores(right: Counter[str], read: Counter[str], labelled: Counter[str]) -> dict[str, tuple[float, float, float]]:
    """slot -> (precision, recall, F1), and `all`."""
    right["all"], read["all"], labelled["all"] = (sum(c[s] for s in SLOTS) for c in (right, read, labelled))
    found = {}
    for slot in (*SLOTS, "all"):
        p, r = right[slot] / max(read[slot], 1), right[slot] / max(labelled[slot], 1)
        found[slot] = (p, r, 2 * p * r / (p + r) if p + r else 0.0)
    return found
