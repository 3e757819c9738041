"""OpenFisca in an interpreter of its own: `python openfisca_run.py totals|person|pairs FILE ON [more]` prints one JSON object.

totals FILE ON [PIECES]   counts and sums of a Parquet file, as one simulation or piece by piece
pairs FILE ON OUT         the same, and who is entitled to what, one bit a pair, into OUT (.npz)
person FILE ON COUNT      COUNT persons one after the other, traced; CPU milliseconds each
An unknown value has no place here: it becomes the variable's default, as in its own readers.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import pyarrow.parquet as pq
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.simulations import SimulationBuilder
from openfisca_rules import ENUMS, FACTS, POLICIES, Law

LAW = Law()
AMOUNTS = [p for p in POLICIES if f"{p}_fen" in LAW.variables]


def column(group, fact: dict[str, str]) -> np.ndarray | EnumArray:
    """One fact as the array that its variable takes; unknown becomes the default."""
    found = group.column(fact["id"]).combine_chunks()
    kind = fact["type"]
    if kind == "enum":
        coded = found.dictionary_encode() if not hasattr(found, "indices") else found
        words = [m.name for m in ENUMS[fact["id"]]]
        place = np.array([words.index(w) for w in coded.dictionary.to_pylist()] or [0], dtype=np.int16)
        return EnumArray(place[coded.indices.fill_null(0).to_numpy(zero_copy_only=False)], ENUMS[fact["id"]])
    if kind == "date":
        days = found.cast("int32").fill_null(0).to_numpy(zero_copy_only=False)
        return days.astype("datetime64[D]")
    if kind == "bool":
        return found.fill_null(False).to_numpy(zero_copy_only=False)
    return found.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int32)


def simulation(file: pq.ParquetFile, groups: list[int], on: str):
    rows = sum(file.metadata.row_group(g).num_rows for g in groups)
    built = SimulationBuilder().build_default_simulation(LAW, rows)
    for fact in FACTS:  # one column at a time: the table as a whole is never held beside the simulation's arrays
        built.set_input(fact["id"], on, column(file.read_row_groups(groups, columns=[fact["id"]]), fact))
    return built


def totals(name: str, on: str, pieces: int = 1) -> dict[str, list[int]]:
    file = pq.ParquetFile(name)
    found = {p: [0, 0] for p in POLICIES}
    for groups in np.array_split(np.arange(file.metadata.num_row_groups), pieces):
        built = simulation(file, [int(g) for g in groups], on)
        for policy in POLICIES:
            found[policy][0] += int(built.calculate(policy, on).sum())
            if policy in AMOUNTS:
                found[policy][1] += int(built.calculate(f"{policy}_fen", on).sum(dtype=np.int64))
    return found


def pairs(name: str, on: str, out: str) -> dict[str, list[int]]:
    file = pq.ParquetFile(name)
    built = simulation(file, list(range(file.metadata.num_row_groups)), on)
    verdicts = {p: built.calculate(p, on).astype(bool) for p in POLICIES}
    np.savez(out, **{p: np.packbits(v) for p, v in verdicts.items()})
    return {p: [int(v.sum()), 0] for p, v in verdicts.items()}


def person(name: str, on: str, count: int) -> dict[str, float]:
    """A simulation each, as a counsellor's question would be: set the facts, calculate all, keep the trace."""
    rows = pq.ParquetFile(name).read_row_group(0).slice(0, count)
    spent: dict[str, float] = {}
    for label, traced in (("traced_ms", True), ("bare_ms", False)):
        start = time.process_time()
        for number in range(count):
            one = rows.slice(number, 1)
            built = SimulationBuilder().build_default_simulation(LAW, 1)
            built.trace = traced
            for fact in FACTS:
                built.set_input(fact["id"], on, column(one, fact))
            for policy in POLICIES:
                built.calculate(f"{policy}_fen" if policy in AMOUNTS else policy, on)
            if traced:
                built.tracer.get_serialized_flat_trace()
        spent[label] = (time.process_time() - start) / count * 1000
    return spent


def main(what: str, name: str, on: str, *more: str) -> None:
    numbers = [int(m) if m.isdigit() else m for m in more]
    print(json.dumps({"totals": totals, "pairs": pairs, "person": person}[what](name, on, *numbers)))


if __name__ == "__main__":
    main(*sys.argv[1:])
