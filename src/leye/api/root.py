"""The API object: deny by default, problem details for every error, one module per thing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from leye import __version__
from leye.api import (
    advice,
    alerts,
    applications,
    campaigns,
    data_quality,
    decisions,
    entitlements,
    fairness,
    forecasts,
    guidance,
    impact,
    indicators,
    matches,
    monitoring,
    news,
    objections,
    occupations,
    policies,
    privacy,
    privacy_reads,
    profiles,
    programmes,
    promotion,
    prospects,
    public,
    reforms,
    registry,
    reports,
    responses,
    review,
    rules,
    runs,
    series,
    session,
    skills,
    vacancies,
)
from leye.api.auth import nobody
from leye.kernel.errors import LeyeError
from leye.office.permissions import is_open
from leye.office.web.errors import problem, problem_of

api = NinjaAPI(
    title="乐业 Leye",
    version=__version__,
    description="公共就业平台接口。The same verbs as the pages and the command line. Sign in at /login; writes carry X-CSRFToken.",
    auth=nobody,
    docs_url=None,
    openapi_url="/openapi.json",
    docs_decorator=is_open,
    urls_namespace="api",
)


@api.exception_handler(LeyeError)
def _leye_error(request: HttpRequest, error: LeyeError) -> HttpResponse:
    return problem_of(error)


@api.exception_handler(AuthenticationError)
def _stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(401, "E_LOGIN", "请先登录", en="sign in first", remedy_zh="先在 /login 登录", remedy_en="sign in at /login")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = [{"field": ".".join(str(part) for part in e.get("loc", ())), "text": e.get("msg", "")} for e in error.errors]
    return problem(
        422,
        "E_BAD_REQUEST",
        "填的内容有几处不对",
        en="some fields are wrong",
        remedy_zh="请看 fields 里逐项的说明",
        remedy_en="see fields",
        fields=fields,
    )


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 403:
        return problem(
            403,
            "E_CSRF",
            "没有带上防伪标记",
            en="CSRF token missing or wrong",
            remedy_zh="写操作请带 X-CSRFToken",
            remedy_en="send X-CSRFToken with writes",
        )
    return problem(
        error.status_code, "E_BAD_REQUEST", "这个请求读不懂", en=str(error), remedy_zh="请对照 /api/openapi.json", remedy_en="see /api/openapi.json"
    )


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "E_NOT_FOUND", "没有找到", en="not found", remedy_zh="请检查编号", remedy_en="check the number")


for prefix, router in (
    ("", session.router),
    ("", runs.router),
    ("", news.router),
    ("", series.router),
    ("", alerts.router),
    ("", data_quality.router),
    ("", advice.router),
    ("", decisions.router),
    ("", fairness.router),
    ("", privacy.router),
    ("", privacy_reads.router),
    ("", reforms.router),
    ("", registry.router),
    ("", review.router),
    ("", objections.router),
    ("", entitlements.router),
    ("", prospects.router),
    ("/promotion", promotion.router),
    ("/policy", rules.router),
    ("/policy", programmes.router),
    ("/public", public.router),
    ("/public", decisions.public_router),
    ("/public", registry.public_router),
    ("/public", policies.router),
    ("", campaigns.router),
    ("", indicators.router),
    ("", monitoring.router),
    ("", reports.router),
    ("", responses.router),
    ("", skills.router),
    ("", guidance.router),
    ("", forecasts.router),
    ("", occupations.router),
    ("", impact.router),
    ("/public", impact.public_router),
    ("", profiles.router),
    ("", matches.router),
    ("/public", matches.public_router),
    ("", vacancies.router),
    ("", applications.router),
):
    api.add_router(prefix, router)
