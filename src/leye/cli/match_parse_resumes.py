"""`leye match parse-resumes`: lines of text to lines of slots."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer


def parse_resumes(
    resumes: Annotated[Path, typer.Argument(help='每行 {"id","text"} / one résumé a line')],
    out: Annotated[Path, typer.Option("--out", help='每行 {"id","slots"} / slots, one résumé a line')],
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """读出简历里的信息，每条带原文位置。Read résumés, every reading with its place in the text."""
    from leye.match.resumes.lines import read_lines
    from leye.match.resumes.parse import parse_resume

    count = found = 0
    beside = out.with_name(f".{out.name}.part")
    rows = read_lines(resumes)
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        with beside.open("w", encoding="utf-8") as lines:
            for name, text in rows:
                slots = [s.as_json() for s in parse_resume(text)]
                lines.write(json.dumps({"id": name, "slots": slots}, ensure_ascii=False) + "\n")
                count, found = count + 1, found + len(slots)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    said = {"resumes": count, "slots": found, "out": str(out)}
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n" if as_json else f"{count} 份简历，读出 {found} 条，写在 {out}\n")
