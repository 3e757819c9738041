"""`leye policy facts`: what a rule may use, by English id and Chinese name."""

from __future__ import annotations

import csv
import json
import sys
from typing import Annotated

import typer

from leye.kernel.errors import BadInput


def facts(
    pack: Annotated[str | None, typer.Option("--pack", help="规则包名称或文件夹；不写则全部 / a pack's name or folder; all without it")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON 列表 / a JSON list")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV 表 / a CSV table")] = False,
) -> None:
    """列出规则可以用的事实和推算事实。List every fact a rule may use, and the derived facts."""
    if as_json and as_csv:
        raise BadInput("--json 和 --csv 只能选一个", en="choose --json or --csv", remedy_zh="去掉一个", remedy_en="drop one", code="E_USAGE")
    from leye.policy import load, shipped
    from leye.policy.fact_list import fact_rows

    rows = fact_rows(shipped() if pack is None else load([pack]))
    if as_json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
    elif as_csv:
        writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: ";".join(map(str, v)) if isinstance(v, list) else v for k, v in row.items()} for row in rows)
    else:
        for row in rows:
            allowed = f"{row['allowed'][0]}…{row['allowed'][1]}" if row["is_range"] else "|".join(row["allowed"])
            mark = "推算" if row["is_derived"] else row["kind"]
            sys.stdout.write("\t".join([row["id"], row["zh"], row["type"], row["unit"], mark, allowed]) + "\n")
