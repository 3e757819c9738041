"""The decision log beside pymerkle: appends made durable, inclusion proofs at a million leaves, paths verified, everything re-audited.

leye bench trust_log [-- --leaves 1000000 --runs 5 --peer-python PYTHON]

The peer lives in a throwaway environment made from requirements.txt. Writes README.md beside itself.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import venv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import ours  # noqa: E402
from records import BYTES, batches  # noqa: E402

WIDTH = 256


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--leaves", type=int, default=1_000_000)
    parser.add_argument("--appends", type=int, default=100 * WIDTH)
    parser.add_argument("--proofs", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer-python", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="leye-trust-log-", dir=os.environ.get("TMPDIR", "/tmp")) as name:
        folder = Path(name)
        found = measure(folder, asked)
    (HERE / "result.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    text = readme(found, asked)
    (HERE / "README.md").write_text(text, encoding="utf-8")
    print(text)


def measure(folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    made = list(batches(asked.appends, WIDTH))
    found: dict[str, Any] = {"bare": [], "append": [], "signed": []}
    for number in range(asked.runs):  # in turn, so that a busy minute hits all alike
        found["bare"].append(ours.bare(folder, made, number))
        found["append"].append(ours.append(folder, made, number, signed=False))
        found["signed"].append(ours.append(folder, made, number, signed=True))
    found |= postgres(made, asked.runs)
    connection, log, heads = ours.large(folder, asked.leaves)
    proved, held, places = ours.proofs(log, asked.leaves, asked.proofs)
    checks = [ours.verify(log, asked.leaves, held, places) for _ in range(asked.runs)]
    found["prove_cold"], found["prove_warm"] = [proved["cold"]], [proved["warm"]]
    found["verify"], found["receipts"] = [c["paths"] for c in checks], [c["receipts"] for c in checks]
    found["audit"] = [ours.audit(connection, heads) for _ in range(3)]
    found["root"], found["bytes_each"] = log.root().hex(), (folder / "large.sqlite3").stat().st_size / asked.leaves
    connection.close()
    found["peer"] = peer(folder, asked)
    assert found["peer"][0]["root"] == found["root"], "both must have made the same tree"
    return found


def postgres(made: list[list[bytes]], runs: int) -> dict[str, Any]:
    """A server of one's own with fsync on; nothing where none is installed."""
    sys.path.insert(0, str(HERE.parents[1] / "tests"))
    from tests_support import postgres as server

    if not sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return {}
    server.FAST = "-c listen_addresses= -k {folder}"
    found: dict[str, Any] = {"pg_rows": [], "pg_append": []}
    with server.private_server() as url:
        for number in range(runs):
            found["pg_rows"].append(ours.append_postgres(url, made, number, only_rows=True))
            found["pg_append"].append(ours.append_postgres(url, made, number, only_rows=False))
    return found


def peer(folder: Path, asked: argparse.Namespace) -> list[dict[str, Any]]:
    python = asked.peer_python
    if python is None:
        venv.create(folder / "peer", with_pip=True)
        python = folder / "peer" / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt"], check=True)
    rows = []
    for number in range(max(1, asked.runs // 2)):
        (at := folder / f"peer{number}").mkdir()
        command = [python, HERE / "peer.py", at, asked.appends, asked.leaves, asked.proofs]
        rows.append(json.loads(subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True, cwd=HERE).stdout))
    return rows


def readme(found: dict[str, Any], asked: argparse.Namespace) -> str:
    def middle(rows: list[dict[str, float]], what: str) -> float:
        return statistics.median(row[what] for row in rows)

    def each_us(rows: list[dict[str, float]], count: int, what: str = "cpu_s") -> float:
        return middle(rows, what) / count * 1e6

    def rate(rows: list[dict[str, float]], count: int, what: str = "cpu_s") -> str:
        return f"{count / middle(rows, what):,.0f}"

    def append_row(name: str, rows: list[dict[str, float]], base_s: float) -> str:
        return f"| {name} | {each_us(rows, n):.1f} | {middle(rows, 'wall_s') / base_s:.2f} | {rate(rows, n, 'wall_s')} |"

    n, p = asked.appends, asked.proofs
    theirs = {name: [row[name] for row in found["peer"]] for name in ("append", "prove_sqlite", "prove_memory", "verify")}
    peers = len(found["peer"])
    bare_wall = middle(found["bare"], "wall_s")
    append_rows = [
        ("bare inserts of the same rows", found["bare"]), ("**Leye, rows and tree**", found["append"]),
        ("**Leye, and a signed head each batch**", found["signed"]), ("pymerkle 7.0.0, rows and leaf hashes, no tree kept", theirs["append"]),
    ]  # fmt: skip
    lines = [
        "# The decision log beside pymerkle", "",
        f"{datetime.now(UTC):%Y-%m-%d} · {platform.machine()}, {os.cpu_count()} cores shared with other work, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version} · `leye bench trust_log` (some minutes) · records of {BYTES} bytes, made by `records.py`.",
        f"Both make the same tree (root `{found['root'][:16]}…` of {asked.leaves:,} leaves). Medians of {asked.runs} runs (peer: {peers}).",
        "CPU seconds and ratios count, wall times on a shared machine are high. pymerkle (GPL-3.0) runs from `requirements.txt` in a throwaway",
        "environment.", "",
        f"**Appends**, {n:,} in batches of {WIDTH}, SQLite WAL with synchronous=full, one transaction a batch", "",
        "| | CPU µs each | wall, times bare | a second (wall) |", "|---|---|---|---|",
        *(append_row(name, rows, bare_wall) for name, rows in append_rows),
    ]  # fmt: skip
    if "pg_rows" in found:
        base = middle(found["pg_rows"], "wall_s")
        pairs = [("COPY of the same rows", found["pg_rows"]), ("**Leye, rows and tree**", found["pg_append"])]
        lines += [
            "", "The same on PostgreSQL over a socket, fsync and synchronous_commit on, one connection (CPU of our process, the server's apart;"
            " the peer has no PostgreSQL)", "",
            "| | CPU µs each | wall, times COPY | a second (wall) |", "|---|---|---|---|",
            *(append_row(name, rows, base) for name, rows in pairs),
        ]  # fmt: skip
    proof_rows = [
        ("**Leye, SQLite, tiles met before**", found["prove_warm"]), ("**Leye, SQLite, from the first proof on**", found["prove_cold"]),
        ("pymerkle, SQLite, cache warmed", theirs["prove_sqlite"]), ("pymerkle, in memory, cache warmed", theirs["prove_memory"]),
    ]  # fmt: skip
    lines += [
        "", f"**Inclusion proofs**, {p:,} of random leaves among {asked.leaves:,}", "", "| | a CPU second | ms each |", "|---|---|---|",
        *(f"| {name} | {rate(rows, p)} | {each_us(rows, p) / 1000:.3f} |" for name, rows in proof_rows),
        "", "**Verifying**", "", "| | a CPU second |", "|---|---|",
        f"| **Leye, inclusion paths** (the signature once a head) | {rate(found['verify'], p)} |",
        f"| pymerkle, inclusion paths | {rate(theirs['verify'], p)} |",
        f"| **Leye, whole receipts, text and signature each** | {rate(found['receipts'], min(2000, p))} |",
        "", f"**Re-audit** of everything ({asked.leaves:,} rows, a signed head every {WIDTH}, the file outside the database; peer: has none)", "",
        "| | CPU s | entries a CPU second |", "|---|---|---|",
        f"| **Leye** | {middle(found['audit'], 'cpu_s'):.2f} | {rate(found['audit'], asked.leaves)} |",
        "", f"The file holds {found['bytes_each']:.0f} bytes an entry, record, tree and heads together. A process that serves proofs of a million"
        " leaves remembers the inner nodes of its tiles: 64 MiB; ‘from the first proof on’ is what it costs to get there.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
