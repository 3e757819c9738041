"""Two weeks of orders of forty riders, so plain that every figure of the fairness report can be worked by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl


def write_tables(data: Path, *, women_premium: int = 3, per_worker: int = 40) -> None:
    """Twenty riders of each sex, two weeks: of ten orders a woman gets `women_premium` premium ones, a man five; women wait 125 s, men 100."""
    folder = data / "city"
    folder.mkdir(parents=True, exist_ok=True)
    people, workers, orders = [], [], []
    for n in range(40):
        is_woman = n < 20
        people.append({"person_id": f"P{n:08d}", "sex": "F" if is_woman else "M", "birth": date(1980 + n % 20, 5, 1)})
        workers.append({"worker_id": f"W{n:08d}", "person_id": f"P{n:08d}", "platform": "food"})
        for i in range(per_worker):
            created = datetime(2025, 8, 18 + i % 14, 2, n, tzinfo=UTC)
            good = i % 10 < (women_premium if is_woman else 5)
            wait = timedelta(seconds=(125 if is_woman else 100) + (i % 3 - 1))
            orders.append({
                "order_id": f"O{n * 1000 + i:08d}", "worker_id": f"W{n:08d}", "platform": "food", "zone": "440605-01", "created_at": created,
                "accepted_at": created + wait, "done_at": created + timedelta(minutes=30), "pay_fen": 700, "tier": "premium" if good else "standard",
            })  # fmt: skip
    for name, rows in (("people", people), ("workers", workers), ("orders", orders)):
        pl.DataFrame(rows).write_parquet(folder / f"{name}.parquet")
