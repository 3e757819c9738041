"""CPU seconds and memory of `leye demo` as a whole process, beside a plain loop that makes only names, numbers and addresses.

python bench/city/run.py [--repeat 3] [--keep]   (writes README.md beside itself unless --keep)
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

CASES = [(2_000, False), (20_000, False), (100_000, False), (20_000, True), (100_000, True)]
LIMITS = {(100_000, False): 25.0, (20_000, False): 6.0}
HERE = Path(__file__).parent


def measure(people: int, inbox: bool) -> tuple[float, float]:
    """(user and system seconds, peak MB) of one whole process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-c",
            "from leye.cli import main; main()",
            "demo",
            "--people",
            str(people),
            "--seed",
            "7",
            "--out",
            folder,
            "--json",
        ]
        pid = os.posix_spawn(
            sys.executable,
            command + ([] if inbox else ["--no-inbox"]),
            os.environ,
            file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)],
        )
        _, status, used = os.wait4(pid, 0)
        if status:
            raise SystemExit(f"leye demo failed with status {status}")
        return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def plain_loop(people: int) -> float:
    """CPU seconds of a row-at-a-time generator of seven identity columns: what a script without arrays does for a small part of one table."""
    dice, began = random.Random(7), time.process_time()
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rows = []
    for number in range(people):
        born = datetime(1930, 1, 1, tzinfo=UTC).toordinal() + dice.randrange(33_000)
        body = f"440605{datetime.fromordinal(born):%Y%m%d}{dice.randrange(1000):03d}"
        check = "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
        name = dice.choice("陈黄李梁张何林王刘吴") + dice.choice("伟强军杰涛明芳娜敏静") + dice.choice("文国建家永德丽艳娟霞")
        rows.append(
            {
                "person_id": f"P{number:08d}",
                "name": name,
                "sex": dice.choice("MF"),
                "birth": born,
                "id_number": body + check,
                "phone": f"154{dice.randrange(10**8):08d}",
                "address": f"示例市南海区和乐路{dice.randrange(180)}号{dice.randrange(30)}栋{dice.randrange(3000)}房",
            }
        )
    assert len(rows) == people
    return time.process_time() - began


def main() -> None:
    """Run all cases, print the table, write the README."""
    options = argparse.ArgumentParser()
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--keep", action="store_true", help="leave README.md as it is")
    chosen = options.parse_args()
    lines = ["| what | CPU s (median) | lowest–highest | peak MB | limit |", "|---|---|---|---|---|"]
    for people, inbox in CASES:
        runs = [measure(people, inbox) for _ in range(chosen.repeat)]
        cpu = [r[0] for r in runs]
        limit = LIMITS.get((people, inbox))
        name = f"`leye demo --people {people}{'' if inbox else ' --no-inbox'}`"
        spread = f"{min(cpu):.1f}–{max(cpu):.1f}"
        lines.append(f"| {name} | {statistics.median(cpu):.1f} | {spread} | {max(r[1] for r in runs):.0f} | {limit or '–'} |")
        sys.stderr.write(lines[-1] + "\n")
    loop = [plain_loop(100_000) for _ in range(chosen.repeat)]
    lines.append(f"| plain loop, 100000 rows of 7 identity columns | {statistics.median(loop):.1f} | {min(loop):.1f}–{max(loop):.1f} | – | – |")
    table = "\n".join(lines)
    print(table)
    if not chosen.keep:
        (HERE / "README.md").write_text(page(table, chosen.repeat), encoding="utf-8")


def page(table: str, repeat: int) -> str:
    """The README around the table."""
    import numpy
    import polars

    made = f"{datetime.now(UTC):%Y-%m-%d}"
    versions = f"Python {platform.python_version()}, polars {polars.__version__}, numpy {numpy.__version__}, {os.cpu_count()} cores"
    made_with = f"`leye bench city`, {made}, {versions}; {repeat} runs each, seed 7."
    return f"# Making the synthetic city\n\n{made_with} {METHOD}\n\n{table}\n\n{NOTES}\n"


METHOD = "CPU seconds are user and system time of the whole process, start and writing included."
NOTES = """The whole city is seventeen tables; the plain loop makes a fraction of one of them and is here to show what arrays buy.
No peer makes such a city: generators of single fake records are loops of this kind. Runs without `--no-inbox` also write the
messy files of twelve departments, most of it Excel, which is slow to write in Python."""


if __name__ == "__main__":
    main()
