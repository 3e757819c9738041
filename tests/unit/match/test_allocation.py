"""Allocation: answers worked by hand, the slow reference of every mode, and tables that must be refused."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.match.allocation import MODES, allocate, edges_of

pytest.importorskip("ortools", reason="the extra `allocation` is not installed")

EDGES = pl.DataFrame(
    [("a", "x", 0.9, 0.5), ("a", "y", 0.8, 0.9), ("b", "x", 0.7, 0.6), ("b", "y", 0.9, 0.2), ("c", "y", 0.6, 0.95)],
    schema=["person_id", "job_id", "p_person", "p_employer"],
    orient="row",
)
CAPACITIES = pl.DataFrame({"job_id": ["x", "y"], "capacity": [1, 1]})

BY_HAND = [
    # a–y .72 and b–x .42 make 1.14; c–y .57 and a–x .45 only 1.02
    ("flow", {("a", "y"), ("b", "x")}, 1),  # c and y both like each other better: y prefers c (.95) to a (.90)
    # a asks x, b asks y, c asks y and drives b out, b asks x (.6 > .5) and drives a out, a asks y (.9 < .95): nothing left
    ("stable", {("b", "x"), ("c", "y")}, 0),
]


@pytest.mark.parametrize(("mode", "pairs", "blocking"), BY_HAND, ids=[b[0] for b in BY_HAND])
def test_by_hand(mode: str, pairs: set[tuple[str, str]], blocking: int) -> None:
    found = allocate(edges_of(EDGES, CAPACITIES), mode)
    assert set(found.table().select("person_id", "job_id").rows()) == pairs
    assert found.blocking_pairs == blocking


def made(seed: int, people: int = 6, jobs: int = 3, chances: int = 20) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A small fair; chances are multiples of 1/20, so there are ties."""
    dice = np.random.default_rng(seed)
    rows = [
        (f"p{i}", f"j{k}", dice.integers(0, chances + 1) / chances, dice.integers(0, chances + 1) / chances)
        for i in range(people)
        for k in range(jobs)
    ]
    kept = [r for r in rows if dice.random() < 0.8]
    table = pl.DataFrame(kept, schema=["person_id", "job_id", "p_person", "p_employer"], orient="row")
    return table, pl.DataFrame({"job_id": [f"j{k}" for k in range(jobs)], "capacity": dice.integers(0, 4, jobs)})


def outcomes(edges: pl.DataFrame, capacities: pl.DataFrame) -> list[list[dict]]:
    """Every outcome that keeps to one job a person and to the capacities."""
    options = [[None, *part.to_dicts()] for _, part in edges.group_by("person_id", maintain_order=True)]
    capacity = dict(capacities.rows())
    whole = []
    for combination in itertools.product(*options):
        used = [e for e in combination if e]
        if all(sum(e["job_id"] == job for e in used) <= n for job, n in capacity.items()):
            whole.append(used)
    return whole


def blocking_pairs(edges: pl.DataFrame, capacities: pl.DataFrame, used: list[dict]) -> int:
    """From the definition, one edge after the other; ties go to the smaller id."""
    capacity, count = dict(capacities.rows()), 0
    for e in edges.to_dicts():
        mine = next((u for u in used if u["person_id"] == e["person_id"]), None)
        if mine and (-mine["p_person"], mine["job_id"]) <= (-e["p_person"], e["job_id"]):
            continue
        held = [u for u in used if u["job_id"] == e["job_id"]]
        has_room = len(held) < capacity[e["job_id"]]
        count += has_room or any((-e["p_employer"], e["person_id"]) < (-u["p_employer"], u["person_id"]) for u in held)
    return count


@pytest.mark.parametrize("seed", range(12))
def test_modes_against_all_outcomes(seed: int) -> None:
    edges, capacities = made(seed)
    every = outcomes(edges, capacities)
    worth = [sum(e["p_person"] * e["p_employer"] for e in used) for used in every]
    stable_ones = [used for used in every if blocking_pairs(edges, capacities, used) == 0]
    found = {mode: allocate(edges_of(edges, capacities), mode) for mode in MODES}
    assert found["flow"].value == pytest.approx(max(worth), abs=1e-7)
    assert found["stable"].table().to_dicts() in [sorted(u, key=lambda e: e["person_id"]) for u in stable_ones]
    for person in edges["person_id"].unique():  # best for every person among all stable outcomes
        own = found["stable"].table().filter(pl.col("person_id") == person)
        best = max((e["p_person"] for used in stable_ones for e in used if e["person_id"] == person), default=None)
        assert (own["p_person"][0] if own.height else None) == best
    for each in found.values():
        assert each.blocking_pairs == blocking_pairs(edges, capacities, each.table().to_dicts())
    assert found["balanced"].blocking_per_1000 <= 10


WRONG = [
    ("E_EDGE_TWICE", pl.concat([EDGES, EDGES[:1]]), CAPACITIES, {1, 6}),
    ("E_EDGE_NUMBER", EDGES.with_columns(p_person=pl.lit(1.2)), CAPACITIES, {1, 2, 3, 4, 5}),
    ("E_EDGE_NUMBER", EDGES.with_columns(p_employer=pl.lit("halb")), CAPACITIES, {1, 2, 3, 4, 5}),
    ("E_EDGE_NUMBER", EDGES.with_columns(p_employer=pl.lit(float("nan"))), CAPACITIES, {1, 2, 3, 4, 5}),
    ("E_JOB_UNKNOWN", EDGES, CAPACITIES[:1], {2, 4, 5}),
    ("E_CAPACITY", EDGES, CAPACITIES.with_columns(capacity=pl.Series([-1, 1])), {1}),
    ("E_CAPACITY", EDGES, CAPACITIES.with_columns(capacity=pl.Series([1.0, 1.5])), {2}),
    ("E_CAPACITY_TWICE", EDGES, pl.concat([CAPACITIES, CAPACITIES[:1]]), {1, 3}),
    ("E_ID", EDGES.with_columns(person_id=pl.lit("")), CAPACITIES, {1, 2, 3, 4, 5}),
    ("E_COLUMN_MISSING", EDGES.drop("p_person"), CAPACITIES, {None}),
]


@pytest.mark.parametrize(("code", "edges", "capacities", "rows"), WRONG, ids=[f"{w[0]}-{k}" for k, w in enumerate(WRONG)])
def test_wrong_tables_are_refused_with_their_rows(code: str, edges: pl.DataFrame, capacities: pl.DataFrame, rows: set[int | None]) -> None:
    with pytest.raises(BadInput) as refused:
        edges_of(edges, capacities)
    assert refused.value.code == code
    assert {p.row for p in refused.value.places} == rows
    assert refused.value.remedy_zh and refused.value.remedy_en


def test_nobody_is_a_fine_answer() -> None:
    nothing = pl.DataFrame(schema={"person_id": pl.String, "job_id": pl.String, "p_person": pl.Float64, "p_employer": pl.Float64})
    for mode in MODES:
        found = allocate(edges_of(nothing, CAPACITIES), mode)
        assert found.table().height == 0 and found.account()["placed"] == 0
        closed = allocate(edges_of(EDGES, CAPACITIES.with_columns(capacity=pl.lit(0))), mode)
        assert closed.table().height == 0 and closed.blocking_pairs == 0


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(BadInput, match="E_MODE"):
        allocate(edges_of(EDGES, CAPACITIES), "greedy")
