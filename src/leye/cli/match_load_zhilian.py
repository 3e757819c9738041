"""`leye match load-zhilian`: the three tables of 天池“人岗智能匹配” to PEOPLE, JOBS and EVENTS."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from leye.kernel.errors import BadInput, Place


def load_zhilian(
    folder: Annotated[Path, typer.Argument(help="有 table1_user、table2_jd、table3_action 的文件夹 / folder of the three tables")],
    out: Annotated[Path, typer.Option("--out", help="写到这个文件夹 / folder to write to")],
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """读入智联招聘（天池）三张表；读不进的行带行号另放，一行不丢。Three tables in; lines that do not fit are kept apart by number, none is lost."""
    from leye.cli.table_file import write_table
    from leye.match.loaders.zhilian import load_zhilian as load

    if not folder.is_dir():
        raise BadInput(f"没有文件夹 {folder}", en=f"no folder {folder}", places=(Place(str(folder)),), remedy_zh="检查路径", code="E_FILE")
    made = load(folder)
    out.mkdir(parents=True, exist_ok=True)
    for name in ("people", "jobs", "events", "groups"):
        write_table(getattr(made, name), out / f"{name}.parquet")
    lines = "".join(json.dumps(asdict(k), ensure_ascii=False) + "\n" for k in made.kept)
    (out / "quarantine.jsonl").write_text(lines, encoding="utf-8")
    (out / "report.json").write_text(json.dumps(made.report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if as_json:
        sys.stdout.write(json.dumps(made.report | {"out": str(out)}, ensure_ascii=False) + "\n")
        return
    for name, n in made.report["tables"].items():
        sys.stdout.write(f"{name}：{n['lines']:,} 行，读入 {n['loaded']:,}，另放 {n['quarantined']:,}\n")
        for what, columns in (("不认识的列", n["unknown_columns"]), ("没有的列", n["missing_columns"])):
            if columns:
                sys.stdout.write(f"  {what}：{'、'.join(columns)}\n")
    sys.stdout.write(f"写到 {out}；另放的行在 quarantine.jsonl，数目在 report.json\n")
