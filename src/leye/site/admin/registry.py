"""算法备案: the working list with each version's next step, one version, registration of a card, trained models, law facts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leye.kernel.errors import BadInput, LeyeError
from leye.office.clock import now
from leye.office.permissions import needs
from leye.office.registry import reading, registering
from leye.office.registry.listing import model_rows, register_rows
from leye.office.registry.training import trained_models
from leye.site import registry_words
from leye.site.admin.registry_page import version_context
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say
from leye.trust.registry import STATES, Source, facts

LIST_COLUMNS = ("algo", "version", "state", "name_zh", "kind", "risk", "owner", "filing_number", "filed_on", "expires_on", "installed", "identity")
MODEL_COLUMNS = ("run_id", "algo", "version", "at", "data_hash", "code_hash", "output_hash", "seed", "cpu_s", "scores", "command")
MOST_FILES, MOST_BYTES = 50, 2 * 1024 * 1024  # chosen by us: of one deposit; code is text and small


@needs("registry.view")
@require_safe
def registry(request: HttpRequest) -> HttpResponse:
    """`/registry`"""
    asked = request.GET.get("state", "")
    state = asked if asked in STATES else ""
    rows = [(v, reading.waits_for(v)) for v in reading.versions(state=state)]
    return page(request, "registry/list.html", rows=rows, state=state, states=list(STATES), say=registry_words)


@needs("registry.view")
@require_safe
def registry_csv(request: HttpRequest) -> HttpResponse:
    """`/registry.csv`"""
    return csv_answer("registry.csv", LIST_COLUMNS, ([row[c] for c in LIST_COLUMNS] for row in register_rows()))


@needs("registry.view")
@require_safe
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """`/registry/<id>`"""
    return page(request, "registry/version.html", **version_context(request, reading.version_called(version_id)))


@needs("registry.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """`/registry/new`: hand in a card with its code or statement; findings come back with their lines."""
    if request.method != "POST":
        return page(request, "registry/new.html", places=[])
    try:
        found = registering.register_version(_card_text(request), _sources(request), file=_card_name(request), acting_user=request.user, at=now())
    except LeyeError as error:
        return refusal(request, error, "registry/new.html", places=error.places)
    say(request, _("登记成了草稿，下一步是自评估"))
    return HttpResponseRedirect(reverse("registry-version", args=[found.pk]))


@needs("registry.view")
@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """`/registry/models`: what nightlies trained."""
    return page(request, "registry/models.html", models=trained_models(algo=request.GET.get("algo", "")))


@needs("registry.view")
@require_safe
def models_csv(request: HttpRequest) -> HttpResponse:
    """`/registry/models.csv`"""
    rows = model_rows(algo=request.GET.get("algo", ""))
    return csv_answer("models.csv", MODEL_COLUMNS, ([_flat(row[c]) for c in MODEL_COLUMNS] for row in rows))


@needs("registry.view")
@require_safe
def law(request: HttpRequest) -> HttpResponse:
    """`/registry/law`: what the papers rest on, each with how it is known."""
    return page(request, "registry/law.html", facts=list(facts().values()), say=registry_words)


def _card_name(request: HttpRequest) -> str:
    upload = request.FILES.get("card")
    return upload.name if upload is not None and upload.name else "card.yaml"


def _card_text(request: HttpRequest) -> str:
    """The uploaded card. Raises BadInput without one, or on one that is no UTF-8 text."""
    upload = request.FILES.get("card")
    if upload is None or not upload.size:
        raise BadInput(
            "还没有选算法卡片", en="no card is chosen yet", remedy_zh="选一个 .yaml 卡片文件", remedy_en="choose a .yaml card", code="E_CARD"
        )
    return _text(upload)


def _sources(request: HttpRequest) -> list[Source]:
    files = request.FILES.getlist("code")
    if len(files) > MOST_FILES or sum(f.size or 0 for f in files) > MOST_BYTES:
        raise BadInput(f"一次最多 {MOST_FILES} 个文件、{MOST_BYTES // 1024 // 1024} MiB", en="too many files or too large",
                       remedy_zh="只交算法本身的文件", remedy_en="hand in the algorithm's own files only", code="E_CARD")  # fmt: skip
    return [Source(f.name or "file", _text(f)) for f in files]


def _text(upload: Any) -> str:
    if (upload.size or 0) > MOST_BYTES:
        raise BadInput(
            f"{upload.name} 太大", en=f"{upload.name} is too large", remedy_zh="看看是不是拿错了", remedy_en="is it the right file?", code="E_CARD"
        )
    try:
        return bytes(upload.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{upload.name} 不是 UTF-8 文本", en=f"{upload.name} is no UTF-8 text", remedy_zh="另存为 UTF-8", remedy_en="save as UTF-8",
                       code="E_CARD") from None  # fmt: skip


def _flat(value: object) -> object:
    return ";".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else value
