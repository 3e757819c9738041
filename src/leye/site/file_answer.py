"""A file as an answer: the one place that says how a download is named."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def file_answer(content: bytes | str, name: str, kind: str) -> HttpResponse:
    """A download called `name`, of a media type. A name that is not plain ASCII is encoded as RFC 6266 asks; quotes in it cannot end the header."""
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
