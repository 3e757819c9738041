"""`leye indicators …`: load publications into the indicator store, read it as it was known, look at revisions."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import polars as pl

    from leye.intake.indicator_source import Publication
    from leye.lake.observations import Appended, ObservationStore

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

SHOWN = 10
"""Quarantined cells printed. # chosen by us: what fits on a screen"""

Data = Annotated[Path | None, typer.Option("--data", help="数据目录 data folder")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON machine output")]


@app.callback()
def _group() -> None:
    """指标库：每个数何时公布、后来改成多少。The indicator store: what was published when, and what became of it."""


@app.command()
def load(
    source: Annotated[str, typer.Argument(help="来源：官方表名、公开格式名或说明文件 .yaml a source by name or spec file")],
    files: Annotated[list[Path], typer.Argument(help="文件，一个文件是一次公布 files, one publication each")],
    vintage: Annotated[str | None, typer.Option("--vintage", help="公布时刻；不写则取文件名里的日期，再不然是现在 when it was published")] = None,
    complete: Annotated[bool, typer.Option("--complete", help="文件是整版：里面没有的旧数算撤回 what the file lacks was withdrawn")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """装入指标：同一版装两次什么都不变；坏格隔离。Load indicators; the same publication twice changes nothing, bad cells are set aside."""
    from leye.intake.indicator_source import publication, publication_day, source_named
    from leye.kernel.clock import clock_from_environment

    found, now, asked = source_named(source), clock_from_environment()(), None if vintage is None else _instant(vintage)
    store, folder = _store(data)
    read = [
        publication(found, f, vintage_ts=asked or publication_day(f) or now, recorded_at=now, loads=folder / "observations" / "loads") for f in files
    ]
    told: list[dict[str, Any]] = []
    for one in sorted(read, key=lambda p: p.vintage_ts):
        told.append(_told(one, _append(store, one, complete=complete)))
    if as_json:
        sys.stdout.write(json.dumps({"loads": told}, ensure_ascii=False) + "\n")
    for one, line in zip(sorted(read, key=lambda p: p.vintage_ts), told, strict=True):
        _say(one, line, quiet=as_json)
    raise typer.Exit(1 if any(t["quarantined"] for t in told) else 0)


@app.command("as-of")
def as_of(
    at: Annotated[str, typer.Argument(help="时刻，如 2024-06-01 或 2024-06-01T12:00:00+08:00 an instant")],
    out: Annotated[Path, typer.Option("--out", help="结果表（.csv 或 .parquet） where to write")],
    indicator: Annotated[str | None, typer.Option("--indicator", help="只要这个指标 only this indicator")] = None,
    panel: Annotated[bool, typer.Option("--panel", help="写成 unique_id,ds,y as a PANEL")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """当时所知的面板。The panel as it was known at an instant."""
    from leye.cli.table_file import check_ending, write_table
    from leye.lake.observations.panel import panel_of

    check_ending(out)
    rows = _store(data)[0].as_of(_instant(at), indicator=indicator)
    write_table(panel_of(rows) if panel else rows, out)
    _answer(as_json, {"out": str(out), "rows": rows.height}, f"{rows.height} 行，已写入 {out}")


@app.command()
def revisions(
    key: Annotated[str, typer.Argument(help="序列编号，见 leye indicators list a key of a series")],
    every: Annotated[bool, typer.Option("--all", help="没有修订的各期也列出 also periods that were not revised")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="写成表（.csv 或 .parquet） where to write")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """一个序列的修订：初值、现值、相差、相隔几天。Revisions of a series: first figure, newest, change, days between."""
    from leye.cli.table_file import check_ending, write_table
    from leye.lake.observations import read_key

    check_ending(out)
    rows = _store(data)[0].revisions(read_key(key), only_revised=not every)
    if out is not None:
        write_table(rows, out)
    _table(rows, as_json, f"{rows.height} 期" if every else f"{rows.height} 期有修订")


@app.command("list")
def list_series(indicator: Annotated[str | None, typer.Option("--indicator")] = None, data: Data = None, as_json: Json = False) -> None:
    """列出库里的序列：最新一期、数值、公布时刻、修订了几期。List the series with their newest value and revisions."""
    import polars as pl

    from leye.lake.observations import KEY

    rows = _store(data)[0].list_series()
    kept = rows if indicator is None else rows.filter(pl.col("indicator") == indicator)
    keyed = kept.select(pl.concat_str(KEY, separator="/").alias("key"), pl.exclude(*KEY))
    _table(keyed, as_json, f"{keyed.height} 个序列")


@app.command()
def codes(file: Annotated[Path, typer.Argument(help="代码表 dimension,code,parent,level,valid_from,valid_to")], data: Data = None) -> None:
    """换上代码表：口径从哪天到哪天有效。Put the table of codes with their validity."""
    from leye.cli.table_read import read_codes
    from leye.lake.observations import Dimension

    found = Dimension.of(read_codes(file), name=file.name)
    _store(data)[0].put_dimension(found)
    sys.stdout.write(f"{found.frame.height} 个代码\n")


@app.command()
def template(
    source: Annotated[str, typer.Argument(help="官方表名 an official form")],
    out: Annotated[Path, typer.Option("--out", help="写到哪里（.csv 或 .xlsx） where to write")],
) -> None:
    """写出官方表的空白样表，含演示城市的示例行。Write the template of an official form."""
    from leye.cli.table_read import write_template

    write_template(source, out)
    sys.stdout.write(f"已写入 {out}\n")


def _store(data: Path | None) -> tuple[ObservationStore, Path]:
    from leye.lake.observations import open_store

    folder = data if data is not None else Path(os.environ.get("LEYE_DATA") or "data")
    return open_store(folder), folder


def _instant(text: str) -> datetime:
    from leye.kernel.clock import BEIJING
    from leye.kernel.errors import BadInput

    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            f"“{text}”不是时刻", en=f"{text!r} is no instant", remedy_zh="写成 2024-06-01 或 2024-06-01T12:00:00+08:00", code="E_INSTANT"
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=BEIJING)  # a bare day is a Beijing day


def _append(store: ObservationStore, one: Publication, *, complete: bool) -> Appended:
    if complete:
        return store.append_snapshot(one.observations.drop("vintage_ts"), vintage_ts=one.vintage_ts, name=one.file)
    return store.append(one.observations, name=one.file)


def _told(one: Publication, done: Appended) -> dict[str, Any]:
    return {
        "file": one.file, "vintage_ts": one.vintage_ts.isoformat(), "rows": done.rows_in, "added": done.added, "unchanged": done.unchanged,
        "withdrawn": done.withdrawn, "new_series": done.new_series, "quarantined": one.quarantine.height,
    }  # fmt: skip


def _say(one: Publication, line: dict[str, Any], *, quiet: bool) -> None:
    if not quiet:
        sys.stdout.write(
            f"{line['file']}（公布于 {line['vintage_ts']}）：{line['rows']} 个数，新增 {line['added']}，已有 {line['unchanged']}，"
            f"撤回 {line['withdrawn']}，新序列 {line['new_series']}，隔离 {line['quarantined']} 格\n"
        )
    for cell in one.quarantine.head(SHOWN).iter_rows(named=True):
        sys.stderr.write(f"  隔离 第 {cell['row']} 行 {cell['column']}：“{cell['raw']}” {cell['code']} {cell['reason']}。{cell['suggestion']}\n")


def _answer(as_json: bool, machine: dict[str, Any], person: str) -> None:
    sys.stdout.write((json.dumps(machine, ensure_ascii=False) if as_json else person) + "\n")


def _table(rows: pl.DataFrame, as_json: bool, headline: str) -> None:
    if as_json:
        sys.stdout.write(json.dumps(rows.to_dicts(), ensure_ascii=False, default=str) + "\n")
        return
    sys.stdout.write(headline + "\n" + "\t".join(rows.columns) + "\n")
    for row in rows.iter_rows():
        sys.stdout.write("\t".join("" if v is None else str(v) for v in row) + "\n")
