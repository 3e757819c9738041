"""A process that asks for releases one after the other: `python release_worker.py DATA EPSILON QUESTION…`, prints one JSON line each.

A question is `sex+region` or `sex+region|hukou_local=true`; the word `WAIT` warms up, says so, and waits for a line;
`DIE` kills the process in the middle of the next release, after it was charged.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def main(data: str, epsilon: str, *questions: str) -> None:
    """Ask all of them."""
    from leye.office.embedded import prepare

    prepare(Path(data))
    from leye.kernel.errors import LeyeError
    from leye.office.privacy import releases

    for asked in questions:
        if asked == "WAIT":
            _wait(releases)
            continue
        if asked == "DIE":
            releases.audit = _die  # type: ignore[assignment]
            continue
        by, _, where = asked.partition("|")
        filters = dict([where.split("=")]) if where else {}
        try:
            made, was_there = releases.release(
                "people", by=by.split("+"), where=filters, epsilon=float(epsilon), acting_user=None, at=datetime(2025, 9, 1, tzinfo=UTC)
            )
            _say(json.dumps({"id": str(made.pk), "charged": not was_there, "cells": made.cells}))
        except LeyeError as error:
            _say(json.dumps({"code": error.code}))


def _wait(releases: Any) -> None:
    from django.db import connection

    releases.price_list(releases.datasets_here()["people"])  # OpenDP is loaded, the connection open: what follows takes milliseconds
    connection.ensure_connection()
    _say("ready")
    sys.stdin.readline()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
