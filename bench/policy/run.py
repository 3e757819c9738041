"""Rules over whole populations, beside OpenFisca-core, DuckDB, PostgreSQL, Spark and the bare scan of the same file.

leye bench policy [-- --parts a,b,c,d,e --twenty 10000000 --whole 1000000 --large 10000000 --runs 3 --peer-python PYTHON --spark-python PYTHON]

a twenty policies, counts and sums, and unknown facts · b the shipped packs, marks with missing facts · c one changed policy · d one person
explained · e the exported SQL in databases. Each part keeps its newest figures in result.json; README.md is written from them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import data  # noqa: E402
import postgres_rows  # noqa: E402
from measured import Row, Run, in_turn, run  # noqa: E402
from readme import readme  # noqa: E402

PYTHON = sys.executable
LEYE = Path(sys.executable).with_name("leye")
ON = data.ON.isoformat()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default="a,b,c,d,e")
    parser.add_argument("--twenty", type=int, default=10_000_000, help="people of parts a and c")
    parser.add_argument("--pairs", type=int, default=1_000_000, help="people whose verdicts are compared one by one")
    parser.add_argument("--whole", type=int, default=1_000_000, help="people of parts b, d and e")
    parser.add_argument("--large", type=int, default=10_000_000, help="people of the streamed run of part b")
    parser.add_argument("--persons", type=int, default=2_000, help="people explained")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peer-python", type=Path)
    parser.add_argument("--spark-python", type=Path, help="an interpreter with PySpark and Leye; default this one, left out where it has none")
    parser.add_argument("--keep", action="store_true", help="print only, leave README.md and result.json as they are")
    asked = parser.parse_args()
    kept = HERE / "result.json"
    found = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() and not asked.keep else {}
    with tempfile.TemporaryDirectory(prefix="leye-bench-policy-", dir=os.environ.get("TMPDIR", "/tmp")) as name:
        for part in asked.parts.split(","):
            found[part] = stamp(PARTS[part](asked, Path(name)))
            if not asked.keep:
                kept.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    text = readme(found)
    if not asked.keep:
        (HERE / "README.md").write_text(text, encoding="utf-8")
    print(text)


def stamp(found: dict[str, Any]) -> dict[str, Any]:
    """With the day and the machine."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores shared with other work, Python {platform.python_version()}"
    return found | {"on": datetime.now(UTC).date().isoformat(), "machine": machine}


def told(name: str, one: Run) -> None:
    sys.stderr.write(f"{name}: {one.cpu_s:.2f} CPU s, {one.wall_s:.2f} s, {one.peak_mib:.0f} MiB\n")


def figures(rows: dict[str, Row]) -> dict[str, dict[str, float]]:
    return {n: {w: round(r.median(w), 3) for w in ("cpu_s", "peak_mib", "wall_s")} | {"runs": len(r.runs)} for n, r in rows.items()}


def ours(task: str, *more: object) -> Callable[[], Run]:
    return lambda: run([PYTHON, HERE / "ours.py", task, *more])


def mark(file: Path, out: Path, *more: object) -> Callable[[], Run]:
    return lambda: run([LEYE, "policy", "mark", file, "--on", ON, "--out", out, "--json", *more])


def scan(file: Path) -> Callable[[], Run]:
    facts = [] if "whole" in file.name else columns_of(file)
    return lambda: run([PYTHON, HERE / "scan.py", file, *facts])


def columns_of(file: Path) -> list[str]:
    import polars as pl

    return [c for c in pl.read_parquet_schema(file) if c != "person_id"]


def peer_python(asked: argparse.Namespace, folder: Path) -> Path:
    """An environment with the peer, made once a call."""
    if asked.peer_python is not None:
        return Path(asked.peer_python)
    python = folder / "peer" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "peer", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", HERE / "requirements-openfisca.txt"], check=True)
    return python


def part_a(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    files, peer = data.twenty(asked.twenty), peer_python(asked, folder)

    def theirs(*more: object) -> Callable[[], Run]:
        return lambda: run([peer, HERE / "openfisca_run.py", "totals", files["known"], ON, *more])

    pack = ["--pack", data.PACK20]
    rows = in_turn(
        {
            "scan": scan(files["known"]),
            "totals": ours("totals", files["known"], ON),
            "sparse": mark(files["known"], folder / "wide.parquet", "--wide", *pack),
            "long": mark(files["known"], folder / "long.parquet", *pack),
            "duckdb": ours("duckdb-totals", files["known"], ON),
            "openfisca": theirs(),
            "openfisca_pieces": theirs(10),
            "nulls": ours("totals", files["nulls"], ON),
            "nulls_scan": scan(files["nulls"]),
        },
        asked.runs,
        told,
    )
    same_figures({n: rows[n].said for n in ("totals", "duckdb", "openfisca", "openfisca_pieces")})
    sizes = {n: (folder / f"{n}.parquet").stat().st_size for n in ("wide", "long")}
    return {
        "rows": figures(rows),
        "people": asked.twenty,
        "bytes": sizes | {"known": files["known"].stat().st_size},
        "unknown": unknown(asked, folder, peer),
    }


def same_figures(said: dict[str, dict[str, list[int]]]) -> None:
    """Counts and sums are the same everywhere, to the fen, or the benchmark has no meaning."""
    first, *others = ({policy: numbers[:2] for policy, numbers in one.items()} for one in said.values())
    for name, other in zip(list(said)[1:], others, strict=True):
        assert {p: n for p, n in other.items() if n[0]} == {p: n for p, n in first.items() if n[0]}, f"{name} counts other people or other sums"


def unknown(asked: argparse.Namespace, folder: Path, peer: Path) -> dict[str, Any]:
    """What a tenth of unknown values does to the verdicts."""
    files, bits = data.twenty(asked.pairs), folder / "peer.npz"
    run([peer, HERE / "openfisca_run.py", "pairs", files["nulls"], ON, bits])
    return dict(run([PYTHON, HERE / "ours.py", "pairs", files["known"], ON, files["nulls"], bits]).said)


def part_b(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    file, large = data.whole(asked.whole), data.whole(asked.large)
    rows = in_turn(
        {
            "scan": scan(file),
            "marks": mark(file, folder / "marks.parquet"),
            "wide": mark(file, folder / "wide.parquet", "--wide"),
            "months_choice": mark(file, folder / "extra.parquet", "--with", "months,choice"),
        },
        asked.runs,
        told,
    )
    large_rows = in_turn({"large_scan": scan(large), "large": mark(large, folder / "large.parquet")}, 1, told)
    sizes = {n: (folder / f"{n}.parquet").stat().st_size for n in ("marks", "wide")} | {"people": file.stat().st_size}
    marks = {"marks": rows["marks"].said["marks"], "large": large_rows["large"].said["marks"]}
    return {"rows": figures(rows) | figures(large_rows), "people": asked.whole, "large_people": asked.large, "bytes": sizes, "marks": marks}


def part_c(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    files = data.twenty(asked.twenty)
    rows = in_turn({"scan": scan(files["known"]), "reform": ours("reform", files["known"], ON)}, asked.runs, told)
    inside = sorted(r.said["cpu_s"] for r in rows["reform"].runs)
    return {"rows": figures(rows), "people": asked.twenty, "inside_cpu_s": inside[len(inside) // 2], "touched": rows["reform"].said["touched"]}


def part_d(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    twenty, whole, peer = data.twenty(asked.pairs)["known"], data.whole(asked.whole), peer_python(asked, folder)
    rows = in_turn(
        {
            "whole": ours("explain", whole, ON, asked.persons, "shipped"),
            "twenty": ours("explain", twenty, ON, asked.persons, "twenty"),
            "openfisca": lambda: run([peer, HERE / "openfisca_run.py", "person", twenty, ON, min(asked.persons, 300)]),
        },
        asked.runs,
        told,
    )
    middle = {n: {k: sorted(r.said[k] for r in row.runs)[len(row.runs) // 2] for k in row.said} for n, row in rows.items()}
    return {"ms": middle, "persons": asked.persons}


def part_e(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    file = data.whole(asked.whole)
    tasks: dict[str, Callable[[], Run]] = {
        "polars": mark(file, folder / "polars.parquet"),
        "duckdb": ours("duckdb-marks", file, ON, folder / "duckdb.parquet"),
    }
    if postgres_rows.is_installed():
        tasks["postgres"] = lambda: postgres_rows.marks(file, data.ON)
    spark = asked.spark_python or Path(PYTHON)
    if subprocess.run([spark, "-c", "import pyspark"], check=False, capture_output=True).returncode == 0:
        number = iter(range(100))
        tasks["spark"] = lambda: run([spark, HERE / "ours.py", "spark-marks", file, ON, folder / f"spark{next(number)}"])
    rows = in_turn(tasks, 1, told)
    marks = {n: r.said["marks"] for n, r in rows.items()}
    assert len(set(marks.values())) == 1, f"engines give different numbers of marks: {marks}"
    return {"rows": figures(rows), "people": asked.whole, "marks": marks}


PARTS = {"a": part_a, "b": part_b, "c": part_c, "d": part_d, "e": part_e}

if __name__ == "__main__":
    main()
