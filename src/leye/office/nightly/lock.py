"""Only one nightly at a time in a data folder. The lock dies with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leye.kernel.errors import Conflict


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the folder's lock; raises Conflict (E_RUNNING) with the other's process number when it is held."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / ".nightly.lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            handle.seek(0)
            other = handle.read().strip()
            raise Conflict(
                f"另一个夜间运行正在进行（进程 {other or '不明'}）",
                en=f"another nightly is running (process {other or 'unknown'})",
                remedy_zh="等它结束后再试",
                remedy_en="wait until it ends",
                code="E_RUNNING",
            ) from error
        handle.seek(0)
        handle.truncate()
        handle.write(str(os.getpid()))
        handle.flush()
        yield
