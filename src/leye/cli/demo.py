"""`leye demo`."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Optional

import typer

from leye.kernel.errors import BadInput


def demo(
    out: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads it
        typer.Option("--out", "--data", help="写到哪个目录，默认 $LEYE_DATA 或 ./data · where to write"),
    ] = None,
    people: Annotated[int, typer.Option("--people", help="居民人数 · residents")] = 20_000,
    seed: Annotated[int, typer.Option("--seed", help="随机种子 · seed")] = 7,
    on: Annotated[str, typer.Option("--on", help="城市的“今天”，YYYY-MM-DD · the city's today")] = "2025-08-31",
    inbox: Annotated[bool, typer.Option("--inbox/--no-inbox", help="同时写出十二个部门的原始文件 · also the messy department files")] = True,
    force: Annotated[bool, typer.Option("--force", help="覆盖目录里的另一座城市 · replace another city")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · machine output")] = False,
) -> None:
    """生成一座可重现的合成城市，附带埋好的答案。A seeded synthetic city with planted truths."""
    from leye.city.build import build_city, check, write_city
    from leye.city.store import clear_for, made_from
    from leye.cli.progress import step_bar

    day, folder = _day(on), out if out is not None else Path(os.environ.get("LEYE_DATA") or "data")
    check(people, seed=seed, on=day)
    clear_for(folder, made_from(people, seed, day), force=force, dry=True)
    with step_bar() as show:
        city = build_city(people, seed=seed, on=day, progress=lambda step, done, steps: show(step, done, steps, ""))
        manifest = write_city(city, folder, inbox=inbox, force=force, progress=lambda step, done, steps: show("写入", done, steps, step))
    if as_json:
        sys.stdout.write(json.dumps({"out": str(folder), **manifest}, ensure_ascii=False) + "\n")
        return
    rows = "，".join(f"{name} {entry['rows']:,}" for name, entry in manifest["tables"].items())
    sys.stdout.write(f"演示数据·合成城市 示例市（{people:,} 人，种子 {seed}，今天 {day}）写入 {folder}\n表与行数：{rows}\n")
    sys.stdout.write(f"埋好的答案：{len(city.plants)} 条，见 {folder / 'truth' / 'plants.json'}\n下一步：leye run nightly --data {folder}\n")


def _day(text: str) -> date:
    """The day of `--on`; raises BadInput on anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"“{text}”不是日期", en=f"{text!r} is no day", remedy_zh="请写成 YYYY-MM-DD，例如 2025-08-31") from None
