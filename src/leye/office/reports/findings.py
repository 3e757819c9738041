"""Findings: the few things that changed, strongest first, one sentence each in Chinese and English, out of the published alarms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from leye.office.published import Row, Series, Snapshot, ancestors
from leye.watch.evidence import number, share

RANK = {"blue": 1, "yellow": 2, "orange": 3, "red": 4}
FRESH_MONTHS = 6  # chosen by us: an alarm that nobody renewed for half a year is history, not news


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that changed. level: blue, yellow, orange or red · score: height of the summed deviation, standard deviations ·
    change: share of the expected value that is missing (negative) or too much · ds: month of the alarm's newest row."""

    series: Series
    ds: date
    level: str
    score: float
    change: float
    zh: str
    en: str
    evidence: Row

    def text(self, language: str) -> str:
        """The sentence in the page's language."""
        return self.en if language == "en" else self.zh


def findings(snapshot: Snapshot, limit: int = 3) -> list[Finding]:
    """At most `limit` findings. A series whose parent or child is already named says the same thing again and is left out."""
    chosen: list[Finding] = []
    for row in _newest(snapshot):
        if len(chosen) == limit:
            break
        if not any(_are_relatives(snapshot, row["unique_id"], f.series.unique_id) for f in chosen):
            chosen.append(finding_of(snapshot, row))
    return chosen


def finding_of(snapshot: Snapshot, alert: Row) -> Finding:
    """The sentence of one row of `alerts`."""
    series, evidence = snapshot.get(alert["unique_id"]), alert["evidence"]
    zh, en = f"{series.title('zh')}{change_words(evidence, 'zh')}", f"{series.title('en')} {change_words(evidence, 'en')}"
    return Finding(series, alert["ds"], alert["level"], float(alert["score"]), float(evidence.get("change") or 0.0), zh, en, evidence)


def _newest(snapshot: Snapshot) -> list[Row]:
    """The newest fresh row of each series that is lit, strongest first; ties by id, so that equal snapshots give equal pages."""
    last, lit = snapshot.last_month, {r["unique_id"] for r in snapshot.rows("lamps")}
    has_lamps = bool(snapshot.frame("lamps").width)
    found: dict[str, Row] = {}
    for row in snapshot.alerts:
        is_lit = row["unique_id"] in lit if has_lamps else True
        if row["unique_id"] in snapshot.series and is_lit and last is not None and _months(row["ds"], last) < FRESH_MONTHS:
            found.setdefault(row["unique_id"], row)
    return sorted(found.values(), key=lambda r: (-RANK[r["level"]], -r["score"], r["unique_id"]))


def _are_relatives(snapshot: Snapshot, one: str, other: str) -> bool:
    above, below = ({s.unique_id for s in ancestors(snapshot, u)} for u in (one, other))
    return one == other or other in above or one in below


def _months(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def change_words(evidence: Row, lang: str) -> str:
    """What an alarm says without the series' name: 连续5个月低于预期，约少45%."""
    change, run = float(evidence.get("change") or 0.0), int(evidence.get("run") or 1)
    is_up = evidence.get("direction") == "up"
    if lang == "en":
        span = f" for {run} months in a row" if run > 1 else ""
        size = f", {share(change)} {'more' if change > 0 else 'less'}" if change else ""
        return f"{'above' if is_up else 'below'} expectation{span}{size}"
    span = f"连续{run}个月" if run > 1 else ""
    size = f"，约{'多' if change > 0 else '少'}{share(change)}" if change else ""
    return f"{span}{'高于预期' if is_up else '低于预期'}{size}"


__all__ = ["RANK", "Finding", "change_words", "finding_of", "findings", "number", "share"]
