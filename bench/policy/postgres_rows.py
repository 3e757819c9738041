"""The exported SQL in PostgreSQL: a private server, the people loaded, the query timed; CPU seconds are the server's own."""

from __future__ import annotations

import os
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from measured import Run

from leye.policy import shipped
from leye.policy.sql import POSTGRES, marks_sql

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
PIECE = 50_000


def is_installed() -> bool:
    """Whether a server is on this machine."""
    return bool(sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


def marks(file: Path, on: date) -> Run:
    """Marks of a file into a table; loading it is not counted."""
    import psycopg

    from tests_support.postgres import private_server

    packs = shipped()
    with private_server() as url:
        folder = Path(url.rsplit("host=", 1)[1])
        with psycopg.connect(url, autocommit=True) as connection:
            load(connection, file, packs)
            connection.execute("SET work_mem = '256MB'")
        postmaster = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        before, start = server_cpu_s(postmaster), time.perf_counter()
        with psycopg.connect(url, autocommit=True) as connection:
            backend = connection.info.backend_pid
            query: Any = f"CREATE TABLE marks AS {marks_sql(packs, on, dialect=POSTGRES)}"
            count = connection.execute(query).rowcount
            peak = peak_mib(backend)
        wall_s = time.perf_counter() - start
        time.sleep(1)  # the backend has ended and its postmaster has counted it
        return Run(server_cpu_s(postmaster) - before, peak, wall_s, {"marks": count})


def load(connection: Any, file: Path, packs: Any) -> None:
    columns = pl.read_parquet_schema(file)
    types = ", ".join(f"{n} {POSTGRES.types[packs.facts[n].base]}" for n in columns)
    connection.execute(f"CREATE UNLOGGED TABLE people ({types})")
    height = pl.scan_parquet(file).select(pl.len()).collect().item()
    with connection.cursor().copy("COPY people FROM STDIN (FORMAT csv)") as copy:
        for first in range(0, height, PIECE):
            copy.write(pl.scan_parquet(file).slice(first, PIECE).collect().write_csv(include_header=False))
    connection.execute("ANALYZE people")


def server_cpu_s(postmaster: int) -> float:
    """User and system seconds of the server: its own, those of children that ended, and those of children that live."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(stat.parent.name) == postmaster:
            total += sum(int(f) for f in fields[11:15])
        elif int(fields[1]) == postmaster:
            total += sum(int(f) for f in fields[11:13])
    return total / ticks


def peak_mib(process: int) -> float:
    """Highest resident size of a process."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0
