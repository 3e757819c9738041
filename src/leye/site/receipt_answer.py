"""A receipt as a download: the same file wherever it is asked for."""

from __future__ import annotations

from django.http import HttpResponse

from leye.office.decisions.receipts import receipt_of
from leye.site.file_answer import file_answer


def receipt_answer(number: str, name: str) -> HttpResponse:
    """The `.tlog-proof` of a decision or event (UUID or leaf number) as a file called `name`. Raises NotFound, CheckFailed."""
    return file_answer(receipt_of(number), name, "text/plain; charset=utf-8")
