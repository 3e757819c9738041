"""One simulation from beginning to end: what `leye policy simulate` writes and the page shows, from one place, so that the two agree."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from leye.policy.pack import PackSet
from leye.policy.simulate.compare import Both, columns_of
from leye.policy.simulate.cost import Expected, Margin, expected, margins
from leye.policy.simulate.path import monthly_path
from leye.policy.simulate.reform import Reform, apply
from leye.policy.simulate.report import report_text
from leye.policy.simulate.summary import Summary, summarise
from leye.policy.simulate.take_up import TakeUp, take_up

Told = Callable[[str, int, int], None]
"""Called as (step in Chinese, steps done, steps in all)."""
STEPS = ("比较", "按月成本", "申领率区间", "边际成本")


@dataclass(frozen=True)
class Simulation:
    """Everything about a reform over a table of people on a day. model: whose take-up numbers were used."""

    reform: Reform
    on: date
    both: Both
    summary: Summary
    months: pl.DataFrame
    expected: list[Expected]
    margins: list[Margin]
    model: TakeUp

    def as_dict(self) -> dict[str, Any]:
        """The JSON form; money in fen."""
        return {
            "reform": self.reform.name,
            "why": self.reform.why,
            "changes": list(self.reform.words),
            "on": self.on.isoformat(),
            "policies": self.summary.policies.to_dicts(),
            **self.summary.whole,
            "cost_before_fen": self.summary.cost_before_fen,
            "cost_after_fen": self.summary.cost_after_fen,
            "cost_per_added_person_fen": self.summary.cost_per_added_person_fen,
            "take_up": self.model.source,
            "expected": [asdict(e) for e in self.expected],
            "margins": [asdict(m) for m in self.margins],
            "groups": self.summary.groups.to_dicts(),
            "months": [{**r, "month": r["month"].isoformat()} for r in self.months.to_dicts()],
        }


def simulate(
    packs: PackSet,
    reform: Reform,
    people: pl.LazyFrame,
    on: date,
    *,
    by: Sequence[str] = (),
    region: str | None = None,
    months: int = 12,
    seed: int = 0,
    model: TakeUp | None = None,
    told: Told = lambda step, done, of: None,
) -> Simulation:
    """The reform against the law. people: facts unchecked (`table_check`); model: take-up from a record, else the reform's or the assumption.

    Raises BadInput with the line of a change that cannot be, or for a column to group by that is not there.
    """
    after = apply(reform, packs, on)
    both = Both.of(packs, after, on)
    told(STEPS[0], 0, len(STEPS))
    summary = summarise(both, people, by=by, region=region)
    told(STEPS[1], 1, len(STEPS))
    path = monthly_path(both, people, months=months, region=region)
    told(STEPS[2], 2, len(STEPS))
    used = model or take_up(reform.take_up, seed=seed)
    likely = expected(both, people, used, region=region)
    told(STEPS[3], 3, len(STEPS))
    return Simulation(reform, on, both, summary, path, likely, margins(reform, packs, people, on, region=region), used)


def changed_people(both: Both, people: pl.LazyFrame, *, region: str | None = None) -> pl.LazyFrame:
    """`person_id, policy, verdict_before, verdict_after, annual_before_fen, annual_after_fen, change` for everybody for whom something differs.

    change: new | lost | more | less | now_unknown | now_known.
    """
    frame = columns_of(both, people, region=region, keep=("person_id",))
    parts = [_changed(frame, policy) for policy in both.policies]
    return pl.concat(parts) if parts else pl.LazyFrame(schema=dict.fromkeys(CHANGED, pl.String))


CHANGED = ("person_id", "policy", "verdict_before", "verdict_after", "annual_before_fen", "annual_after_fen", "change")


def _changed(frame: pl.LazyFrame, policy: str) -> pl.LazyFrame:
    old, new, paid, pays = (pl.col(f"{kind}.{policy}") for kind in ("v0", "v1", "y0", "y1"))
    differs = old.ne_missing(new) | (paid != pays)
    return frame.filter(differs).select(
        pl.col("_k.person_id").alias("person_id"),
        pl.lit(policy).alias("policy"),
        _word(old).alias("verdict_before"),
        _word(new).alias("verdict_after"),
        paid.alias("annual_before_fen"),
        pays.alias("annual_after_fen"),
        _change(old, new, paid, pays).alias("change"),
    )


def _change(old: pl.Expr, new: pl.Expr, paid: pl.Expr, pays: pl.Expr) -> pl.Expr:
    change = pl.when(new & ~old.fill_null(False)).then(pl.lit("new")).when(old & ~new.fill_null(True)).then(pl.lit("lost"))
    change = (
        change.when(new.is_null() & old.is_not_null()).then(pl.lit("now_unknown")).when(old.is_null() & new.is_not_null()).then(pl.lit("now_known"))
    )
    return change.when(pays > paid).then(pl.lit("more")).otherwise(pl.lit("less"))


def _word(verdict: pl.Expr) -> pl.Expr:
    return pl.when(verdict.is_null()).then(pl.lit("unknown")).when(verdict).then(pl.lit("yes")).otherwise(pl.lit("no"))


def write(simulation: Simulation, people: pl.LazyFrame, out: Path, *, region: str | None = None) -> list[Path]:
    """summary.json, policies.csv, groups.csv, months.csv, expected.csv, people.parquet and report.md in a folder; returns the files."""
    out.mkdir(parents=True, exist_ok=True)
    files = {
        "policies.csv": simulation.summary.policies,
        "groups.csv": simulation.summary.groups,
        "months.csv": simulation.months,
        "expected.csv": _expected_table(simulation.expected),
    }
    for name, table in files.items():
        table.write_csv(out / name)
    (out / "summary.json").write_text(json.dumps(simulation.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (out / "report.md").write_text(report_text(simulation), encoding="utf-8")
    changed_people(simulation.both, people, region=region).sink_parquet(out / "people.parquet", compression="zstd")
    return [out / name for name in (*files, "summary.json", "report.md", "people.parquet")]


def _expected_table(rows: Sequence[Expected]) -> pl.DataFrame:
    names = ("cost_before", "cost_after", "cost_added", "people_before", "people_after")
    flat = [{"policy": e.policy} | {f"{n}_{part}": asdict(getattr(e, n))[part] for n in names for part in ("centre", "low", "high")} for e in rows]
    schema = {"policy": pl.String} | {f"{n}_{part}": pl.Float64 for n in names for part in ("centre", "low", "high")}
    return pl.DataFrame(flat, schema=schema)
