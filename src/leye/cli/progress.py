"""Progress on stderr: a bar on a terminal, plain lines of steps elsewhere. rich is imported only when a bar is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Show = Callable[[str, int, int, str], None]
"""Called as (step in Chinese, steps done, steps in all, detail)."""


@contextmanager
def step_bar() -> Iterator[Show]:
    """Shows steps as they begin; nothing is written to stdout."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.completed:.0f}/{task.total:.0f}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("准备", total=None)
        yield lambda step, done, of, detail: bars.update(task, description=f"{step} {detail}".strip(), completed=done, total=of)


def _lines() -> Show:
    said: list[str] = []

    def show(step: str, done: int, of: int, detail: str) -> None:
        if step not in said:
            said.append(step)
            sys.stderr.write(f"[{done}/{of}] {step}\n")
            sys.stderr.flush()

    return show
