"""A receipt as a download: the same file wherever it is asked for."""

from __future__ import annotations

from django.http import HttpResponse

from leye.office.decisions.receipts import receipt_of


def receipt_answer(number: str, name: str) -> HttpResponse:
    """The `.tlog-proof` of a decision or event (UUID or leaf number) as a file called `name`. Raises NotFound, CheckFailed."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(receipt_of(number), content_type="text/plain; charset=utf-8", headers=headers)
