"""Unemployment risk against known hazards, beside scikit-learn's logistic regression and gradient boosting on the same rows.

python bench/unemployment_risk/run.py [PEOPLE:SEED,SEED …]   (writes README.md beside itself)
Default: 20000:31,32,33 and 100000:31.
Seeds 1 to 6 were the development data. Reports on seeds 11 to 13 and 21 to 23 each led to a change, so these are
fresh ones.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from leye.city.working_lives import WorkingLives, draw_lives
from leye.forecast.hazard import Register, shipped_rules
from leye.forecast.hazard.cohort import cohort_of
from leye.forecast.hazard.facts import Facts
from leye.forecast.hazard.groups import groups_of
from leye.forecast.hazard.person_months import PersonMonths
from leye.forecast.hazard.profiling import person_months
from leye.forecast.hazard.scores import area_under_curve, brier, calibration_error
from leye.forecast.hazard.spline import basis, knots_of

ON, MONTHS, YEAR = date(2025, 8, 31), 36, 12
HEADER = (
    "people",
    "seed",
    "question",
    "model",
    "at risk",
    "ECE v truth",
    "worst group gap",
    "mean distance to truth",
    "ECE v outcome",
    "AUC",
    "Brier",
    "CPU s",
)
MODELS = ("ours", "ours, uncalibrated", "ours, age left out", "logistic regression", "gradient boosting", "the truth itself")


def register_of(lives: WorkingLives) -> Register:
    """The tables of a drawn register."""
    t = lives.tables
    return Register(t["people"], t["unemployment"], t["insurance_months"], t["firms"], t["indicators"])


def digest(lives: WorkingLives) -> str:
    """sha256 over the tables' CSV."""
    found = hashlib.sha256()
    for name in sorted(lives.tables):
        found.update(lives.tables[name].write_csv().encode())
    return found.hexdigest()


def ours(rows: PersonMonths, month: int) -> tuple[np.ndarray, np.ndarray, float]:
    """(calibrated, uncalibrated, CPU seconds) of the cohort at twelve months."""
    began = time.process_time()
    cohort = cohort_of(rows, month)
    return cohort.probability[YEAR], cohort.raw[YEAR], time.process_time() - began


def peer(rows: PersonMonths, month: int, name: str) -> tuple[np.ndarray, float]:
    """A peer learns the outcome within a year directly, from every cohort whose outcome was known by then, on the same columns and the duration."""
    began = time.process_time()
    known = rows.known_by(month)
    past = known.at(np.isfinite(known.happened[YEAR]))
    now = known.at(known.month == month)
    knots = knots_of(past.duration)
    x, at = (np.column_stack([basis(r.duration, knots), r.x]) for r in (past, now))
    y = past.happened[YEAR]
    if name == "logistic regression":
        scaler = StandardScaler().fit(x)
        model: Any = LogisticRegression(max_iter=1000).fit(scaler.transform(x), y)
        return model.predict_proba(scaler.transform(at))[:, 1], time.process_time() - began
    model = HistGradientBoostingClassifier(random_state=0).fit(x, y)
    return model.predict_proba(at)[:, 1], time.process_time() - began


def worst_gap(p: np.ndarray, truth: np.ndarray, groups: dict[str, list[str | None]], least: int = 100) -> float:
    """Largest distance of a group's mean from the mean of its true chances, over groups of at least `least` people."""
    found = []
    for labels in groups.values():
        names = np.array([x or "" for x in labels])
        for name in set(names.tolist()) - {""}:
            if (names == name).sum() >= least:
                found.append(abs(float((p - truth)[names == name].mean())))
    return max(found)


def one(people: int, seed: int) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Rows of the table for one register."""
    lives = draw_lives(people, seed=seed, on=ON, months=MONTHS)
    rules = shipped_rules()
    with threadpool_limits(1):
        began = time.process_time()
        facts, questions = person_months(register_of(lives), ON, rules)
        shared_cpu = time.process_time() - began
        for question, rows in questions.items():
            yield from _question(people, seed, lives, facts, rows, rules.questions[question], shared_cpu)


def _question(
    people: int, seed: int, lives: WorkingLives, facts: Facts, rows: PersonMonths, question: Any, shared_cpu: float
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    month = facts.calendar.months - 1 - YEAR - rows.lag
    there = rows.at(rows.month == month)
    ids = facts.calendar.people["person_id"][there.person].str.slice(1).cast(pl.Int64).to_numpy()
    truth = lives.true_chance(ids, np.full(ids.size, month), YEAR, question=rows.question)
    groups, y = groups_of(facts, there), there.happened[YEAR]
    calibrated, raw, cpu = ours(rows, month)
    told: dict[str, tuple[np.ndarray, float]] = {"ours": (calibrated, cpu), "ours, uncalibrated": (raw, cpu)}
    if "age" in rows.codes:
        kept = [i for i, code in enumerate(rows.codes) if code != "age"]
        told["ours, age left out"] = ours(replace(rows, x=rows.x[:, kept], codes=tuple(rows.codes[i] for i in kept)), month)[::2]  # type: ignore[assignment]
    for name in ("logistic regression", "gradient boosting"):
        told[name] = peer(rows, month, name)
    told["the truth itself"] = truth, 0.0
    levels = {name: np.array([question.level_of(float(v)) for v in p]) for name, (p, _cpu) in told.items()}
    moved = {name: float((levels[name] != levels["ours"]).mean()) for name in told}
    for name in MODELS:
        if name in told:
            p, cpu = told[name]
            scores = calibration_error(p, truth), worst_gap(p, truth, groups), float(np.abs(p - truth).mean()), calibration_error(p, y)
            figures = (*(f"{v:.4f}" for v in scores), f"{area_under_curve(p, y):.3f}", f"{brier(p, y):.4f}", f"{cpu:.1f}")
            yield (people, seed, rows.question, name, len(p), *figures), {"moved": moved[name], "design_cpu": shared_cpu, "scores": scores}


def main(arguments: list[str]) -> None:
    """Run, print, write the README."""
    plan = [a.split(":") for a in arguments] or [["20000", "31,32,33"], ["100000", "31"]]
    lines, moved, digests = [], [], []
    for size, seeds in plan:
        for seed in map(int, seeds.split(",")):
            digests.append((size, seed, digest(draw_lives(int(size), seed=seed, on=ON, months=MONTHS))))
            for row, more in one(int(size), seed):
                lines.append("| " + " | ".join(str(v) for v in row) + " |")
                print(lines[-1], flush=True)
                if row[3] not in ("ours",):
                    moved.append(f"| {row[0]} | {row[1]} | {row[2]} | {row[3]} | {more['moved']:.1%} |")
    text = TEXT.format(
        at=datetime.now(UTC).date(), command="leye bench unemployment_risk" + (" -- " + " ".join(arguments) if arguments else ""),
        header="| " + " | ".join(HEADER) + " |\n|" + "---|" * len(HEADER), rows="\n".join(lines), moved="\n".join(moved),
        digests="\n".join(f"- {size} people, seed {seed}: `{d}`" for size, seed, d in digests),
    )  # fmt: skip
    (Path(__file__).parent / "README.md").write_text(text, encoding="utf-8")


TEXT = """# Unemployment risk: against known hazards, beside two peers

Command: `{command}` ({at}). A register drawn forward month by month with known monthly chances (`src/leye/city/working_lives.py`, 36 months,
working people only), profiled as of the newest month
with a full year behind it from what was known then. Twelve months ahead. Goals: ECE v truth at most 0.02, worst group gap at most 0.03 (sex,
age band, household registration, disability, district; groups of at least
100 people). Seeds 1 to 6 were used while
tuning; reports on 11 to 13 and 21 to 23 each led to a change (nested age bands, then stronger shrinkage); the seeds below were not looked at before.

{header}
{rows}

CPU seconds leave out the person-month table that all models read. Peers learn the twelve-month outcome directly from the cohorts whose outcome
was known (default settings of scikit-learn); they give no six-month figure and no level
range with it. "Age left out" shows what the reason in `packs/risk/unemployment.yaml` claims.

## People at another level than ours, by the same thresholds

| people | seed | question | model | share |
|---|---|---|---|---|
{moved}

## Data

sha256 over the tables as CSV:

{digests}
"""

if __name__ == "__main__":
    main(sys.argv[1:])
