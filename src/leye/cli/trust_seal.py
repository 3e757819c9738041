"""`leye trust seal`: decisions from outside through the same gate, all or nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer


def seal(
    file: Annotated[Path, typer.Argument(metavar="DECISIONS.jsonl", help="每行一条决定 · one decision a line")],
    data: Annotated[Optional[Path], typer.Option("--data", help="数据文件夹，默认 $LEYE_DATA 或 ./data · data folder")] = None,  # noqa: UP045 - typer reads it
    as_json: Annotated[bool, typer.Option("--json", help="输出总是 JSON，每行一个 · JSON either way")] = False,
) -> None:
    """把外面的决定封存进留痕：未备案、未声明、没理由的，一条也不收。Seal decisions from outside; all or none."""
    from leye.cli.run import data_folder
    from leye.office.embedded import prepare

    prepare(data_folder(data))
    from leye.office.decisions.outside import seal_file

    sealed = seal_file(file)
    sys.stdout.write("".join(json.dumps({"decision_id": str(s.decision_id), "leaf_index": s.leaf_index}) + "\n" for s in sealed))
