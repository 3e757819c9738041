"""Our engines, each task in a process of its own: `python ours.py TASK FILE ON [more]` prints one JSON object.

totals FILE ON              counts and sums of pack20 over a file, table engine
duckdb-totals FILE ON       the same by the exported SQL in DuckDB
reform FILE ON              pack20 with one number changed: only what depends on it, over the whole file
explain FILE ON COUNT PACK  COUNT persons one after the other, every policy of a pack (`twenty`, `shipped`), with all lines; CPU milliseconds each
pairs KNOWN ON NULLS NPZ    what we and the peer say of NULLS, against KNOWN, the same people with everything known
duckdb-marks FILE ON OUT    the shipped packs as exported SQL in DuckDB, marks into a Parquet file
spark-marks FILE ON OUT     the same in Spark (needs PySpark)
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

PACK20 = Path(__file__).parent / "pack20"


def totals(file: str, on: date) -> dict[str, list[int]]:

    from leye.policy import load
    from leye.policy.totals import totals as count

    found = count(Path(file), load([PACK20]), on)
    return {r["policy"]: [r["yes"], r["amount_fen"] or 0, r["unknown"]] for r in found.iter_rows(named=True)}


def duckdb_totals(file: str, on: date) -> dict[str, list[int]]:
    import duckdb

    from leye.policy import load
    from leye.policy.sql import marks_sql

    marks = marks_sql(load([PACK20]), on, table=file, columns=_columns(file)).rstrip()
    query = f"""SELECT policy, count(*) FILTER (verdict = 'yes'), CAST(coalesce(sum(amount_fen) FILTER (verdict = 'yes'), 0) AS BIGINT),
        count(*) FILTER (verdict = 'unknown') FROM ({marks}) GROUP BY policy"""
    return {policy: numbers for policy, *numbers in duckdb.sql(query).fetchall()}


def reform(file: str, on: date) -> dict[str, Any]:
    """The cap of a tax credit from 20,000 to 24,000 yuan: what depends on it is found from the packs and computed anew."""
    from dataclasses import replace

    from leye.policy import PackSet, load
    from leye.policy.expression import Const, Node, rebuild
    from leye.policy.simulate.changed import only, touched
    from leye.policy.totals import totals as count

    def raised(node: Node) -> Node | None:
        return Const(2_400_000, "int") if node == Const(2_000_000, "int") else None

    before = load([PACK20])
    policy = before.policies["tax_self"]
    version = replace(policy.versions[0], amount=rebuild(policy.versions[0].amount, raised))  # type: ignore[arg-type]
    after: PackSet = replace(before, policies=before.policies | {"tax_self": replace(policy, versions=(version,))})
    start = time.process_time()
    names = touched(before, after)
    found = count(Path(file), only(after, names), on)
    return {"cpu_s": time.process_time() - start, "touched": sorted(names), "found": found.row(0)[1:4]}


def explain(file: str, on: date, count: str, pack: str) -> dict[str, float]:
    """CPU milliseconds a person, without and with the sentences said and the whole as JSON."""
    import polars as pl

    from leye.policy import load, shipped
    from leye.policy.explain import explain as explain_one

    packs = shipped() if pack == "shipped" else load([PACK20])
    people = [{k: v for k, v in row.items() if v is not None} for row in pl.scan_parquet(file).head(int(count)).collect().iter_rows(named=True)]
    for person in people[:: max(1, len(people) // 40)]:  # the rules of every place compiled once, as in a server
        explain_one(packs, person, on)
    start = time.process_time()
    for person in people:
        explain_one(packs, person, on)
    verdicts = (time.process_time() - start) / len(people) * 1000
    start = time.process_time()
    for person in people:
        json.dumps([e.as_dict() for e in explain_one(packs, person, on)], ensure_ascii=False)
    return {"ms": verdicts, "said_ms": (time.process_time() - start) / len(people) * 1000}


def pairs(known: str, on: date, nulls: str, theirs: str) -> dict[str, dict[str, int]]:
    """Verdicts by (person, policy) where a tenth is unknown, held against the truth: the same people with everything known.

    theirs: the peer's verdicts over `nulls`, bits by policy (.npz).
    """
    import numpy as np
    import polars as pl

    from leye.policy import load
    from leye.policy.marks import mark_table

    packs, size = load([PACK20]), pl.scan_parquet(known).select(pl.len()).collect().item()

    def verdicts(file: str) -> dict[tuple[str, str], np.ndarray]:
        found = mark_table(pl.read_parquet(file), packs, on).select("policy", "verdict", pl.col("person_id").str.slice(1).cast(pl.Int64) - 1)
        bits = {(p, v): np.zeros(size, dtype=bool) for p in packs.policies for v in ("yes", "unknown")}
        for (policy, verdict), rows in found.group_by("policy", "verdict"):
            bits[str(policy), str(verdict)][rows["person_id"].to_numpy()] = True
        return bits

    truth, ours, peer = verdicts(known), verdicts(nulls), np.load(theirs)
    count = {name: {"wrong_yes": 0, "wrong_no": 0, "unknown": 0, "unknown_yes": 0} for name in ("ours", "peer")}
    for policy in packs.policies:
        yes, open_ = ours[policy, "yes"], ours[policy, "unknown"]
        told = np.unpackbits(peer[policy], count=size).astype(bool)
        real = truth[policy, "yes"]
        for name, said, undecided in (("ours", yes, open_), ("peer", told, np.zeros(size, dtype=bool))):
            count[name]["wrong_yes"] += int((said & ~real).sum())
            count[name]["wrong_no"] += int((real & ~said & ~undecided).sum())
            count[name]["unknown"] += int(undecided.sum())
            count[name]["unknown_yes"] += int((undecided & real).sum())
    return count | {"all": {"pairs": size * len(packs.policies), "yes": int(sum(truth[p, "yes"].sum() for p in packs.policies))}}


def duckdb_marks(file: str, on: date, out: str) -> dict[str, int]:
    import duckdb

    from leye.policy import shipped
    from leye.policy.sql import marks_sql

    query = marks_sql(shipped(), on, table=file).rstrip()
    copied = duckdb.execute(f"COPY ({query}) TO '{out}' (COMPRESSION zstd)").fetchone()
    assert copied is not None
    return {"marks": int(copied[0])}


def spark_marks(file: str, on: date, out: str) -> dict[str, int]:
    import polars as pl

    from leye.policy import shipped

    sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
    from tests_support.policy_engines import spark_marks as mark
    from tests_support.policy_engines import spark_session

    with spark_session() as session:
        marks: pl.DataFrame = mark(session, Path(file), Path(out), shipped(), on)
    return {"marks": marks.height}


def _columns(file: str) -> list[str]:
    import polars as pl

    return list(pl.read_parquet_schema(file))


TASKS: dict[str, Callable[..., Any]] = {
    "totals": totals,
    "duckdb-totals": duckdb_totals,
    "reform": reform,
    "explain": explain,
    "pairs": pairs,
    "duckdb-marks": duckdb_marks,
    "spark-marks": spark_marks,
}

if __name__ == "__main__":
    task, file, on, *more = sys.argv[1:]
    print(json.dumps(TASKS[task](file, date.fromisoformat(on), *more)))
