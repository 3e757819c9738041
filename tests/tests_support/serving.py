"""A real server in a process of its own, for tests that drive a browser over data of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen


@contextmanager
def serve(env: Mapping[str, str]) -> Iterator[str]:
    """The address of a granian over the environment's data folder; stopped afterwards."""
    port = _free_port()
    granian = Path(sys.executable).with_name("granian")
    command = [str(granian), "--interface", "asginl", "--host", "127.0.0.1", "--port", str(port), "--workers-kill-timeout", "1"]
    server = subprocess.Popen([*command, "leye.office.serving.asgi:application"], env=dict(env), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(15)


@contextmanager
def serving(data: Path, prepare: str) -> Iterator[str]:
    """The address of a server over a data folder, after `prepare` (Python) ran in a process of its own and the first page was answered."""
    env = {**os.environ, "LEYE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "leye.office.settings"}
    env.pop("LEYE_NOW", None)
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]))
    subprocess.run([sys.executable, "-c", prepare], check=True, env=env)
    with serve(env) as url:
        with urlopen(f"{url}/login", timeout=180) as answer:  # the first answer imports the whole house
            answer.read()
        yield url


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError("the server ended at once")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not come up")
