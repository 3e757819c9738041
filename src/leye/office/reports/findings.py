"""Findings: the few things that changed and matter most, one sentence each in Chinese and English, out of the published lamps.

Order: level × share missing × √(expected). The level says how sure the watch is, the share how far it is from usual, the root of the expected
how many it concerns (the noise of a count grows with its root). Our own measure; it sorts a page and decides nothing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date

from leye.office.published import Row, Series, Snapshot, ancestors
from leye.watch.evidence import share

RANK = {"blue": 1, "yellow": 2, "orange": 3, "red": 4}
FRESH_MONTHS = 6  # chosen by us: where a run has no table of lamps, an alarm that nobody renewed for half a year is history
LEAST_CHANGE = 0.01  # chosen by us: below one percent nobody acts
LEAST_COUNT = 1.0  # a finding about counts concerns at least one whole person or post
_COUNTED = frozenset({"person", "post", "call", "order"})
_MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that changed. level: blue, yellow, orange or red · change: share of the expected value that is missing (negative) or too much ·
    observed, expected: newest value, and what was usual for it · since: first month of the spell · ds: month of the newest value."""

    series: Series
    ds: date
    since: date
    level: str
    change: float
    observed: float
    expected: float
    weight: float
    zh: str
    en: str

    def text(self, language: str) -> str:
        """The sentence in the page's language."""
        return self.en if language == "en" else self.zh


def findings(snapshot: Snapshot, limit: int = 3) -> list[Finding]:
    """At most `limit` findings. Relatives of a finding (the series above or below it) say the same thing again: they come after all others."""
    found = all_findings(snapshot)
    first: list[Finding] = []
    again: list[Finding] = []
    for f in found:
        is_relative = any(_are_relatives(snapshot, f.series.unique_id, g.series.unique_id) for g in first)
        (again if is_relative else first).append(f)
    return [*first, *again][:limit]


def all_findings(snapshot: Snapshot) -> list[Finding]:
    """Every lit series that matters, weightiest first; ties by id, so that equal snapshots give equal pages."""
    kept: list[Finding] | None = snapshot.__dict__.get("findings")
    if kept is None:
        made = [f for f in (_finding(snapshot, lamp) for lamp in _lit(snapshot)) if f is not None]
        kept = snapshot.__dict__["findings"] = sorted(made, key=lambda f: (-f.weight, f.series.unique_id))
    return kept


def finding_for(snapshot: Snapshot, unique_id: str) -> Finding | None:
    """What is found about one series now; None when its lamp is dark."""
    return next((f for f in all_findings(snapshot) if f.series.unique_id == unique_id), None)


def earlier_alarms(snapshot: Snapshot, limit: int = 5) -> list[Row]:
    """The newest onsets of alarms, for a page on which no lamp burns; one a series."""
    found: dict[str, Row] = {}
    for row in snapshot.alerts:
        if row["evidence"].get("kind") == "onset" and row["unique_id"] in snapshot.series:
            found.setdefault(row["unique_id"], row)
    return list(found.values())[:limit]


def telling(advice: list[Row]) -> list[Row]:
    """Advice without groups of nobody, unless a plan concerns nobody at all."""
    counted = {(r["unique_id"], r["plan_id"]) for r in advice if r["heads"] != 0}
    return [r for r in advice if r["heads"] != 0 or (r["unique_id"], r["plan_id"]) not in counted]


def change_words(evidence: Row, lang: str) -> str:
    """What an alarm says without the series' name: 连续5个月低于预期，约少45%."""
    change, run = float(evidence.get("change") or 0.0), int(evidence.get("run") or 1)
    is_up = evidence.get("direction") == "up"
    if lang == "en":
        span = f" for {run} periods in a row" if run > 1 else ""
        size = f", {share(change)} {'more' if change > 0 else 'less'}" if change else ""
        return f"{'above' if is_up else 'below'} expectation{span}{size}"
    span = f"连续{run}{_step_zh(evidence)}" if run > 1 else ""
    size = f"，约{'多' if change > 0 else '少'}{share(change)}" if change else ""
    return f"{span}{'高于预期' if is_up else '低于预期'}{size}"


def _step_zh(evidence: Row) -> str:
    """个月, 周, …: the watch knows the panel's step and says it in its own sentence."""
    said = re.match(r"连续\d+(\D{1,3}?)[低高]于", str(evidence.get("zh") or ""))
    return said[1] if said else "期"


def _lit(snapshot: Snapshot) -> list[Row]:
    """`unique_id, level, direction, since, gap` of what is lit; from fresh alarms where a run has no table of lamps."""
    if snapshot.frame("lamps").width:
        return snapshot.rows("lamps")
    last = snapshot.last_month
    found: dict[str, Row] = {}
    for row in snapshot.alerts:
        if last is not None and (last.year - row["ds"].year) * 12 + last.month - row["ds"].month < FRESH_MONTHS:
            evidence = row["evidence"]
            sign = -1 if evidence.get("direction") != "up" else 1
            gap = sign * math.log1p(max(float(evidence.get("change") or 0.0), -0.999))
            found.setdefault(row["unique_id"], {**row, "direction": evidence.get("direction"), "since": row["ds"], "gap": gap})
    return list(found.values())


def _finding(snapshot: Snapshot, lamp: Row) -> Finding | None:
    series = snapshot.series.get(lamp["unique_id"])
    newest = next(((d, v) for d, v in reversed(snapshot.history.get(lamp["unique_id"], [])) if v is not None), None)
    if series is None or newest is None or lamp["gap"] is None or lamp["gap"] <= 0:
        return None
    ds, observed = newest
    change = math.exp(min(lamp["gap"], 20.0) * (1 if lamp["direction"] == "up" else -1)) - 1
    expected = observed / (1 + change)
    if abs(change) < LEAST_CHANGE or (series.unit in _COUNTED and abs(expected - observed) < LEAST_COUNT):
        return None
    size = expected * 100 if series.unit == "ratio" else expected
    weight = RANK[lamp["level"]] * abs(change) * math.sqrt(max(size, 0.0))
    zh, en = _sentences(series, lamp, change)
    return Finding(series, ds, lamp["since"], lamp["level"], change, observed, expected, weight, zh, en)


def _sentences(series: Series, lamp: Row, change: float) -> tuple[str, str]:
    since, is_up = lamp["since"], lamp["direction"] == "up"
    side_zh, less_zh = ("高于预期", "多") if is_up else ("低于预期", "少")
    side_en, less_en = ("above", "more") if is_up else ("below", "less")
    return (
        f"{series.title('zh')}从{since.year}年{since.month}月起{side_zh}，现在约{less_zh}{share(change)}",
        f"{series.title('en')} {side_en} expectation since {_MONTHS_EN[since.month - 1]} {since.year}, now about {share(change)} {less_en}",
    )


def _are_relatives(snapshot: Snapshot, one: str, other: str) -> bool:
    above, below = ({s.unique_id for s in ancestors(snapshot, u)} for u in (one, other))
    return one == other or other in above or one in below
