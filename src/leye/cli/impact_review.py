"""`leye impact review`: a project's employment-impact review from a file, by the rules alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer


def review(
    project: Annotated[Path, typer.Argument(metavar="PROJECT.json", help="项目（JSON，见 docs/reference/impact.md） / the project")],
    insured: Annotated[int | None, typer.Option("--insured", min=1, help="本区本行业参保人数，用来判断节奏 / insured of the trade there")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """就业影响评估：按规则给出结论、区间和理由；有严重问题时退出码为 1。Review a project by rules; exit 1 when it is serious."""
    from leye.impact.project_json import project_of_json
    from leye.impact.review import assess
    from leye.kernel.errors import BadInput, Place

    try:
        body = json.loads(project.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise BadInput(
            "这个文件不是 JSON", en="the file is no JSON", remedy_zh="按 docs/reference/impact.md 的样子写", remedy_en="see docs/reference/impact.md",
            places=(Place(str(project)),), code="E_PROJECT",
        ) from error  # fmt: skip
    found = assess(project_of_json(body), insured=insured)
    if as_json:
        sys.stdout.write(json.dumps(found.as_dict(), ensure_ascii=False) + "\n")
    else:
        words = {"light": "影响小", "conditions": "附条件", "serious": "先专题论证"}
        lines = [f"{words[found.grade]}；岗位净变化 {found.net_low:+d} 到 {found.net_high:+d}"]
        sys.stdout.write("\n".join([*lines, *(f"  {f.severity}\t{f.zh}（{f.basis}）" for f in found.findings)]) + "\n")
    if found.grade == "serious":
        raise typer.Exit(1)
