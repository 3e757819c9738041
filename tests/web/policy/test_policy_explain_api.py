"""The open API of policies: lists, one policy, facts, explanations of what is handed in and not kept."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leye.policy import shipped
from leye.policy.explain import explain, questions

pytestmark = pytest.mark.django_db
FACTS = {
    "sex": "M", "birth": "1980-05-01", "employment_status": "employed", "firm_kind": "enterprise", "ui_total_months": 10, "cert_level": 4,
    "cert_on": "2025-06-01", "cert_paid_by": "none", "cert_best_paid_level": 0, "skill_up_times_year": 0, "ui_claiming": False,
}  # fmt: skip
ON = "2025-07-15"


def told(client: Client, body: Any) -> tuple[int, Any]:
    answer = client.post("/api/public/policies/explain", json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def test_the_list(client: Client) -> None:
    found = client.get("/api/public/policies", {"on": ON, "region": "CN-440305"}).json()
    assert (found["on"], found["region"], len(found["policies"])) == (ON, "CN-440305", len(shipped().policies))
    skill = next(p for p in found["policies"] if p["policy"] == "skill_up")
    assert (skill["from"], skill["to"], skill["amount_low_fen"], skill["amount_high_fen"]) == ("2025-01-01", "2025-12-31", 100_000, 200_000)
    few = client.get("/api/public/policies", {"on": ON, "group": "veterans", "fund": "tax", "in_force": "true"}).json()["policies"]
    assert {p["policy"] for p in few} == {"tax_self_veteran", "tax_hire_veteran"}


def test_one_policy_with_clauses_and_figures(client: Client) -> None:
    found = client.get("/api/public/policies/min_wage", {"on": "2025-10-01", "region": "CN-11"}).json()
    assert [c["text"] for c in found["clauses"]][-1] == "月工资低于当地最低工资标准"
    figure = next(f for f in found["figures"] if f["parameter"] == "local_min_wage_fen")
    assert (figure["value"], figure["from"], figure["status"]) == (254_000, "2025-09-01", "verified")
    assert found["facts"] == ["employment_status", "monthly_wage_fen", "full_time"], "the figure of the place is not asked for"
    english = client.get("/api/public/policies/min_wage", {"on": "2025-10-01", "language": "en"}).json()
    assert english["clauses"][0]["text"] == "Employed"


def test_explanations_are_those_of_the_command(client: Client) -> None:
    status, found = told(client, {"facts": FACTS, "on": ON, "region": "CN-440305"})
    direct = explain(shipped(), FACTS, date.fromisoformat(ON), region="CN-440305")
    assert status == 200 and found["explanations"] == json.loads(json.dumps([e.as_dict() for e in direct]))
    assert [q["fact"] for q in found["questions"]] == [q.fact for q in questions(shipped(), FACTS, date.fromisoformat(ON), "CN-440305")]
    assert len(found["first_questions"]) == 3 and found["ignored"] == []


def test_one_policy_in_english_with_a_key_that_is_no_fact(client: Client) -> None:
    _, found = told(client, {"facts": FACTS | {"nickname": "x"}, "on": ON, "policy": "skill_up", "language": "en"})
    assert [e["policy"] for e in found["explanations"]] == ["skill_up"] and found["ignored"] == ["nickname"]
    assert found["explanations"][0]["next"].startswith("Only this is missing")


BAD = [
    ({"facts": {"sex": "X"}}, 400, "E_FACT_RANGE"),
    ({"facts": {"birth": "1980-13-01"}}, 400, "E_FACT_TYPE"),
    ({"facts": {"dibao": "yes"}}, 400, "E_FACT_TYPE"),
    ({"facts": {}, "region": "44"}, 400, "E_REGION"),
    ({"facts": {}, "language": "de"}, 400, "E_LANGUAGE"),
    ({"facts": {}, "policy": "nix"}, 404, "E_POLICY_UNKNOWN"),
    ({"facts": {str(i): i for i in range(300)}}, 400, "E_TOO_MANY"),
    ({"facts": [1]}, 422, "E_BAD_REQUEST"),
    ({}, 422, "E_BAD_REQUEST"),
    ({"facts": {"_sources": {"sex": 1}}}, 400, "E_SOURCES"),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD, ids=[f"{i} {b[2]}" for i, b in enumerate(BAD)])
def test_bad_input_is_a_problem(body: Any, status: int, code: str, client: Client) -> None:
    found = told(client, {"on": ON} | body if body else body)
    assert (found[0], found[1]["code"]) == (status, code) and found[1]["detail"]


def test_facts_are_the_rows_of_the_command(client: Client) -> None:
    rows = client.get("/api/public/policies/facts").json()
    assert [r["id"] for r in rows if not r["is_derived"]] == [f.id for f in shipped().facts]


def test_no_such_policy(client: Client) -> None:
    answer = client.get("/api/public/policies/nix")
    assert answer.status_code == 404 and answer["Content-Type"] == "application/problem+json"


def test_nothing_is_kept(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with CaptureQueriesContext(connection) as queries, caplog.at_level("DEBUG"):
        told(client, {"facts": FACTS | {"monthly_wage_fen": 765_432}, "on": ON})
    assert [q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}] == []
    assert "765432" not in caplog.text
