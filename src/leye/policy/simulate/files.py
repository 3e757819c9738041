"""The files and the JSON form of a simulation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from leye.policy.simulate.change_words import label_of
from leye.policy.simulate.groups import column_words, value_words
from leye.policy.simulate.likely import Expected
from leye.policy.simulate.margins import Curve
from leye.policy.simulate.path import by_fund
from leye.policy.simulate.people import changed_people
from leye.policy.simulate.record import Record
from leye.policy.simulate.report import report_text
from leye.policy.simulate.run import Simulation

RANGES = ("cost_before", "cost_after", "cost_added", "people_before", "people_after")


def as_dict(simulation: Simulation) -> dict[str, Any]:
    """The JSON form; money in fen, days and months as ISO text."""
    s, summary, likely = simulation, simulation.summary, simulation.likely
    return {
        "reform": s.reform.name,
        "why": s.reform.why,
        "changes": [zh for zh, _ in s.words],
        "changes_en": [en for _, en in s.words],
        "asked_on": s.asked_on.isoformat(),
        "on": s.on.isoformat(),
        "names": {p: {"zh": q.name, "en": q.name_en, "pays": q.pays} for p in s.both.policies for q in [s.both.policy(p)]},
        "compared": list(s.both.policies),
        "touched": [p for p in s.both.policies if p in s.both.touched],
        "policies": summary.policies.to_dicts(),
        "differing": summary.differing()["policy"].to_list(),
        **summary.whole,
        "cost_before_fen": summary.cost_before_fen,
        "cost_after_fen": summary.cost_after_fen,
        "employers_added_fen": summary.employers_added_fen,
        "cost_per_added_person_fen": summary.cost_per_added_person_fen,
        "take_up": {"source": s.model.source, "notified": s.model.notified} | _record(s),
        "expected": [asdict(e) for e in likely.policies],
        "expected_whole": {n: asdict(getattr(likely, n)) for n in ("cost_before", "cost_after", "cost_added", "winners", "losers")},
        "limits": [asdict(x) | {"over_from": x.over_from.isoformat() if x.over_from else None} for x in s.limits],
        "margins": [asdict(m) | _label(s, m) for m in s.margins],
        "columns": {n: column_words(n, s.packs.facts) for n in summary.groups["column"].unique(maintain_order=True)},
        "groups": [r | {"zh": value_words(r["column"], r["value"], s.packs.facts)} for r in summary.groups.to_dicts()],
        "months": _dated(s.months),
        "funds": _dated(by_fund(s.months)),
        "notes": [{"zh": zh, "en": en} for zh, en in s.notes],
    }


def tables(simulation: Simulation) -> dict[str, pl.DataFrame]:
    """The CSV files by name: nobody by name stands in them."""
    return {
        "policies.csv": simulation.summary.policies,
        "groups.csv": simulation.summary.groups,
        "months.csv": simulation.months,
        "funds.csv": by_fund(simulation.months),
        "expected.csv": expected_table(simulation.likely.policies),
        "margins.csv": margins_table(simulation),
    }


def write(simulation: Simulation, people: pl.LazyFrame, out: Path, *, region: str | None = None) -> list[Path]:
    """The CSV tables, summary.json, people.parquet (who is changed) and report.md in a folder; returns the files."""
    out.mkdir(parents=True, exist_ok=True)
    found = tables(simulation)
    for name, table in found.items():
        table.write_csv(out / name)
    (out / "summary.json").write_text(json.dumps(as_dict(simulation), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (out / "report.md").write_text(report_text(as_dict(simulation)), encoding="utf-8")
    changed_people(simulation.both, people, region=region).sink_parquet(out / "people.parquet", compression="zstd")
    return [out / name for name in (*found, "summary.json", "report.md", "people.parquet")]


def expected_table(rows: Sequence[Expected]) -> pl.DataFrame:
    """`policy` and each range of `Expected` as `<name>_centre, _low, _high`."""
    flat = [{"policy": e.policy} | {f"{n}_{part}": asdict(getattr(e, n))[part] for n in RANGES for part in ("centre", "low", "high")} for e in rows]
    schema = {"policy": pl.String} | {f"{n}_{part}": pl.Float64 for n in RANGES for part in ("centre", "low", "high")}
    return pl.DataFrame(flat, schema=schema)


def margins_table(simulation: Simulation) -> pl.DataFrame:
    """A row a point: `policy, parameter, region, value, cost_added_fen, people_added, expected_added_*, per_person_fen`."""
    rows = [
        (c.policy, c.parameter, c.region, p.value, p.cost_added_fen, p.people_added, p.expected_added.centre, p.expected_added.low,
         p.expected_added.high, p.per_person_fen)
        for c in simulation.margins
        for p in c.points
    ]  # fmt: skip
    schema = {"policy": pl.String, "parameter": pl.String, "region": pl.String} | dict.fromkeys(("value", "cost_added_fen", "people_added"), pl.Int64)
    likely = dict.fromkeys(("expected_added_centre", "expected_added_low", "expected_added_high"), pl.Float64)
    return pl.DataFrame(rows, schema=schema | likely | {"per_person_fen": pl.Int64}, orient="row")


def _record(simulation: Simulation) -> dict[str, Any]:
    record = simulation.record or Record(0, 0, 0, (), None, ())
    return {
        "record_people": record.people,
        "record_taken": record.taken,
        "record_told": record.told,
        "record_why": record.why_zh,
        "record_why_en": record.why_en,
        "calibration": [asdict(b) for b in record.bins],
    }


def _label(simulation: Simulation, curve: Curve) -> dict[str, str]:
    zh, unit = label_of(simulation.reform.changes[curve.change], simulation.packs, simulation.on)
    return {"label": zh, "unit": unit}


def _dated(table: pl.DataFrame) -> list[dict[str, Any]]:
    return [{**r, "month": r["month"].isoformat()} for r in table.to_dicts()]
