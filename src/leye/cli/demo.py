"""`leye demo`."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from leye.city.store import Progress

DEFAULT_ON = datetime(2025, 8, 31)  # noqa: DTZ001 - typer hands days over as datetimes


def demo(
    out: Annotated[Path, typer.Option("--out", help="写到哪个目录 · where to write", file_okay=True)],
    people: Annotated[int, typer.Option("--people", help="居民人数 · residents")] = 20_000,
    seed: Annotated[int, typer.Option("--seed", help="随机种子 · seed")] = 7,
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="城市的“今天” · the city's today")] = DEFAULT_ON,
    inbox: Annotated[bool, typer.Option("--inbox/--no-inbox", help="同时写出十二个部门的原始文件 · also the messy department files")] = True,
    force: Annotated[bool, typer.Option("--force", help="覆盖目录里的另一座城市 · replace another city")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · machine output")] = False,
) -> None:
    """生成一座可重现的合成城市，附带埋好的答案。A seeded synthetic city with planted truths."""
    from leye.city.build import build_city, check, write_city
    from leye.city.store import clear_for

    day: date = on.date()
    check(people, seed=seed, on=day)
    clear_for(out, {"people": people, "seed": seed, "on": day.isoformat(), "region": "440600"}, force=force, dry=True)
    show = _progress()
    city = build_city(people, seed=seed, on=day, progress=show)
    manifest = write_city(city, out, inbox=inbox, progress=show, force=force)
    if as_json:
        sys.stdout.write(json.dumps({"out": str(out), **manifest}, ensure_ascii=False) + "\n")
        return
    rows = "，".join(f"{name} {entry['rows']:,}" for name, entry in manifest["tables"].items())
    sys.stdout.write(f"演示数据·合成城市 示例市（{people:,} 人，种子 {seed}，今天 {day}）写入 {out}\n表与行数：{rows}\n")
    sys.stdout.write(f"埋好的答案：{len(city.plants)} 条，见 {out / 'truth' / 'plants.json'}\n下一步：leye run nightly --data {out}\n")


def _progress() -> Progress | None:
    """A line on stderr that is written over; nothing when stderr is no terminal."""
    if not sys.stderr.isatty():
        return None

    def show(step: str, done: int, steps: int) -> None:
        sys.stderr.write(f"\r\033[K{done:>2}/{steps} {step}" if done < steps else "\r\033[K")
        sys.stderr.flush()

    return show
