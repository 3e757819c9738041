"""Where the milliseconds of one explained person go: checking, evaluating, explaining, saying it, and the questions worth asking.

python bench/policy/explain_cost.py [--file PEOPLE.parquet] [--people 2000] [--runs 3] [--on 2025-08-31]

Without a file the people are drawn as for part d of run.py (a tenth unknown). CPU milliseconds a person, least of the runs (other programs share the
machine), rules of every place compiled before, in one process.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from data import NULLS, ON, REGIONS, STEERED

from leye.policy import Evaluator, bind, shipped
from leye.policy.explain import explain, explain_person, explainer, first_questions, person_facts, questions_of
from tests_support.policy_people import random_people

Person = dict[str, Any]


def main() -> None:
    """Measure all steps and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--file", type=Path)
    options.add_argument("--people", type=int, default=2_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--on", type=date.fromisoformat, default=ON)
    asked = options.parse_args()
    people = people_of(asked.file, asked.people, asked.on)
    print(table({name: cost_ms(step, people, asked.runs) for name, step in steps(asked.on).items()}, len(people)))


def people_of(file: Path | None, count: int, on: date) -> list[Person]:
    """Facts as JSON has them, unknown ones absent."""
    import polars as pl

    frame = (
        random_people(shipped(), on, count, seed=4, nulls=NULLS, steered=STEERED, regions=REGIONS)
        if file is None
        else pl.scan_parquet(file).head(count).collect()
    )
    names = [f.id for f in shipped().facts if f.id in frame.columns]
    rows = frame.select(names).to_dicts()
    return [{k: v.isoformat() if isinstance(v, date) else v for k, v in row.items() if v is not None} for row in rows]


def steps(on: date) -> dict[str, Callable[[Person], object]]:
    """What is measured, each step with all that it needs."""
    packs = shipped()

    def evaluator(facts: Person) -> Evaluator:
        place = facts.get("region", "CN")
        if place not in kept:
            kept[place] = Evaluator(bind(packs, on, place))
        return kept[place]

    kept: dict[str, Evaluator] = {}

    def answers(facts: Person) -> object:
        one = evaluator(facts)
        return one.answers(one.env(person_facts(facts, packs.facts).facts))

    return {
        "values checked": lambda f: person_facts(f, packs.facts),
        "evaluator alone: verdict, amount, months, missing": answers,
        "explain: the same, every condition, choice": lambda f: explain(packs, f, on),
        "… with the next step of every policy": lambda f: [e.next for e in explain(packs, f, on)],
        "… with every line, as the JSON form": lambda f: [e.as_dict() for e in explain(packs, f, on)],
        "… written as JSON text": lambda f: json.dumps([e.as_dict() for e in explain(packs, f, on)], ensure_ascii=False),
        "questions by money": lambda f: questions_of(explain(packs, f, on)),
        "the first three questions": lambda f: first_questions(explain_person(packs, person_facts(f, packs.facts), on)),
    }


def cost_ms(step: Callable[[Person], object], people: list[Person], runs: int) -> float:
    """CPU milliseconds a person, least of the runs; the first, unmeasured one compiles."""
    best = float("inf")
    for run in range(runs + 1):
        start = time.process_time()
        for person in people:
            step(person)
        spent = (time.process_time() - start) / len(people) * 1000
        best = min(best, spent) if run else best
    return best


def table(found: dict[str, float], people: int) -> str:
    """Markdown."""
    policies, lines = len(shipped().policies), sum(len(p.shown) for p in explainer(shipped(), ON).plans)
    head = f"{people:,} people, {policies} policies, {lines} lines a person; CPU milliseconds a person."
    return "\n".join([head, "", "| step | ms |", "|---|---|", *(f"| {name} | {ms:.3f} |" for name, ms in found.items())])


if __name__ == "__main__":
    main()
