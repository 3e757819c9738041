"""A command in a process of its own: CPU seconds of it and all its children, peak memory, wall time, what it printed."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


@dataclass(frozen=True, slots=True)
class Run:
    """One run. said: the JSON it printed, when it did."""

    cpu_s: float
    peak_mib: float
    wall_s: float
    said: Any = None


@dataclass
class Row:
    """Runs of one thing."""

    name: str
    runs: list[Run] = field(default_factory=list)

    def median(self, what: str) -> float:
        """Median of cpu_s, peak_mib or wall_s."""
        return statistics.median(getattr(r, what) for r in self.runs)

    @property
    def said(self) -> Any:
        """What the last run printed."""
        return self.runs[-1].said


def run(command: Sequence[object], cwd: Path | None = None) -> Run:
    """Run to the end. Raises CalledProcessError with what it complained of.

    A small interpreter starts the command and waits for it: a process inherits the peak memory of the one that forked it, and ours is large.
    """
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        waiter = [sys.executable, "-I", "-S", __file__, str(out), str(err), *(str(c) for c in command)]
        used = json.loads(subprocess.run(waiter, check=True, capture_output=True, text=True, cwd=cwd).stdout)
        text = out.read_text(encoding="utf-8")
        if used["exit"]:
            raise subprocess.CalledProcessError(used["exit"], waiter, text, err.read_text(encoding="utf-8")[-4000:])
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    return Run(used["cpu_s"], used["peak_mib"], used["wall_s"], said)


def wait_for(out: str, err: str, *command: str) -> None:
    """What the small interpreter does. It adopts what the command leaves behind (Spark's Java), waits for that too, and counts it."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with open(out, "wb") as said, open(err, "wb") as complained:  # noqa: PTH123
        start = time.perf_counter()
        status = subprocess.Popen(command, stdout=said, stderr=complained).wait()
        wall_s = time.perf_counter() - start
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"exit": status, "cpu_s": used.ru_utime + used.ru_stime, "peak_mib": used.ru_maxrss / 1024, "wall_s": wall_s}))


def in_turn(tasks: dict[str, Callable[[], Run]], runs: int, told: Callable[[str, Run], None]) -> dict[str, Row]:
    """Every task `runs` times, one after the other in rounds, so that a busy minute hits all alike. A first round fills the page cache, uncounted."""
    rows = {name: Row(name) for name in tasks}
    for number in range(-1, runs):
        for name, task in tasks.items():
            if number < 0 and name not in list(tasks)[:1]:
                continue
            found = task()
            if number >= 0:
                rows[name].runs.append(found)
                told(name, found)
    return rows


if __name__ == "__main__":
    wait_for(*sys.argv[1:])
