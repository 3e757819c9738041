"""`leye forecast …`: forecasts of a panel, and how they would have done before."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leye.cli.forecast_direction import direction
from leye.cli.forecast_flows import flows
from leye.cli.forecast_nowcast import nowcast
from leye.cli.forecast_record import record

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from leye.forecast.candidates import Model

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

FURTHEST = 1_000
"""Periods ahead at most. # chosen by us: two and a half years of days, eighty of months; memory grows with series × history × horizon"""

PanelFile = Annotated[Path, typer.Argument(metavar="PANEL", help="时序表 unique_id,ds,y（.csv 或 .parquet） panel file")]
Horizon = Annotated[int, typer.Option("--horizon", help="向后预测的期数 periods ahead")]
Tags = Annotated[Path | None, typer.Option("--tags", help="层级表 unique_id,parent，根的 parent 留空 hierarchy")]
Candidates = Annotated[str, typer.Option("--candidates", help="default 或 all（加入较慢的模型） all adds the slow models")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON machine output")]


@app.callback()
def _group() -> None:
    """预测与回测。Forecast a panel; back-test the forecasts."""


@app.command("run")
def run(
    panel: PanelFile,
    horizon: Horizon,
    out: Annotated[Path, typer.Option("--out", help="预测结果表（.csv 或 .parquet） forecast table")],
    tags: Tags = None,
    origin: Annotated[str | None, typer.Option("--origin", help="只用这一天及以前的数据 use nothing after this date")] = None,
    levels: Annotated[str, typer.Option("--levels", help="区间水平（%） interval levels")] = "80,95",
    report: Annotated[Path | None, typer.Option("--report", help="退回简单方法的序列及原因 series that fell back")] = None,
    contributions: Annotated[Path | None, typer.Option("--contributions", help="逐项贡献表 exact terms of each forecast")] = None,
    candidates: Candidates = "default",
    engine: Annotated[
        str, typer.Option("--engine", help="local 本机，spark 分布式（Fugue），native 同样分块但在本机 where the models are fitted")
    ] = "local",
    parts: Annotated[int | None, typer.Option("--parts", min=1, help="分成几块，默认每块 1000 个序列 parts of a distributed run")] = None,
    levels_of: Annotated[Path | None, typer.Option("--levels-of", help="预警表 unique_id,ds,level：橙色以上区间放宽 wider from orange on")] = None,
    as_json: Json = False,
) -> None:
    """预测：每个序列的均值与区间，上下级之和一致。Forecasts with intervals; sums agree over the hierarchy."""
    import leye.forecast as room
    from leye.cli.table_file import check_ending, write_table

    check_ending(out, report, contributions)
    frame, tree = _read(panel, tags)
    result = room.run(
        frame,
        tree,
        horizon=_positive(horizon),
        levels=_levels(levels),
        origin=_day(origin),
        models=_models(candidates),
        levels_of=None if levels_of is None else _warnings(levels_of),
        engine=engine,
        parts=parts,
    )
    fell = result.models.filter(result.models["fallback"].is_not_null()).select("unique_id", "fallback", "fallback_zh")
    for table, file in ((result.forecast, out), (fell, report), (result.contributions, contributions)):
        if file is not None:
            write_table(table, file)
    _say(as_json, {"out": str(out), "series": result.models.height, "rows": result.forecast.height, "fallbacks": fell.to_dicts()}, _told(fell, out))


@app.command("risk")
def risk(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="数据目录，city/ 下有五张登记表 data folder with the five registers")],
    out: Annotated[Path, typer.Option("--out", help="结果目录，八张表 folder for the eight tables")],
    on: Annotated[str | None, typer.Option("--on", help="只用这一天及以前的登记，缺省为城市的今天 use nothing after this date")] = None,
    as_json: Json = False,
) -> None:
    """失业风险：谁更容易失业或难找到工作，一年前说得准不准。Risk of losing work and of finding none; how right it was a year ago."""
    from leye.cli.forecast_risk import write_profile

    machine, person = write_profile(data, out, _day(on))
    _say(as_json, machine, person)


@app.command("backtest")
def backtest(
    panel: PanelFile,
    horizon: Horizon,
    origins: Annotated[str, typer.Option("--origins", help="起点日期，用逗号分开 origins D1,D2,…")],
    out: Annotated[Path, typer.Option("--out", help="结果目录：errors.parquet、summary.json folder for the results")],
    tags: Tags = None,
    reference: Annotated[str, typer.Option("--reference", help="对照模型 ets,auto_theta（statsforecast，较慢） slow references")] = "",
    candidates: Candidates = "default",
    as_json: Json = False,
) -> None:
    """回测：在过去的起点上重做预测，与后来的实际比较。Forecast again from past origins and compare with what came."""
    import time

    import leye.forecast as room
    from leye.forecast.summary import as_json as summary_json

    frame, tree = _read(panel, tags)
    days = [_day(text) for text in origins.split(",") if text.strip()]
    with _progress(len(days)) as step:
        result = room.backtest(
            frame,
            tree,
            horizon=_positive(horizon),
            origins=[d for d in days if d is not None],
            references=[r.strip() for r in reference.split(",") if r.strip()],
            models=_models(candidates),
            cpu_clock=time.process_time,
            progress=step,
        )
    out.mkdir(parents=True, exist_ok=True)
    result.errors.write_parquet(out / "errors.parquet")
    told = summary_json(result.summary, horizon=horizon)
    (out / "summary.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _say(as_json, told, f"已写入 {out}/errors.parquet 与 summary.json\n" + _score_lines(result.summary))


@app.command("compare")
def compare(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="上次的预测表 the last forecast")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="这次的预测表 this forecast")],
    panel: Annotated[Path, typer.Option("--panel", help="时序表，含其间的实际值 the panel with what came in between")],
    out: Annotated[Path | None, typer.Option("--out", help="对照表（.csv 或 .parquet） the table")] = None,
    series: Annotated[str | None, typer.Option("--series", help="只说这个序列 this series only")] = None,
    as_json: Json = False,
) -> None:
    """对照：上次预测错了多少，这次改了什么。How wrong the last forecast was, and what this one changes."""
    import leye.forecast as room
    from leye.cli.table_file import check_ending, write_table
    from leye.intake.panel_text import read_columns

    check_ending(out)
    frame, _ = _read(panel, None)
    last, this = (_forecast_file(read_columns(file, ("unique_id", "ds", "mean"), optional=_bands(file)), file) for file in (old, new))
    table = room.compare(last, this, frame)
    if out is not None:
        write_table(table, out)
    ids = [series] if series else table["unique_id"].unique(maintain_order=True).to_list()
    told = [{"unique_id": uid, "zh": room.compare_zh(table, uid), "en": room.compare_en(table, uid)} for uid in ids]
    _say(as_json, {"out": str(out) if out else None, "series": told}, "\n".join(t["zh"] for t in told[:20]))


def _bands(file: Path) -> list[str]:
    """Names of the interval columns that a file has."""
    import polars as pl

    names = (pl.read_parquet_schema(file) if file.suffix.lower() == ".parquet" else pl.read_csv(file, n_rows=0).schema) if file.is_file() else {}
    return [name for name in names if name[:3] in ("lo-", "hi-")]


def _forecast_file(raw: pl.DataFrame, file: Path) -> pl.DataFrame:
    """Text columns of a forecast file as dates and numbers; a word is answered with its row."""
    import polars as pl

    from leye.intake.panel_columns import numbers, periods

    figures = [c for c in raw.columns if c == "mean" or c[:3] in ("lo-", "hi-")]
    read = {c: numbers(raw.select("row", pl.col(c).alias("y")), file, []).alias(c) for c in figures}
    return raw.select("unique_id").with_columns(periods(raw, file, []), *read.values())


def _warnings(file: Path) -> pl.DataFrame:
    """`unique_id, ds, level`; a level that is none is answered with its row."""
    import polars as pl

    from leye.forecast.alarms import LEVELS
    from leye.intake.panel_columns import periods
    from leye.intake.panel_text import panel_error, read_columns

    raw = read_columns(file, ("unique_id", "ds", "level"))
    if raw.is_empty():
        return pl.DataFrame(schema={"unique_id": pl.Utf8, "ds": pl.Date, "level": pl.Utf8})
    odd = raw.filter(~pl.col("level").cast(pl.Utf8).is_in(list(LEVELS)).fill_null(False))["row"].to_list()
    if odd:
        remedy = "写 blue、yellow、orange、red 或 蓝、黄、橙、红"
        raise panel_error("E_LEVELS_UNKNOWN", file, "level", odd, "预警级别看不懂", en="unknown warning level", remedy=remedy)
    return raw.select("unique_id", "level").with_columns(periods(raw, file, []))


@app.command("news")
def news(
    panel_old: Annotated[Path, typer.Argument(metavar="PANEL_OLD", help="旧的一版 unique_id,ds,y the earlier vintage")],
    panel_new: Annotated[Path, typer.Argument(metavar="PANEL_NEW", help="新的一版 the later vintage")],
    horizon: Horizon,
    out: Annotated[Path, typer.Option("--out", help="逐项变动表（.csv 或 .parquet） effects on each forecast")],
    tags: Tags = None,
    series: Annotated[str | None, typer.Option("--series", help="说出这个序列的变动 tell this series in words")] = None,
    as_json: Json = False,
) -> None:
    """新闻分解：哪个数的公布或修订把预测改了多少，各项之和等于改动。Which release moved the forecast, by how much; effects sum to the change."""
    from leye.cli.table_file import check_ending, write_table
    from leye.forecast.news import news as news_of
    from leye.forecast.news_words import news_en, news_zh

    check_ending(out)
    old, _ = _read(panel_old, None)
    new, tree = _read(panel_new, tags)
    table = news_of(old, new, tree, horizon=_positive(horizon))
    write_table(table, out)
    told = [
        {"unique_id": uid, "ds": day.isoformat(), "zh": news_zh(table, uid, day), "en": news_en(table, uid, day)}
        for uid, day in table.select("unique_id", "ds").unique(maintain_order=True).iter_rows()
        if uid == series
    ]
    explained = table["unique_id"].n_unique()
    machine = {"out": str(out), "series": explained, "rows": table.height, "told": told}
    _say(as_json, machine, "\n".join([f"已写入 {out}：{explained} 个序列，{table.height} 项", *(str(t["zh"]) for t in told)]))


def _score_lines(summary: pl.DataFrame) -> str:
    lines = ["模型 起点 MASE sMAPE% Winkler80 覆盖80 覆盖95 CPU秒"]
    for row in summary.iter_rows(named=True):
        scores = [row[c] for c in ("mase", "smape", "winkler_80", "coverage_80", "coverage_95", "cpu_s")]
        shown = " ".join("—" if v is None else f"{v:.3f}" for v in scores)
        lines.append(f"{row['model']} {row['origin'] or '合计'} {shown}")
    return "\n".join(lines)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[date], None] | None]:
    """A bar on stderr when a person is watching; nothing otherwise."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("回测", total=total)
        yield lambda _: bar.advance(task)


def _told(fell: pl.DataFrame, out: Path) -> str:
    lines = [f"已写入 {out}"]
    lines += [f"  {uid}：{zh}（{code}）" for uid, code, zh in fell.head(20).iter_rows()]
    return "\n".join(lines + ([f"  另有 {fell.height - 20} 个序列退回简单方法"] if fell.height > 20 else []))


def _read(panel: Path, tags: Path | None) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    from leye.intake.panel_form import read_panel

    form = read_panel(panel, tags)
    for notice in form.notices:
        sys.stderr.write(f"{notice}\n")
    return form.panel, form.tags


def _say(as_json: bool, machine: dict[str, object], person: str) -> None:
    sys.stdout.write((json.dumps(machine, ensure_ascii=False) if as_json else person) + "\n")


def _positive(horizon: int) -> int:
    from leye.kernel.errors import BadInput

    if not 1 <= horizon <= FURTHEST:
        raise BadInput(
            f"--horizon 要是 1 到 {FURTHEST} 的整数，给的是 {horizon}。",
            en=f"--horizon must lie in 1 to {FURTHEST}, got {horizon}.",
            remedy_zh="例如 --horizon 6。",
            remedy_en="for example --horizon 6.",
        )
    return horizon


def _levels(text: str) -> tuple[int, ...]:
    from leye.kernel.errors import BadInput

    parts = [p.strip() for p in text.split(",") if p.strip()]
    if not parts or not all(p.isdigit() and 0 < int(p) < 100 for p in parts):
        raise BadInput(
            f"--levels “{text}”看不懂。", en=f"--levels {text!r} is not understood.", remedy_zh="写 1 到 99 的整数，用逗号分开，如 80,95。"
        )
    return tuple(sorted({int(p) for p in parts}))


def _models(name: str) -> tuple[Model, ...]:
    from leye.forecast.candidates import SETS
    from leye.kernel.errors import BadInput

    if name not in SETS:
        raise BadInput(
            f"--candidates “{name}”看不懂。",
            en=f"--candidates {name!r} is not understood.",
            remedy_zh="写 default 或 all。",
            remedy_en="write default or all.",
            code="E_MODEL_UNKNOWN",
        )
    return SETS[name]


def _day(text: str | None) -> date | None:
    from leye.forecast.panel import as_date

    return as_date(text) if text else None


app.command("direction")(direction)
app.command("flows")(flows)
app.command("nowcast")(nowcast)
app.command("record")(record)
