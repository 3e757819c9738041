"""`leye watch …`: scan a panel for alarms; list and check the response plans."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leye.cli.watch_cube import cube
from leye.kernel.errors import BadInput

if TYPE_CHECKING:
    import polars as pl

    from leye.watch import ScanResult

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.callback()
def _group() -> None:
    """预警：扫描面板、预案库。Early warning: scan a panel, response plans."""


app.command("cube")(cube)


@app.command()
def scan(
    panel: Annotated[Path, typer.Argument(help="面板 unique_id,ds,y（.csv 或 .parquet） / the panel")],
    calibrate_before: Annotated[str, typer.Option("--calibrate-before", help="门槛只用此日之前的数据 / thresholds use data before this day only")],
    out: Annotated[Path, typer.Option("--out", help="预警表（.csv 或 .parquet） / the alarm table")],
    nominal: Annotated[float, typer.Option("--nominal", help="最低级别每序列每年误报次数 / false alarms a series-year")] = 0.25,
    seasonal: Annotated[bool, typer.Option("--seasonal", help="数据未经季节调整 / the input is not seasonally adjusted")] = False,
    direction: Annotated[str, typer.Option("--direction", help="down 下降为坏，up 上升为坏，both / which change is bad")] = "down",
    tags: Annotated[Path | None, typer.Option("--tags", help="层级 unique_id,parent / the hierarchy")] = None,
    calendar: Annotated[str, typer.Option("--calendar", help="cn 合并1—2月，none 不合并，auto 由数据判断 / join January and February")] = "auto",
    driver: Annotated[
        list[str] | None, typer.Option("--driver", help="通道名=unique_id，面板里为所有序列作证的序列，可多次 / a channel for all series")
    ] = None,
    breaks: Annotated[Path | None, typer.Option("--breaks", help="口径变更表 unique_id,ds（.csv） / days of new definitions, masked")] = None,
    fdr: Annotated[float | None, typer.Option("--fdr", help="同期亮灯中偶然所占的上限，如 0.1 / share of lamps of one period lit by chance")] = None,
    report: Annotated[Path | None, typer.Option("--report", help="未能监测的序列写入此文件 / series that could not be watched")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """找出预警：每次亮灯一行，含级别、得分和证据。Find alarms: a row per onset with level, score and evidence."""
    from leye.cli.table_file import check_ending, write_table
    from leye.watch import scan_panel

    check_ending(out)
    frame, parents = _read(panel, tags)
    day = _day(calibrate_before)
    bad_side, months = _choice(direction, ("down", "up", "both"), "--direction"), _choice(calendar, ("auto", "cn", "none"), "--calendar")
    with _busy(f"校准并扫描 {frame['unique_id'].n_unique()} 个序列…"):
        result = scan_panel(
            frame,
            calibrate_before=day,
            nominal=nominal,
            seasonal=seasonal,
            parents=parents,
            direction=bad_side,  # type: ignore[arg-type]
            calendar=months,  # type: ignore[arg-type]
            drivers=_drivers(driver or []),
            breaks=_breaks(breaks),
            fdr=fdr,
        )
    write_table(result.alerts, out)
    summary = _summary(result, out, nominal)
    if report is not None:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _say(summary, as_json=as_json)


@app.command()
def replay(
    panel: Annotated[Path, typer.Argument(help="面板 unique_id,ds,y（.csv 或 .parquet） / the panel")],
    shock: Annotated[str, typer.Option("--shock", help="2001、2008、2020 或日期 2015-03 / a past shock or a date")],
    out: Annotated[Path, typer.Option("--out", help="结果文件夹 / folder of the result")],
    tags: Annotated[Path | None, typer.Option("--tags", help="层级 unique_id,parent / the hierarchy")] = None,
    nominal: Annotated[float, typer.Option("--nominal", help="最低级别每序列每年误报次数 / false alarms a series-year")] = 0.25,
    adjusted: Annotated[bool, typer.Option("--adjusted", help="数据已经季节调整 / the input is seasonally adjusted")] = False,
    direction: Annotated[str, typer.Option("--direction", help="down 下降为坏，up 上升为坏，both / which change is bad")] = "down",
    fdr: Annotated[float | None, typer.Option("--fdr", help="同期亮灯中偶然所占的上限 / share of lamps of one period lit by chance")] = None,
    form: Annotated[
        str, typer.Option("--form", help="PANEL 是公开发布的原表：postings_index、us_employment、fred_md / a published file as it is")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """回放一次过去的冲击：每盏灯会在何时亮、离峰值几个月、会启动哪个预案。Replay a past shock: when each lamp would have lit."""
    from leye.cli.table_file import write_table
    from leye.watch import replay as replayed
    from leye.watch.replay import as_json as plain
    from leye.watch.replay import shock_day

    day = shock_day(shock)
    frame, parents = _published(panel, form) if form else _read(panel, tags)
    side = _choice(direction, ("down", "up", "both"), "--direction")
    with _busy(f"回放 {day}…"):
        result = replayed(
            frame,
            day,
            nominal=nominal,
            seasonal=not adjusted,
            parents=parents,
            direction=side,  # type: ignore[arg-type]
            fdr=fdr,
            plans_on=datetime.now(UTC).date(),
        )
    out.mkdir(parents=True, exist_ok=True)
    write_table(result.table, out / "replay.csv")
    write_table(result.alerts, out / "alerts.csv")
    (out / "replay.json").write_text(json.dumps(plain(result), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    s = result.summary
    if as_json:
        sys.stdout.write(json.dumps(s, ensure_ascii=False) + "\n")
        return
    if s["is_short_calibration"]:
        sys.stderr.write(f"面板在冲击前只有 {s['calibration_periods']} 天，门槛只靠这些天；按年计的误报率没有把握 / only that many days of calm\n")
    lead = "没有" if s["median_lead_months"] is None else f"{s['median_lead_months']:+.1f} 个月"
    sys.stdout.write(
        f"回放 {s['shock']}（门槛只用 {s['calibrate_before']} 以前）：{s['series']} 个序列里 {s['fell']} 个真的下滑，"
        f"其中 {s['lit_of_fallen']} 个亮过灯，"
        f"中位时差 {lead}（负为峰值之前）；未下滑而亮灯 {s['lit_without_fall']} 个；已写入 {out}\n"
    )


@app.command()
def plans(
    check: Annotated[Path | None, typer.Option("--check", help="检查这个文件夹里的预案并运行其中的用例 / lint a folder and run its cases")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine output")] = False,
) -> None:
    """列出政策储备里的应对预案，或检查一个文件夹。List the response plans, or lint a folder of them."""
    from leye.watch.reserve import check_cases
    from leye.watch.reserve import plans as read_plans

    if check is not None and not check.is_dir():
        raise BadInput(f"没有文件夹 {check}", en=f"no folder {check}", remedy_zh="写预案所在的文件夹")
    reserve = read_plans(check)
    cases = check_cases(reserve, str(check or ""))
    if as_json:
        sys.stdout.write(json.dumps({"plans": [asdict(p) for p in reserve], "cases": cases}, ensure_ascii=False, default=str) + "\n")
        return
    for plan in reserve:
        amounts = sum(len(m.amounts) for m in plan.measures)
        sys.stdout.write(f"{plan.id}\t{plan.title}\t步骤 {len(plan.steps)}\t已知标准 {amounts}\n")
    sys.stdout.write(f"{len(reserve)} 个预案，{cases} 个用例全部通过\n")


def _read(panel: Path, tags: Path | None) -> tuple[pl.DataFrame, dict[str, str | None]]:
    from leye.intake.panel_form import read_panel

    form = read_panel(panel, tags)
    for notice in form.notices:
        sys.stderr.write(notice + "\n")
    return form.panel, {} if form.tags is None else dict(zip(form.tags["unique_id"].to_list(), form.tags["parent"].to_list(), strict=True))


def _published(file: Path, form: str) -> tuple[pl.DataFrame, dict[str, str | None]]:
    """A published table of one of the known forms as a panel; where both are given, the seasonally adjusted figures."""
    import polars as pl

    from leye.intake.published_forms import FORMS, read_form

    _choice(form, tuple(FORMS), "--form")
    observed = read_form(form, file).observations
    if "sa" in observed["sa_flag"].unique().to_list():
        observed = observed.filter(pl.col("sa_flag") == "sa")
    name = pl.concat_str("indicator", "region", "industry", "occupation", "grp", separator="/")
    return observed.select(name.alias("unique_id"), pl.col("period_start").alias("ds"), pl.col("value").alias("y")).sort("unique_id", "ds"), {}


@contextmanager
def _busy(text: str) -> Iterator[None]:
    """A spinner on stderr while a terminal watches."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"“{text}”不是日期", en=f"{text!r} is no date", remedy_zh="写成 2024-01-01") from error


def _drivers(given: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    wrong = [name + sep + uid for name, sep, uid in pairs if not (name and sep and uid)]
    if wrong:
        raise BadInput(f"--driver “{wrong[0]}”看不懂", en=f"--driver {wrong[0]!r} is not NAME=unique_id", remedy_zh="写成 claims=CLAIMSx")
    return {name: uid for name, _, uid in pairs}


def _breaks(path: Path | None) -> list[tuple[str, date]]:
    if path is None:
        return []
    import csv

    try:
        lines = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"读不了口径变更表 {path}", en=f"cannot read {path}", remedy_zh="给一个 UTF-8 的 .csv，列为 unique_id,ds") from error
    if lines and not {"unique_id", "ds"} <= set(lines[0]):
        raise BadInput(f"{path} 缺列 unique_id 或 ds", en=f"{path} needs the columns unique_id and ds", remedy_zh="第一行写 unique_id,ds")
    return [(line["unique_id"], _day(line["ds"])) for line in lines]


def _choice(value: str, allowed: tuple[str, ...], option: str) -> str:
    if value not in allowed:
        raise BadInput(f"{option} 不能是“{value}”", en=f"{option} cannot be {value!r}", remedy_zh=f"可选：{'、'.join(allowed)}")
    return value


def _summary(result: ScanResult, out: Path, nominal: float) -> dict[str, Any]:
    levels = dict(result.alerts["level"].value_counts(sort=True).iter_rows())
    return {
        "alerts": result.alerts.height,
        "by_level": {level: levels.get(level, 0) for level in ("blue", "yellow", "orange", "red")},
        "lit": result.lamps.height,
        "nominal": nominal,
        "out": str(out),
        "realised_fa": {side: given.rates for side, given in result.realised.items()},
        "calm": {side: {"series_years": given.years, "low": given.low, "high": given.high} for side, given in result.realised.items()},
        "joined_january_february": result.joined,
        "notices": [asdict(n) for n in result.notices],
    }


def _say(summary: dict[str, Any], *, as_json: bool) -> None:
    notices = summary["notices"]
    for notice in notices[:20]:
        sys.stderr.write(f"{notice['unique_id']}: {notice['zh']}（{notice['en']}）\n")
    if len(notices) > 20:
        sys.stderr.write(f"另有 {len(notices) - 20} 个序列，见 --report\n")
    if as_json:
        sys.stdout.write(json.dumps(summary, ensure_ascii=False) + "\n")
        return
    levels = summary["by_level"]
    counts = "，".join(f"{zh} {levels[en]}" for en, zh in (("red", "红"), ("orange", "橙"), ("yellow", "黄"), ("blue", "蓝")))
    sys.stdout.write(f"预警 {summary['alerts']} 条（{counts}），期末仍亮 {summary['lit']} 盏；已写入 {summary['out']}\n")
    _say_rates(summary)


def _say_rates(summary: dict[str, Any]) -> None:
    """Realised beside promised, with what it rests on."""
    for side, rates in summary["realised_fa"].items():
        calm = summary["calm"][side]
        sys.stdout.write(
            f"误报率（{'下降' if side == 'down' else '上升'}为坏）：承诺每序列每年 {summary['nominal']:.2f} 次，校准期实际 {rates['blue']:.2f} 次"
            f"（95% 区间 {calm['low']:.2f}—{calm['high']:.2f}，{calm['series_years']:.0f} 个平静序列年）\n"
        )
