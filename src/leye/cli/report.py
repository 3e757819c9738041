"""`leye report …`: write a weekly bulletin or a quarterly report into a file; look up the numbers of stored issues again."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leye.kernel.errors import BadInput

if TYPE_CHECKING:
    from leye.office.published import Snapshot
    from leye.office.reports.content import Report

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

SITE = "http://127.0.0.1:8000"
"""Where `leye up` answers unless told otherwise."""
ENDINGS = (".docx", ".html", ".pdf", ".csv", ".json")
Data = Annotated[Path | None, typer.Option("--data", help="数据目录 data folder")]
Out = Annotated[Path, typer.Option("--out", help="写到 .docx .html .pdf（正文）或 .csv .json（数字与出处） text, or numbers with sources")]
Lang = Annotated[str, typer.Option("--lang", help="zh 中文，en 英文 language of the text")]
Site = Annotated[str, typer.Option("--site", help="文件里链接所指的网站 address that links in the file lead to")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON machine output")]


@app.callback()
def _group() -> None:
    """报告：就业监测周报、季度就业形势报告。Reports: the weekly bulletin and the quarterly situation report."""


@app.command()
def weekly(out: Out, data: Data = None, lang: Lang = "zh", site: Site = SITE, as_json: Json = False) -> None:
    """写就业监测周报，按已发布的运行；只写文件，不存期号。Write the weekly bulletin over the published run; no issue is stored."""
    _write("weekly", out, data, lang, site, as_json)


@app.command()
def quarterly(out: Out, data: Data = None, lang: Lang = "zh", site: Site = SITE, as_json: Json = False) -> None:
    """写季度就业形势报告，最近一个完整季度；只写文件。Write the quarterly report of the newest whole quarter; no issue is stored."""
    _write("quarterly", out, data, lang, site, as_json)


@app.command()
def check(data: Data = None, as_json: Json = False) -> None:
    """把存下的每一期的数字对照运行结果再查一遍；对不上退出 1。Look up all numbers of stored issues again; exit 1 when one disagrees."""
    _set_up(data)
    from leye.kernel.errors import NotFound
    from leye.office.reports.checking import faults
    from leye.office.reports.making import LANGUAGES, tables_of
    from leye.office.reports.models import Issue
    from leye.office.reports.stored import report_of

    told: list[dict[str, object]] = []
    for issue in Issue.objects.order_by("kind", "number"):
        line: dict[str, object] = {"kind": issue.kind, "number": issue.number, "state": issue.state, "run_id": issue.run_id}
        try:
            found = [f for lang in LANGUAGES for f in faults(report_of(issue.body[lang]), tables_of(issue))]
            line |= {"faults": len(found), "first": [f"{f.section}: {f.stands} ≠ {f.should}" for f in found[:3]]}
        except NotFound:
            line |= {"faults": None, "first": ["运行已被清理 the run was swept away"]}
        told.append(line)
    if as_json:
        sys.stdout.write(json.dumps({"issues": told}, ensure_ascii=False) + "\n")
    for line in [] if as_json else told:
        verdict = "查不了" if line["faults"] is None else "全部对得上" if not line["faults"] else f"{line['faults']} 处对不上"
        sys.stdout.write(f"{line['kind']} 第 {line['number']} 期：{verdict} {'；'.join(line['first'])}\n")  # type: ignore[arg-type]
    raise typer.Exit(1 if any(line["faults"] for line in told) else 0)


def _write(kind: str, out: Path, data: Path | None, lang: str, site: str, as_json: bool) -> None:
    if out.suffix not in ENDINGS:
        raise BadInput(
            f"写不了 {out.name}", en=f"cannot write {out.name}", remedy_zh=f"用 {'、'.join(ENDINGS)}", remedy_en=f"use {', '.join(ENDINGS)}"
        )
    if lang not in ("zh", "en"):
        raise BadInput(f"没有语言“{lang}”", en=f"no language {lang!r}", remedy_zh="zh 或 en", remedy_en="zh or en")
    _set_up(data)
    from leye.office.clock import now
    from leye.office.published import published_snapshot
    from leye.office.reports.content import numbers_of
    from leye.office.reports.making import make
    from leye.office.reports.refusals import nothing_published

    snapshot = published_snapshot()
    if snapshot is None:
        raise nothing_published()
    made = make(kind, snapshot, at=now())
    report = made.report(lang)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(_bytes(report, snapshot, out.suffix, site))
    told = {
        "kind": kind, "number": made.number, "starts": made.period.starts.isoformat(), "ends": made.period.ends.isoformat(), "run_id": made.run_id,
        "sections": len(report.sections), "numbers": len(numbers_of(report)), "out": str(out),
    }  # fmt: skip
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        return
    sys.stdout.write(f"{report.title}第 {made.number} 期：{told['sections']} 节，{told['numbers']} 个数逐个查对过；已写入 {out}\n")


def _bytes(report: Report, snapshot: Snapshot, ending: str, site: str) -> bytes:
    from django.conf import settings

    from leye.office.reports.docx_file import write_docx
    from leye.office.reports.keep import printable
    from leye.office.reports.pdf_file import html_to_pdf
    from leye.office.reports.queries import NUMBERS_HEADER, number_rows

    if ending in (".csv", ".json"):
        return _numbers(NUMBERS_HEADER, number_rows(report), ending)
    pictures = _pictures(report, snapshot)
    if ending == ".docx":
        return write_docx(report, site=site, pictures=pictures)
    page = printable(report, site=site, pictures=pictures)
    return page.encode() if ending == ".html" else html_to_pdf(page, chromium=settings.CHROMIUM)


def _numbers(header: tuple[str, ...], rows: list[tuple[object, ...]], ending: str) -> bytes:
    if ending == ".json":
        return (json.dumps([dict(zip(header, row, strict=True)) for row in rows], ensure_ascii=False, indent=1, default=str) + "\n").encode()
    import csv
    import io

    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode("utf-8-sig")


def _pictures(report: Report, snapshot: Snapshot) -> dict[str, str]:
    """The fans, drawn by the site's job where nobody drew them yet."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    from leye.office.reports.pictures import drawn_fan

    wanted = [p.unique_id for p in report.pictures()]
    if any(drawn_fan(settings.LEYE_DATA, snapshot.run_id, u, report.lang) is None for u in wanted):
        import_string(settings.JOB_HANDLERS["charts"])({"series": wanted}, lambda step, share: None)
    drawn = {u: drawn_fan(settings.LEYE_DATA, snapshot.run_id, u, report.lang) for u in wanted}
    return {u: svg for u, svg in drawn.items() if svg is not None}


def _set_up(data: Path | None) -> None:
    from leye.office.embedded import prepare

    prepare(data)
