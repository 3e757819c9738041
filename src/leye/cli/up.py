"""`leye up`: from nothing to a page. City, database, static files, first snapshot, then server and worker until SIGTERM."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn, Optional

import typer

if TYPE_CHECKING:
    from leye.office.accounts.demo import Login

STOP_WITHIN_S = 3.0  # promised: all processes end within 5 s of SIGTERM; the rest is room for a busy machine
READY_WITHIN_S = 60.0
LOCAL = ("127.0.0.1", "localhost", "::1")


def up(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="端口 · port")] = 8000,
    people: Annotated[int, typer.Option("--people", help="演示城市的居民人数 · residents of the demo city")] = 20_000,
    seed: Annotated[int, typer.Option("--seed", help="演示城市的随机种子 · its seed")] = 7,
    data: Annotated[Optional[Path], typer.Option("--data", help="数据文件夹，默认 $LEYE_DATA 或 ./data · data folder")] = None,  # noqa: UP045
    host: Annotated[str, typer.Option("--host", help="监听地址，默认只有本机 · address to listen on")] = "127.0.0.1",
    as_json: Annotated[bool, typer.Option("--json", help="首页可看后输出一行 JSON · one line when the first page is served")] = False,
) -> None:
    """一条命令看到页面：演示城市、数据库、夜间运行、服务。One command to a page."""
    from leye.cli.run import data_folder

    folder = data_folder(data).absolute()
    _claim(host, port)
    os.environ["LEYE_DATA"] = str(folder)
    if host not in LOCAL and not os.environ.get("LEYE_ALLOWED_HOSTS") and os.environ.get("LEYE_MODE", "demo") != "production":
        os.environ["LEYE_ALLOWED_HOSTS"] = "*"  # a demo opened to the network on purpose; production refuses this
    signal.signal(signal.SIGTERM, _leave)
    children: list[subprocess.Popen[bytes]] = []
    try:
        logins = _make_ready(folder, people, seed, children)
        children += _serve(host, port)
        url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - compared, not bound
        _wait_until_served(url, children)
        _announce(url, logins, as_json=as_json)
        _watch_over(children)
    finally:
        from leye.office.processes import stop

        stop(children, within_s=STOP_WITHIN_S)


def _claim(host: str, port: int) -> None:
    """Refuse early and clearly when the port is taken."""
    from leye.kernel.errors import BadInput

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadInput(
                f"地址 {host}:{port} 用不了：{error.strerror}",
                en=f"cannot listen on {host}:{port}: {error.strerror}",
                remedy_zh=f"换一个端口，例如 leye up --port {port % 65535 + 1}",
                remedy_en=f"choose another port, such as --port {port % 65535 + 1}",
                code="E_PORT",
            ) from error


def _make_ready(folder: Path, people: int, seed: int, children: list[subprocess.Popen[bytes]]) -> list[Login]:
    """City and static files in processes of their own while the database is migrated here; then the first snapshot."""
    from leye.office.processes import start

    demo = os.environ.get("LEYE_MODE", "demo") != "production"
    jobs = [("页面资源", start([sys.executable, "-m", "leye.site.build", "--if-stale"], env=os.environ))]
    if demo and not _has_input(folder):
        _tell(f"演示城市（{people:,} 人，种子 {seed}）")
        make = ["demo", "--people", str(people), "--seed", str(seed), "--out", str(folder)]
        jobs.append(("演示城市", start([sys.executable, "-m", "leye", *make], env=os.environ)))
    children += [child for _, child in jobs]
    _tell("数据库和账号")
    from leye.office.embedded import prepare

    logins = prepare(folder)
    for name, child in jobs:
        _finish(name, child)
        children.remove(child)
    if not (folder / "published.json").exists() and _has_input(folder):
        _tell("夜间运行：读入、预测、监测、建议")
        nightly = start([sys.executable, "-m", "leye", "run", "nightly", "--data", str(folder)], env=os.environ)
        children.append(nightly)
        _finish("夜间运行", nightly)
        children.remove(nightly)
    return logins


def _has_input(folder: Path) -> bool:
    """Whether there is a snapshot, a city or any department file already; then nothing is made up."""
    inbox = folder / "inbox"
    return (folder / "published.json").exists() or (folder / "city" / "manifest.json").exists() or (inbox.is_dir() and any(inbox.iterdir()))


def _finish(name: str, child: subprocess.Popen[bytes]) -> None:
    from leye.kernel.errors import LeyeError

    if child.wait() != 0:
        raise LeyeError(f"{name}没有做成", en=f"{name} failed", remedy_zh="原因见上面几行", remedy_en="see the lines above", code="E_UP")


def _serve(host: str, port: int) -> list[subprocess.Popen[bytes]]:
    """The server of pages and events, and the worker."""
    from leye.office.processes import start

    # An open event stream would hold granian's shutdown for ever without the kill timeout.
    server = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", host, "--port", str(port), "--workers", "1"]
    server += ["--workers-kill-timeout", "2", "--no-ws", "--log-level", "warning", "leye.office.serving.asgi:application"]
    return [start(server, env=os.environ), start([sys.executable, "-m", "leye.office.jobs.worker"], env=os.environ)]


def _wait_until_served(url: str, children: list[subprocess.Popen[bytes]]) -> None:
    """Until the health check and the first page answer. Raises LeyeError when a process dies before or time runs out."""
    from urllib.error import URLError
    from urllib.request import urlopen

    from leye.kernel.errors import LeyeError

    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            break
        try:
            for path in ("/healthz", "/"):
                with urlopen(url + path, timeout=10) as answer:  # noqa: S310 - our own address
                    answer.read()
            return
        except (URLError, OSError):
            time.sleep(0.1)
    raise LeyeError("服务没有起来", en="the server did not come up", remedy_zh="原因见上面几行", remedy_en="see the lines above", code="E_UP")


def _announce(url: str, logins: list[Login], *, as_json: bool) -> None:
    if as_json:
        rows = [{"role": x.role, "username": x.username, "password": x.password} for x in logins]
        sys.stdout.write(json.dumps({"url": url, "logins": rows}, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(f"\n乐业已就绪：{url}\n")
        if logins:
            sys.stdout.write(f"演示账号（口令都是 {logins[0].password}）：{'、'.join(x.username for x in logins)}\n")
        sys.stdout.write("按 Ctrl-C 结束 · Ctrl-C to stop\n")
    sys.stdout.flush()


def _watch_over(children: list[subprocess.Popen[bytes]]) -> None:
    """Until a signal comes, or a process dies that should not."""
    from leye.kernel.errors import LeyeError

    while all(child.poll() is None for child in children):
        time.sleep(0.3)
    raise LeyeError("有一个进程自己停了", en="a process stopped by itself", remedy_zh="原因见上面几行", remedy_en="see the lines above", code="E_UP")


def _tell(text: str) -> None:
    sys.stderr.write(f"· {text}\n")
    sys.stderr.flush()


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
