"""`leye bench NAME`: one benchmark of the checkout, with its peer in the same run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer


def bench(
    name: Annotated[str, typer.Argument(help="bench/ 里的文件夹名，留空列出全部 · folder of bench/; empty lists them")] = "",
    options: Annotated[list[str] | None, typer.Argument(help="交给该基准的参数 · options of that benchmark")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读：打印出的表 · the tables it prints, as JSON")] = False,
) -> None:
    """运行一个基准，并列出对照。Runs one benchmark, the peer beside it."""
    from leye.kernel.errors import NotFound

    known = benchmarks()
    if not name and as_json:
        sys.stdout.write(json.dumps({"benchmarks": list(known)}) + "\n")
        return
    if not name:
        sys.stdout.write("".join(f"{n}\n" for n in known) or "这里没有基准：bench/ 只在源码里\n")
        return
    if name not in known:
        raise NotFound(
            f"没有基准“{name}”",
            en=f"no benchmark {name!r}",
            remedy_zh=f"可选：{'、'.join(known)}" if known else "基准只在源码的 bench/ 里，请在检出的目录中运行",
            remedy_en=f"one of: {', '.join(known)}" if known else "benchmarks are part of the source checkout only",
        )
    ran = subprocess.run([sys.executable, str(known[name]), *(options or [])], check=False, stdout=subprocess.PIPE if as_json else None, text=True)
    if as_json:
        made = {"benchmark": name, "exit": ran.returncode, "tables": tables_in(ran.stdout), "text": ran.stdout}
        sys.stdout.write(json.dumps(made, ensure_ascii=False) + "\n")
    raise SystemExit(ran.returncode)


def tables_in(text: str) -> list[list[dict[str, str]]]:
    """The Markdown tables of a text, each a list of rows by column name."""
    found: list[list[list[str]]] = []
    inside = False
    for line in text.splitlines():
        is_row = line.strip().startswith("|")
        if is_row and not inside:
            found.append([])
        inside = is_row
        if is_row:
            found[-1].append([cell.strip() for cell in line.strip().strip("|").split("|")])
    return [[dict(zip(table[0], row, strict=False)) for row in table[2:]] for table in found if len(table) > 1]


def benchmarks() -> dict[str, Path]:
    """Name -> run.py of every benchmark of the checkout that this package was installed from, or of the current folder."""
    for root in (Path(__file__).parents[3], Path.cwd()):
        found = {file.parent.name: file for file in sorted((root / "bench").glob("*/run.py"))}
        if found:
            return found
    return {}
