"""`leye match parse-jobs`: slots of job ads with the place of every reading."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer


def parse_jobs(
    ads: Annotated[Path, typer.Argument(help='每行 {"id","text"} 的 JSON 文件 / JSON lines {"id","text"}')],
    out: Annotated[Path, typer.Option("--out", help='写出每行 {"id","slots"} / where the lines {"id","slots"} go')],
    as_json: Annotated[bool, typer.Option("--json", help="机器可读的小结 / machine-readable summary")] = False,
) -> None:
    """读出岗位广告里的要求和待遇，并指出原文位置。Reads what job ads ask and offer, with its place in the text."""
    from leye.kernel.errors import BadInput, Place
    from leye.match.adverts.ads_file import Oddities, parsed_lines, read_adverts

    if out.is_dir():
        raise BadInput(f"{out} 是文件夹", en=f"{out} is a folder", remedy_zh="给一个文件名", remedy_en="give a file name", places=(Place(str(out)),))
    adverts = read_adverts(ads)
    oddities = Oddities()
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(parsed_lines(adverts, oddities))
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    if as_json:
        sys.stdout.write(
            json.dumps({"adverts": len(adverts), "notices": {k: len(v) for k, v in sorted(oddities.seen.items())}}, ensure_ascii=False) + "\n"
        )
        return
    for line in oddities.lines():
        sys.stderr.write(line + "\n")
    sys.stdout.write(f"{len(adverts):,} 条广告写入 {out}\n")
