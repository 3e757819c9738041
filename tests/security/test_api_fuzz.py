"""The API against its own description: whatever is sent, it answers with what it promises and never breaks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.test import Client

from leye.api.root import api

SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/"))
PROMISED = {200, 400, 401, 403, 404, 405, 409, 415, 422}


@pytest.fixture
def as_analyst(signed_in: Callable[..., Client]) -> Client:
    client = signed_in("analyst")
    client.raise_request_exception = False
    return client


@pytest.mark.django_db
@SCHEMA.parametrize()
@hypothesis.settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(hypothesis.HealthCheck))
def test_whatever_is_sent(case: Any, as_analyst: Client) -> None:
    body = case.body if isinstance(case.body, dict | list | str | int | float | bool) or case.body is None else {}
    answer = as_analyst.generic(
        case.method, case.formatted_path, data=json.dumps(body), content_type="application/json", query_params=dict(case.query or {})
    )
    assert answer.status_code in PROMISED, (case.method, case.formatted_path, answer.content[:300])
    if answer.status_code >= 400:
        assert answer["Content-Type"].startswith(("application/problem+json", "text/")), answer["Content-Type"]


def test_the_description_names_every_address_with_its_answers() -> None:
    described = api.get_openapi_schema(path_prefix="/api/")
    assert described["info"]["title"].startswith("乐业")
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            assert "200" in operation["responses"] or 200 in operation["responses"]
