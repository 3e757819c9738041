"""`leye impact exposure CODE`: how far AI could take part in an occupation's tasks, source by source."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from leye.impact.exposure import Exposure


def exposure(
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="7 位职业代码 / 7-digit occupation; without it --out writes them all")] = None,
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="用当日已发布的版本 / vintages published by that day")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="全部职业写入此文件（.csv 或 .parquet） / write every occupation")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """职业的受影响程度：三个来源的范围，不是失业。Exposure of an occupation as a range over three sources; not job loss."""
    from leye.cli.table_file import check_ending, write_table
    from leye.impact.exposure import exposure_frame, exposure_of
    from leye.kernel.codes import occupations
    from leye.kernel.errors import BadInput

    day = on.date() if on else None
    if out is not None:
        check_ending(out)
        write_table(exposure_frame(on=day), out)
    if code is None:
        if out is None:
            raise BadInput("没有写职业代码", en="no code is given", remedy_zh="写 7 位代码，或用 --out 写出全部", remedy_en="give a code, or --out")
        sys.stdout.write(json.dumps({"out": str(out)}, ensure_ascii=False) + "\n" if as_json else f"已写入 {out}\n")
        return
    found = exposure_of(code, on=day)
    name = occupations()[found.code].name
    if as_json:
        body = {"code": found.code, "name": name, "low": found.low, "mid": found.mid, "high": found.high, "by_source": dict(found.by_source)}
        sys.stdout.write(json.dumps(body | {"confidence": found.confidence, "basis": found.basis}, ensure_ascii=False) + "\n")
        return
    sys.stdout.write(_told(name, found) + "\n")


def _told(name: str, found: Exposure) -> str:
    """The lines of a terminal."""
    from leye.impact.sources import sources
    from leye.impact.tasks import examples_of

    tasks, code = examples_of(found.code), found.code
    if found.low is None or found.high is None:
        return f"{code} {name}：没有对应的来源，受影响程度未知"
    lines = [f"{code} {name}：受影响程度 {found.low:.2f}–{found.high:.2f}（在各来源职业中的百分位；对照把握 {found.confidence}，依据 {found.basis}）"]
    lines += [f"  {s.zh}\t{found.by_source[s.id]:.2f}" for s in sources() if s.id in found.by_source]
    return "\n".join(lines + ([f"  更多由 AI 参与：{tasks.more_zh}", f"  更多靠人：{tasks.less_zh}"] if tasks else []))
