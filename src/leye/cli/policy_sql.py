"""`leye policy sql`: the marks as one query for the database that already holds the people."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from leye.kernel.errors import BadInput


def sql(
    dialect: Annotated[str, typer.Option("--dialect", help="duckdb、postgres 或 spark / for which database")],
    on: Annotated[str | None, typer.Option("--on", help="问的是哪一天 YYYY-MM-DD，默认今天 / the day of the question, default today")] = None,
    table: Annotated[str, typer.Option("--table", help="人员表；duckdb 也可写 .parquet 文件 / table of people, for duckdb a file too")] = "people",
    columns: Annotated[
        str | None,
        typer.Option("--columns", help="表里有的列：逗号分隔，或有这些列的 .parquet、.csv / columns that the table has"),
    ] = None,
    region: Annotated[str | None, typer.Option("--region", help="region 为空的行算哪里 / region of rows without one")] = None,
    pack: Annotated[list[str] | None, typer.Option("--pack", help="规则包名称或文件夹，可多次；默认全部 / rule packs, default all")] = None,
    policy: Annotated[list[str] | None, typer.Option("--policy", help="只要这些政策，可多次 / only these policies")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """把规则写成分层的 SQL，审计能逐句核对。The rules as layered SQL that an auditor can read."""
    from leye.cli.policy_words import day_of, packs_of, policies_of, region_of
    from leye.kernel.clock import beijing_day, clock_from_environment
    from leye.policy.sql import DIALECTS, marks_sql

    if dialect not in DIALECTS:
        raise BadInput(
            f"--dialect 没有“{dialect}”",
            en=f"--dialect knows no {dialect!r}",
            remedy_zh=f"可选：{'、'.join(DIALECTS)}",
            remedy_en=f"one of: {', '.join(DIALECTS)}",
            code="E_DIALECT",
        )
    day, packs = day_of(on) if on else beijing_day(clock_from_environment()()), packs_of(pack)
    text = marks_sql(
        packs, day, dialect=DIALECTS[dialect], table=table, policies=policies_of(policy, packs) or (), columns=_columns(columns, table),
        region=region_of(region) or "CN",
    )  # fmt: skip
    sys.stdout.write(json.dumps({"dialect": dialect, "on": day.isoformat(), "sql": text}, ensure_ascii=False) + "\n" if as_json else text)


def _columns(named: str | None, table: str) -> list[str] | None:
    """Names in the option itself, or those of a Parquet or CSV file; without the option, of the table when it is a file."""
    if named is None:
        return _header(Path(table)) if Path(table).is_file() else None
    if named.endswith((".parquet", ".csv")):
        return _header(Path(named))
    return [name.strip() for name in named.split(",") if name.strip()]


def _header(file: Path) -> list[str]:
    import polars as pl

    frame = pl.scan_parquet(file) if file.suffix == ".parquet" else pl.scan_csv(file, infer_schema=False)
    return frame.collect_schema().names()
