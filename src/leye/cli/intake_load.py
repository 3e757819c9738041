"""`leye intake load` and `leye intake why`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from leye.intake import LoadReport

_SHOWN = 10  # chosen by us: what fits on a screen; the tables hold all
_PROGRESS_FROM_FILES = 2  # chosen by us: one file loads in under two seconds unless it is very large


def load(
    spec: Annotated[Path, typer.Argument(help="来源说明 YAML")],
    files: Annotated[list[Path], typer.Argument(help="收到的文件，按先后顺序")],
    out: Annotated[Path, typer.Option("--out", help="这个来源的装载目录")],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """装入一个来源的文件：类型化、隔离、留痕。Load files of a source; exit 1 when rows were quarantined, 2 when a file was refused."""
    from leye.intake import load as load_files
    from leye.kernel.clock import clock_from_environment

    recorded_at = clock_from_environment()()
    if sys.stderr.isatty() and len(files) >= _PROGRESS_FROM_FILES:
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("装载", total=len(files))
            show = lambda done, of, name: bar.update(task, completed=done, description=f"装载 {name}")  # noqa: E731
            report = load_files(spec, files, out, recorded_at=recorded_at, progress=show)
    else:
        report = load_files(spec, files, out, recorded_at=recorded_at)
    sys.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False) + "\n" if as_json else _summary(report, out))
    for error in report.refused:
        sys.stderr.write(f"{error}\n")
    raise typer.Exit(report.exit_code)


def _summary(report: LoadReport, out: Path) -> str:
    total = report.total
    lines = [
        f"{report.source}：读入 {total('rows_in')} 行 = 装入 {total('loaded')} + 隔离 {total('quarantined')} + 重复 {total('duplicates')}",
        f"  新增 {total('new')}，未变 {total('unchanged')}，更替 {total('superseded')}；跳过 {total('skipped')} 行（标题、表头、合计、注释、空行）",
    ]
    lines += [f"  没有收 {f.file}：见下面的错误" for f in report.files if f.refused]
    refused = {f.file for f in report.files if f.refused}
    waiting = [line for line in report.quarantine.iter_rows(named=True) if line["file"] not in refused]
    for line in waiting[:_SHOWN]:
        where = " ".join(str(p) for p in (line["file"], line["sheet"], line["row"] and f"第 {line['row']} 行", line["column"]) if p)
        lines.append(f"  隔离 {where}：“{_short(line['raw'] or '')}” {line['code']} {line['reason']}。{line['suggestion']}")
    if len(waiting) > _SHOWN:
        lines.append(f"  …… 另有 {len(waiting) - _SHOWN} 格")
    lines += [f"  提示 {w['code']} {w['file']} {w.get('text_zh') or ''}".rstrip() for w in report.warnings[:_SHOWN]]
    lines.append(f"  明细：{out / 'quarantine.parquet'}、{out / 'report.json'}")
    return "\n".join(lines) + "\n"


def _short(raw: str) -> str:
    return raw if len(raw) <= 40 else raw[:39] + "…"


def why(
    out: Annotated[Path, typer.Argument(help="装载目录")],
    row_id: Annotated[str, typer.Argument(help="loaded.parquet 的 _row_id")],
    column: Annotated[str, typer.Argument(help="字段名或它的列名")],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """一个值出自哪个文件的哪个单元格。Which file, sheet, row and raw cell a value came from."""
    from leye.intake import why as trace

    origin = trace(out, row_id, column)
    if as_json:
        sys.stdout.write(json.dumps(origin.as_dict(), ensure_ascii=False) + "\n")
        return
    place = " ".join(p for p in (origin.file, origin.sheet and f"工作表“{origin.sheet}”", f"第 {origin.row} 行") if p)
    sys.stdout.write(f"{place}，{origin.column}（表头“{origin.header or origin.column}”）：“{origin.raw}”\n")
