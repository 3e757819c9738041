"""Papers of a version: as a page that prints well, and as a Word file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.permissions import needs
from leye.office.registry.paper_docx import CONTENT_TYPE, paper_docx
from leye.office.registry.reading import paper_of, signed_lines, version_called
from leye.site.file_answer import file_answer
from leye.site.page import page
from leye.trust.registry.papers import Rows


@needs("registry.view")
@require_safe
def paper(request: HttpRequest, version_id: int, kind: str) -> HttpResponse:
    """`/registry/<id>/papers/<kind>`"""
    version = version_called(version_id)
    made = paper_of(version, kind)
    return page(request, "registry/paper.html", version=version, paper=made, digest=made.sha256(), signed=signed_lines(version), is_table=_is_table)


@needs("registry.view")
@require_safe
def paper_file(request: HttpRequest, version_id: int, kind: str) -> HttpResponse:
    """`/registry/<id>/papers/<kind>.docx`"""
    version = version_called(version_id)
    return file_answer(paper_docx(paper_of(version, kind), lines=signed_lines(version)), f"{version.algo}-{kind}.docx", CONTENT_TYPE)


def _is_table(block: object) -> bool:
    return isinstance(block, Rows)
