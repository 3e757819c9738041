"""Server CPU per page, measured in process: median of many requests by Django's test client after a warm-up.

leye bench pages [--data DIR]     without --data a city of 20,000 residents is made first (a minute)
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WARM, TIMES = 5, 60
TARGETS = {"/cockpit": 25.0}
LIST_TARGET = 8.0


def main() -> None:
    """Measure and write `result.json`; the README's table is made of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path)
    parser.add_argument("--people", type=int, default=20_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="leye-pages-") as folder:
        data = asked.data or make_city(Path(folder) / "data", asked.people)
        rows = measure(data)
    out = Path(__file__).parent
    (out / "result.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for row in rows:
        print(f"{row['page']:42} {row['cpu_ms']:6.1f} ms  {row['queries']:2d} queries  {row['kb']:5.0f} kB  target {row['target_ms']}")


def make_city(data: Path, people: int) -> Path:
    """A demo city and its first published run."""
    leye = [sys.executable, "-m", "leye"]
    subprocess.run([*leye, "demo", "--people", str(people), "--out", str(data)], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*leye, "run", "nightly", "--data", str(data)], check=True, stdout=subprocess.DEVNULL)
    return data


def measure(data: Path) -> list[dict[str, object]]:
    """One row a page: median CPU in milliseconds, number of queries, size."""
    from leye.office.embedded import prepare

    prepare(data)
    os.environ["LEYE_NOW"] = ""
    from django.db import connection
    from django.test import Client

    from leye.office.accounts.models import User

    clients = {name: Client(headers={"host": "localhost"}) for name in ("analyst", "worker", "auditor", "operator")}
    for name, one in clients.items():
        one.force_login(User.objects.get(username=name))
    rows: list[dict[str, object]] = []
    for who, page in [*(("analyst", page) for page in pages()), *TRUST]:
        client = clients[who]
        for _ in range(WARM):
            answer = client.get(page)
            assert answer.status_code == 200, (page, answer.status_code)
        asked: list[str] = []
        with connection.execute_wrapper(lambda execute, sql, *rest, said=asked: said.append(sql) or execute(sql, *rest)):
            client.get(page)
        rows.append(
            {
                "page": page,
                "cpu_ms": round(statistics.median(timed(client, page) for _ in range(TIMES)), 2),
                "queries": len(asked),
                "kb": round(len(answer.content) / 1024, 1),
                "target_ms": TARGETS.get(page, LIST_TARGET if page in (*LISTS, *TRUST_LISTS) else None),
            }
        )
    return rows


LISTS = ("/alerts", "/series", "/plans", "/reports", "/data")
TRUST = (
    ("worker", "/my/decisions"),
    ("auditor", "/replay"),
    ("auditor", "/fairness"),
    ("auditor", "/registry"),
    ("auditor", "/algorithms"),
    ("auditor", "/review"),
    ("auditor", "/objections"),
    ("auditor", "/reads"),
    ("operator", "/breakers"),
    ("auditor", "/verify"),
)
TRUST_LISTS = tuple(page for _, page in TRUST)


def pages() -> list[str]:
    """Addresses to measure, with the strongest alert and its series."""
    from leye.office.alerts.models import Alert
    from leye.office.published import published_snapshot
    from leye.office.reports.findings import findings
    from leye.site.addresses import series_url

    snapshot = published_snapshot()
    assert snapshot is not None
    found = findings(snapshot)
    uid = found[0].series.unique_id if found else next(iter(snapshot.series))
    alert = Alert.objects.order_by("-rank").first()
    more = [f"/alerts/{alert.pk}"] if alert else []
    return ["/cockpit", *LISTS, series_url(uid), *more, f"/reports/{snapshot.run_id}", "/", "/help"]


def timed(client: object, page: str) -> float:
    """CPU milliseconds of one request."""
    start = time.process_time()
    client.get(page)  # type: ignore[attr-defined]
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    main()
