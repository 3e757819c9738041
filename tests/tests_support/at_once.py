"""Several desks at the same moment, each in a thread with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Run all at the same moment, each on its own connection; results or exceptions in order."""
    gate, found = threading.Barrier(len(works)), [None] * len(works)

    def run(i: int, work: Callable[[], Any]) -> None:
        gate.wait()
        try:
            found[i] = work()
        except Exception as error:
            found[i] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i, work)) for i, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found
