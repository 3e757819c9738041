"""核对回执: paste or upload a proof; checked here without login and without the database, as anybody's own computer would."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from leye.kernel.errors import BadInput, LeyeError
from leye.office.decisions.heads import pinned_keys
from leye.office.permissions import is_open
from leye.office.web.errors import status_of
from leye.site.page import page
from leye.trust.notes import VerifierKey
from leye.trust.receipts import check_receipt

LARGEST = 256 * 1024  # bytes; a receipt has 64 KiB of record at most, its hashes and a note (trust notes)


@is_open
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """`/verify`"""
    context: dict[str, Any] = {"keys": [key.text() for key in pinned_keys()], "asked": "", "own_keys": "", "checked": None}
    if request.method != "POST":
        return page(request, "verify/index.html", **context)
    context["asked"], context["own_keys"] = request.POST.get("receipt", "")[:LARGEST], request.POST.get("keys", "")[:4096]
    try:
        context["checked"] = check_receipt(_text(request), _keys(context["own_keys"]))
    except LeyeError as error:
        return page(request, "verify/index.html", status=status_of(error), refused=error, **context)
    return page(request, "verify/index.html", **context)


def _text(request: HttpRequest) -> str:
    """The pasted text as it was before the browser's line ends, or the uploaded file. Raises BadInput on neither, or on a file too large."""
    upload = request.FILES.get("file")
    if upload is not None:
        if (upload.size or 0) > LARGEST:
            raise BadInput(
                "文件太大了", en="the file is too large", remedy_zh="回执只有几千字节，看看是不是拿错了", remedy_en="a receipt has some kilobytes"
            )
        return bytes(upload.read()).decode("utf-8", errors="replace")
    pasted = request.POST.get("receipt", "").replace("\r\n", "\n")
    if not pasted.strip():
        raise BadInput(
            "还没有放回执", en="there is no receipt yet", remedy_zh="把 .tlog-proof 文件传上来，或把内容贴进来", remedy_en="upload or paste it"
        )
    return pasted.strip("\n") + "\n"


def _keys(text: str) -> list[VerifierKey]:
    """Keys that the reader brought, else those of this installation. Raises BadInput on a line that is no key."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [VerifierKey.parse(line) for line in lines] or pinned_keys()
