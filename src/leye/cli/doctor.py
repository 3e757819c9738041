"""`leye doctor`: what this installation is, what it lacks, and what `leye up` would make."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

MARKS = {"ok": "●", "later": "○", "missing": "▲", "wrong": "✗"}


def doctor(
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹，默认 $LEYE_DATA 或 ./data · data folder")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · machine output")] = False,
) -> None:
    """看一看装得怎么样：设置、版本、存储、还缺什么。Settings, versions, storage, what is missing; exit 1 when Leye cannot start."""
    if data is not None:
        os.environ["LEYE_DATA"] = str(data.absolute())
    from leye.office.checkup import check_up

    found = check_up()
    code = 0 if found["ok"] else 1
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        raise typer.Exit(code)
    settings, versions, findings = found["settings"], found["versions"], found["findings"]
    assert isinstance(settings, list) and isinstance(versions, dict) and isinstance(findings, list)
    lines = ["设置 Settings（* 表示来自环境变量）"]
    lines += [f"  {'*' if s['set'] == 'yes' else ' '} {s['name']:<19} {s['value']}" for s in settings]
    lines += ["版本 Versions", "  " + " · ".join(f"{name} {text}" for name, text in versions.items())]
    lines += ["检查 Checks（● 有 ○ leye up 会做 ▲ 缺，相应功能用不了 ✗ 这样启动不了）"]
    lines += [f"  {MARKS[f['state']]} {f['text_zh']}" for f in findings]
    sys.stdout.write("\n".join(lines) + "\n")
    raise typer.Exit(code)
