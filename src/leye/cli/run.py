"""`leye run nightly`, `leye run status`."""

from __future__ import annotations

import json
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

if TYPE_CHECKING:
    from leye.lake import Published

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, help="夜间运行与快照 · the nightly batch")

Data = Annotated[Optional[Path], typer.Option("--data", help="数据文件夹，默认 $LEYE_DATA 或 ./data · data folder")]  # noqa: UP045 - typer reads it
Json = Annotated[bool, typer.Option("--json", help="机器可读 · machine output")]


@app.command()
def nightly(
    on: Annotated[Optional[datetime], typer.Option("--on", formats=["%Y-%m-%d"], help="城市的“今天” · the city's today")] = None,  # noqa: UP045
    data: Data = None,
    panel: Annotated[Optional[Path], typer.Option("--panel", help="自己的序列表 unique_id,ds,y · a panel of your own")] = None,  # noqa: UP045
    tags: Annotated[Optional[Path], typer.Option("--tags", help="上级关系 unique_id,parent")] = None,  # noqa: UP045
    titles: Annotated[Optional[Path], typer.Option("--titles", help="序列名称 unique_id,title,title_zh")] = None,  # noqa: UP045
    replay: Annotated[str, typer.Option("--replay", help="这个来源的文件无论如何重读一遍 · read this source again")] = "",
    as_json: Json = False,
) -> None:
    """读入、预测、监测、建议，做好后一次发布。Intake to advice, published at once."""
    from leye.cli.progress import step_bar
    from leye.kernel.errors import BadInput
    from leye.office.embedded import prepare

    if panel is None and (tags is not None or titles is not None):
        raise BadInput("--tags 和 --titles 要和 --panel 一起用", en="--tags and --titles need --panel", remedy_zh="加上 --panel 文件")
    folder = data_folder(data)
    prepare(folder)
    from leye.office.clock import now
    from leye.office.nightly import run_nightly

    with step_bar() as show:
        day = on.date() if on else None
        published = run_nightly(folder, at=now(), on=day, progress=show, panel=panel, tags=tags, titles=titles, replay=replay)
    _say(folder, published, as_json=as_json)


@app.command()
def status(data: Data = None, as_json: Json = False) -> None:
    """已发布的快照。The published snapshot."""
    from leye.office.nightly.status import read_status

    found = read_status(data_folder(data))
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        return
    published = found["published"]
    if not isinstance(published, dict):
        sys.stdout.write("还没有发布过快照。先运行：leye run nightly\n")
        return
    sys.stdout.write(f"已发布 {published['run_id']}（{published['at']}，城市的“今天” {published['on']}）\n")
    for name, rows in published["rows"].items():
        sys.stdout.write(f"  {name:<18}{rows:>10,} 行  sha256 {published['hashes'][name][:16]}…\n")


def data_folder(data: Path | None) -> Path:
    """`--data`, else `$LEYE_DATA`, else ./data."""
    return data if data is not None else Path(os.environ.get("LEYE_DATA") or "data")


def _say(folder: Path, published: Published, *, as_json: bool) -> None:
    from leye.office.nightly.status import read_status

    if as_json:
        sys.stdout.write(json.dumps(read_status(folder), ensure_ascii=False) + "\n")
        return
    day: date | str = published.on
    sys.stdout.write(f"已发布 {published.run_id}（城市的“今天” {day}，{len(published.hashes)} 张表）\n下一步：leye up --data {folder}\n")
