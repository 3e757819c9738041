"""The nightly as a job: the same command as in a terminal, in a process of its own, so that its memory goes back when it ends."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings

from leye.kernel.errors import LeyeError
from leye.office.processes import die_with_parent

STEP = re.compile(r"\[(\d+)/(\d+)\] (.+)")


def run(params: dict[str, Any], report_progress: Callable[[str, float], None]) -> dict[str, Any]:
    """params: `replay` names a source that is read again in any case. Returns `run_id`. Raises LeyeError with what the command said."""
    command = [sys.executable, "-m", "leye", "run", "nightly", "--data", str(settings.LEYE_DATA), "--json"]
    command += ["--replay", str(params["replay"])] if params.get("replay") else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=die_with_parent()) as child:
        assert child.stderr is not None and child.stdout is not None
        for line in child.stderr:
            if found := STEP.match(line):
                report_progress(found[3], int(found[1]) / int(found[2]))
        answer = child.stdout.read()
    return _answer(answer, child.returncode)


def _answer(text: str, returncode: int) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        body = {}
    if returncode == 0 and body.get("published"):
        return {"run_id": body["published"]["run_id"]}
    told = body.get("error") or {}
    raise LeyeError(
        told.get("zh") or f"夜间运行没有做完（退出码 {returncode}）",
        en=told.get("en", ""),
        remedy_zh=told.get("remedy_zh") or "看日志，再运行一次 leye run nightly",
        remedy_en=told.get("remedy_en", ""),
        code=told.get("code") or "E_NIGHTLY",
    )
