"""Report files of a run, kept under `DATA/reports/<run_id>/`: made once, handed out after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from leye.office.published import Snapshot
from leye.office.reports.compose import compose
from leye.office.reports.content import Report
from leye.office.reports.docx_file import write_docx
from leye.office.reports.models import Issue
from leye.office.reports.pdf_file import html_to_pdf

FORMATS = {"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf"}


def issue_file(issue: Issue, report: Report, ending: str, *, site: str, pictures: Mapping[str, str]) -> bytes:
    """The same of a bulletin's issue in the report's language: a draft made anew has another text, so another folder. Raises NotFound."""
    home = Path(settings.LEYE_DATA) / "reports" / f"{issue.kind}-{issue.number}-{issue.body_sha256[:12]}-{report.lang}"
    return kept_file(home, ending, lambda: report, site=site, pictures=pictures)


def report_file(snapshot: Snapshot, ending: str, *, site: str, pictures: Mapping[str, str]) -> bytes:
    """Bytes of the report as `docx` or `pdf`. A copy is kept as long as address and pictures are the same. Raises NotFound without Chromium."""
    return kept_file(Path(settings.LEYE_DATA) / "reports" / snapshot.run_id, ending, lambda: compose(snapshot), site=site, pictures=pictures)


def kept_file(home: Path, ending: str, report_of: Callable[[], Report], *, site: str, pictures: Mapping[str, str]) -> bytes:
    """The same for any report: its copy lies in the folder `home`, and `report_of` is asked only when there is none."""
    file = _kept(home, ending, site, len(pictures))
    if not file.exists():
        report = report_of()
        made = write_docx(report, site=site, pictures=pictures) if ending == "docx" else _pdf(report, site, pictures)
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f".{file.name}.new")
        beside.write_bytes(made)
        beside.replace(file)
    return file.read_bytes()


def printable(report: Report, *, site: str, pictures: Mapping[str, str]) -> str:
    """The report as one HTML file that needs nothing else: styles and pictures inside."""
    style = (settings.SITE / "static" / "leye.css").read_text(encoding="utf-8")
    return render_to_string("reports/printable.html", {"report": report, "site": site, "pictures": pictures, "style": style})


def _pdf(report: Report, site: str, pictures: Mapping[str, str]) -> bytes:
    return html_to_pdf(printable(report, site=site, pictures=pictures), chromium=settings.CHROMIUM)


def _kept(home: Path, ending: str, site: str, pictures: int) -> Path:
    from leye.kernel.ids import content_id

    return home / f"report-{content_id([site, pictures])[:8]}.{ending}"
