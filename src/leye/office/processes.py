"""Child processes that never outlive their parent, and never die alone unnoticed."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> Callable[[], None]:
    """For `preexec_fn`: Linux sends the child SIGTERM when the parent dies, even by SIGKILL. Elsewhere it does nothing."""
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def ask() -> None:
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:  # the parent died before the call
                os._exit(1)

    return ask


def start(command: Sequence[str], *, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A child in a session of its own (Ctrl-C reaches the parent only), writing to the parent's stderr."""
    return subprocess.Popen(command, env=dict(env), stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True, preexec_fn=die_with_parent())


def stop(children: Sequence[subprocess.Popen[bytes]], *, within_s: float) -> None:
    """SIGTERM to all, then SIGKILL to the process groups of those that are left after `within_s` seconds in all."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + within_s
    for child in children:
        try:
            child.wait(max(0.05, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _kill_group(child)


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    child.wait()
