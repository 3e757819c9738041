"""Compare outcomes with an answer table: right, silently wrong (ok with another value), and the cells that differ."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from leye.intake.cells.outcome import as_dict


@dataclass
class Score:
    """Counts over an answer table; `differing` holds (line of the table, outcome)."""

    total: int = 0
    right: int = 0
    silent: int = 0
    differing: list[tuple[dict[str, str], dict[str, object]]] = field(default_factory=list)


def agrees(wanted: dict[str, object], got: dict[str, object]) -> bool:
    """Whether an outcome is what the table wants; `quarantine` is either of ambiguous and bad, and keys that are not stated are free."""
    status = wanted["status"]
    if status == "quarantine":
        return got["status"] in ("ambiguous", "bad")
    if status != got["status"] or (status != "ok" and "code" in wanted and wanted["code"] != got["code"]):
        return False
    value = wanted.get("value")
    if isinstance(value, dict):
        found = got["value"]
        return isinstance(found, dict) and all(_same(v, found.get(k)) for k, v in value.items())
    if "candidates" in wanted:
        offered = got["candidates"]
        return isinstance(offered, list) and sorted(str(c["code"]) for c in offered) == sorted(wanted["candidates"])  # type: ignore[call-overload]
    return True


def _same(a: object, b: object) -> bool:
    if isinstance(a, float) and isinstance(b, int | float):
        return abs(a - b) <= 1e-9 * max(1.0, abs(a))
    return a == b


def read_table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def score(rows: list[dict[str, str]], parse: Callable[..., object]) -> Score:
    result = Score()
    for row in rows:
        got = as_dict(parse(row["kind"], row["raw"], period=row["period"] or None, home=row["home"] or None))  # type: ignore[arg-type]
        result.total += 1
        if agrees(json.loads(row["answer"]), got):
            result.right += 1
        else:
            result.silent += got["status"] == "ok"
            result.differing.append((row, got))
    return result


def agrees_period(answer: str, day: date | None) -> str:
    """Verdict on a reader that knows only days: right (first day, or refusal where no value is due), silent or refused."""
    wanted = json.loads(answer)
    if wanted["status"] != "ok":
        return "right" if day is None else "silent"
    if day is None:
        return "refused"
    return "right" if wanted["value"]["start"] == day.isoformat() else "silent"
