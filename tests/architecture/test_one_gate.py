"""No way round the gate: who may write outcomes and leaves, read off the syntax trees and the models."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps

SRC = Path(__file__).parents[2] / "src" / "leye"
OUTSIDE = [f for f in sorted(SRC.rglob("*.py")) if f.relative_to(SRC).parts[:2] != ("office", "decisions")]
WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "save", "update", "delete"}
SEALED = {"Decision", "Evidence", "Protected", "SealedEvent"}
MAY_APPEND = {"office/decisions/ledger.py"}
TABLES = ("decisions_decision", "decision_evidence", "decision_protected", "trust_leaf", "trust_tile", "trust_checkpoint")

OUTCOMES = {"outcome", "verdict", "level", "score", "rank", "price_fen", "amount_fen", "mark", "marks"}
ABOUT_NOBODY = {
    "decisions.Decision": "the gate's own row",
    "registry.Sandbox": "the verdict of people over an algorithm",
    "review.ReviewCase": "the verdict of a person over a decision, which it names",
    "objections.Objection": "the answer of a person over a decision, which it names",
    "review.DriftReading": "a statistic of an algorithm's outcomes, about nobody",
}
"""Models with such a field that are no outcome of an algorithm about somebody, and why."""


def names_from_decisions(tree: ast.Module) -> dict[str, str]:
    """Local name -> model, for what a module takes from the gate's models."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "leye.office.decisions.models":
            found |= {alias.asname or alias.name: alias.name for alias in node.names}
    return found


def written(tree: ast.Module, names: dict[str, str]) -> list[str]:
    """Constructions of, and writing calls through, those models."""
    bad = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        text = ast.unparse(node.func)
        root = text.split(".")[0]
        if root in names and (text == root or text.split(".")[-1] in WRITES):
            bad.append(text)
    return bad


@pytest.mark.parametrize("file", OUTSIDE, ids=lambda f: str(f.relative_to(SRC)))
def test_nobody_but_the_gate_writes_its_rows(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert written(tree, names_from_decisions(tree)) == []


@pytest.mark.parametrize("file", sorted((SRC / "office" / "decisions").rglob("*.py")), ids=lambda f: f.name)
def test_inside_the_gate_only_gate_and_batch_make_decisions(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    made = [w for w in written(tree, {n: m for n, m in names_from_decisions(tree).items() if m == "Decision"}) if w.split(".")[-1] != "update"]
    assert made == [] or file.name in {"gate.py", "batch.py"}


@pytest.mark.parametrize("file", sorted(SRC.rglob("*.py")), ids=lambda f: str(f.relative_to(SRC)))
def test_only_the_ledger_appends_leaves(file: Path) -> None:
    place = str(file.relative_to(SRC))
    if place.startswith("trust/log/"):
        return
    text = file.read_text(encoding="utf-8")
    appended = "log.append(" in text or "open_log().append(" in text
    assert not appended or place in MAY_APPEND
    statements = [n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    said = [s for s in statements if s.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "REPLACE")) and any(t in s for t in TABLES)]
    assert said == [] or place in {"office/decisions/rows.py", "office/privacy/rotation.py"}, "rotation changes ciphertexts, never what they say"


def test_a_model_with_an_outcome_names_its_decision() -> None:
    bare = []
    for model in apps.get_models():
        if not model.__module__.startswith("leye.office"):
            continue
        fields = {f.name for f in model._meta.get_fields()}
        name = f"{model._meta.app_label}.{model.__name__}"
        if fields & OUTCOMES and not fields & {"decision", "decision_id"} and name not in ABOUT_NOBODY:
            bare.append((name, sorted(fields & OUTCOMES)))
    assert bare == [], "an outcome about somebody goes through the gate, and the row names the decision"


def test_a_way_round_the_gate_would_be_seen() -> None:
    tree = ast.parse("from leye.office.decisions.models import Decision as D\nD.objects.create(outcome='x')\nD(outcome='x').save()")
    assert written(tree, names_from_decisions(tree)) == ["D.objects.create", "D"]
