"""算法公示: every algorithm that decides something here, for everybody to read; no login."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.permissions import is_open
from leye.office.registry.listing import register_row
from leye.office.registry.paper_docx import CONTENT_TYPE, paper_docx
from leye.office.registry.reading import card_of, paper_of, public_algorithm, public_versions
from leye.site import registry_words
from leye.site.csv_answer import csv_answer
from leye.site.file_answer import file_answer
from leye.site.page import page

COLUMNS = ("algo", "version", "state", "name_zh", "name_en", "kind", "risk", "owner", "purposes", "features", "filing_number", "filed_on", "identity")


@is_open
@require_safe
def algorithms(request: HttpRequest) -> HttpResponse:
    """`/algorithms`"""
    return page(request, "algorithms/list.html", versions=public_versions(), say=registry_words)


@is_open
@require_safe
def algorithms_csv(request: HttpRequest) -> HttpResponse:
    """`/algorithms/register.csv`: the same as a table."""
    rows = [register_row(v) for v in public_versions()]
    return csv_answer("algorithms.csv", COLUMNS, ([_joined(row[c]) for c in COLUMNS] for row in rows))


@is_open
@require_safe
def algorithm(request: HttpRequest, algo: str) -> HttpResponse:
    """`/algorithms/<algo>`: the version that runs (else the newest that everybody may know of), and all of them by number."""
    found = public_algorithm(algo)
    return page(request, "algorithms/detail.html", version=found[0], card=card_of(found[0]), versions=found, say=registry_words)


@is_open
@require_safe
def notice(request: HttpRequest, algo: str) -> HttpResponse:
    """`/algorithms/<algo>/notice.docx`: the public notice as a Word file."""
    version = public_algorithm(algo)[0]
    return file_answer(paper_docx(paper_of(version, "notice")), f"{version.algo}-notice.docx", CONTENT_TYPE)


def _joined(value: object) -> object:
    return ";".join(map(str, value)) if isinstance(value, list) else value
