"""What the gate costs: one live decision, several together, a batch of a city; beside the same rows written by Django without gate or log.

python bench/trust_gate/run.py [--repeat 5] [--keep]   (writes README.md beside itself unless --keep)
"""

from __future__ import annotations

import argparse
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
AT = datetime(2025, 9, 1, tzinfo=UTC)
ALGO, VERSION = "platform.dispatch", "2025.8"
SINGLES, TOGETHER, PEOPLE, OUTCOMES, FACTS = 400, 2_000, 5_000, 30, 60


def main() -> None:
    """Run all, print the table, write the README."""
    options = argparse.ArgumentParser()
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument("--keep", action="store_true")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="leye-gate-") as folder:
        from leye.office.embedded import prepare

        prepare(Path(folder) / "data")
        text = table(measure(asked.repeat), asked.repeat)
    print(text)
    if not asked.keep:
        (HERE / "README.md").write_text(text, encoding="utf-8")


def measure(repeat: int) -> dict[str, list[float]]:
    """CPU microseconds per outcome of each way, `repeat` values each."""
    from leye.office.decisions.batch import BatchRun, decide_batch
    from leye.office.decisions.gate import decide, decide_many

    people = list(marked())
    runs: dict[str, list[float]] = {"single": [], "durable": [], "together": [], "batch": [], "bare": []}
    for n in range(-1, repeat):  # the first round warms up
        durable(False)
        found = {
            "single": cpu_us(lambda: [decide(offer(i)) for i in range(SINGLES)], SINGLES),
            "together": cpu_us(lambda: decide_many([offer(i) for i in range(TOGETHER)]), TOGETHER),
            "batch": cpu_us(lambda n=n: decide_batch(BatchRun(ALGO, VERSION, "dispatch", ("zone",), f"run{n}", AT), people), PEOPLE * OUTCOMES),
            "bare": cpu_us(lambda: bare(SINGLES), SINGLES),
        }
        durable(True)
        found["durable"] = cpu_us(lambda: [decide(offer(i)) for i in range(SINGLES)], SINGLES)
        for name, value in found.items() if n >= 0 else ():
            runs[name].append(value)
    return runs


def durable(on: bool) -> None:
    """Whether a commit waits for the disk; the kernel's own work for a flush counts as CPU of ours and depends on the disk."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous = {'FULL' if on else 'OFF'}")


def cpu_us(work: Callable[[], Any], n: int) -> float:
    """CPU microseconds of this process per item."""
    began = time.process_time()
    work()
    return (time.process_time() - began) / n * 1e6


def offer(i: int) -> Any:
    """A decision with six inputs, two protected attributes and one reason."""
    from leye.kernel.decision import Decision, Outcome, Subject
    from leye.kernel.reason import Reason

    return Decision(
        ALGO, VERSION, Subject("person", f"P{i:08d}"), "dispatch", Outcome("offered", -60.0, 620),
        (Reason("同片区空闲的人里离取货点最近", "nearest of the idle in the zone", "statement", "nearest"),), ("zone", "hour"),
        {"zone": "440605-01", "hour": 9, "idle_s": 30, "orders_30d": 120, "tier": "standard", "pay_fen": 620}, AT, region="440605",
        protected={"sex": "F", "age_band": "25-44"},
    )  # fmt: skip


def marked() -> Any:
    """People with 30 outcomes and 60 facts each, as a night of entitlement marks has them."""
    from leye.kernel.decision import Outcome, Subject
    from leye.office.decisions.batch import PersonMarks
    from leye.trust.subtree import Mark

    for i in range(PEOPLE):
        marks = tuple(Mark(f"policy_{j}", Outcome("yes", None, 120_000 + j), ("nearest",)) for j in range(OUTCOMES))
        yield PersonMarks(Subject("person", f"P{i:08d}"), marks, {f"fact_{j}": j for j in range(FACTS)}, {"sex": "F"})


def bare(n: int) -> None:
    """What an application without a gate would do: one row by the ORM in a transaction of its own."""
    from django.db import transaction

    from leye.office.outbox.journal import emit

    for _ in range(n):
        with transaction.atomic():
            emit("bench.bare", at=AT, outcome="offered")


def table(runs: dict[str, list[float]], repeat: int) -> str:
    """The README."""
    shown = {name: f"{statistics.median(v):,.1f} | {min(v):,.1f}–{max(v):,.1f}" for name, v in runs.items()}
    ratio = statistics.median(runs["single"]) / statistics.median(runs["bare"])
    return f"""# The gate: cost of an outcome

`leye bench trust_gate`, {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, 2 cores, SQLite WAL, no flush to disk unless said, CPU of
the process, median of {repeat} runs after a warm-up. Every outcome: register asked, words checked, breaker asked,
commitments with a salt of its own, evidence and protected attributes encrypted, rows, leaf, tile, signed head, event, lot for human review,
head copied to a file.

| way | CPU µs per outcome | range | goal |
|---|---|---|---|
| one live decision, transaction and signed head of its own | {shown["single"]} | ≤ 1,000 |
| the same, each commit flushed to disk (synchronous=full, as the office runs) | {shown["durable"]} | – |
| {TOGETHER:,} decisions in one transaction | {shown["together"]} | – |
| batch: {PEOPLE:,} people × {OUTCOMES} outcomes, {FACTS} facts each, one leaf a person | {shown["batch"]} | ≤ 10 |
| for comparison: one ORM row in a transaction of its own, no gate, no log | {shown["bare"]} | – |

No peer joins these steps; the last row is what an application pays that only writes its outcome down. A live decision through the gate costs
{ratio:.1f} times that.
"""


if __name__ == "__main__":
    main()
