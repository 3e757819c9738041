"""The gate: what passes leaves everything behind, what is refused leaves nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from leye.kernel.decision import Outcome, Subject
from leye.kernel.errors import LeyeError
from leye.kernel.reason import Reason
from leye.office.decisions.batch import BatchRun, PersonMarks, decide_batch
from leye.office.decisions.checks import first_mismatch
from leye.office.decisions.gate import decide, decide_many
from leye.office.decisions.ledger import open_log
from leye.office.decisions.models import Decision, Evidence, Protected
from leye.office.decisions.refusals import GateRefused
from leye.office.outbox.models import OutboxEvent
from leye.office.registry.models import Version
from leye.trust.subtree import Mark
from tests_support.decisions import ALGO, AT, VERSION, an_offer, reason

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def leaves() -> int:
    return open_log().size()


def everything() -> tuple[int, int, int, int, int]:
    return leaves(), Decision.objects.count(), Evidence.objects.count(), Protected.objects.count(), OutboxEvent.objects.count()


def test_what_passes_leaves_row_evidence_leaf_head_and_event() -> None:
    before = everything()
    sealed = decide(an_offer())
    drawn = OutboxEvent.objects.filter(name="review.asked").count()  # the lot may send this very decision to a person too
    assert tuple(b - a for a, b in zip(before, everything(), strict=True)) == (1, 1, 1, 1, 1 + drawn) and drawn <= 1
    row = Decision.objects.get(pk=sealed.decision_id)
    assert (row.leaf_index, row.outcome, row.breaker, row.region) == (sealed.leaf_index, "offered", "closed", "440605")
    said = json.loads(open_log().record(sealed.leaf_index))
    assert (said["type"], said["algo"], said["reasons"], said["candidates"], said["score"]) == ("decision", ALGO, ["nearest"], 4, -61.0)
    assert said["features"] == ["distance_m", "hour", "zone"]
    note = open_log().newest_checkpoint()
    assert note is not None and note.split("\n")[1] == str(leaves()), "the head is signed in the same transaction"
    assert OutboxEvent.objects.get(name="decisions.sealed").payload == {"first": sealed.leaf_index, "count": 1}


def test_the_leaf_tells_nothing_of_the_person() -> None:
    offer = an_offer(inputs={"zone": "440605-01", "note": "周小梅 440605199001011239 13800138000"})
    row = Decision.objects.get(pk=decide(offer).decision_id)
    raw = open_log().record(row.leaf_index).decode()
    for secret in ("P00000012", "440605-01", "周小梅", "440605199001011239", "13800138000", "25-44", row.subject_key, "320 米"):
        assert secret not in raw
    stored = bytes(Evidence.objects.get(pk=row.pk).sealed) + bytes(Protected.objects.get(pk=row.pk).sealed)
    assert b"P00000012" not in stored and b"25-44" not in stored


def test_two_decisions_about_one_person_cannot_be_linked_by_the_log() -> None:
    first, second = (json.loads(open_log().record(s.leaf_index)) for s in decide_many([an_offer(), an_offer()]))
    assert first["subject"] != second["subject"]
    assert not set(first["inputs"].values()) & set(second["inputs"].values())


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"algo": "nobody.knows"}, "E_GATE_UNREGISTERED", "unregistered"),
    ({"version": "9.9"}, "E_GATE_UNREGISTERED", "another version"),
    ({"purpose": "credit"}, "E_GATE_PURPOSE", "purpose not declared"),
    ({"features": ("zone", "gait")}, "E_GATE_FEATURE", "feature not declared"),
    ({"features": ("zone", "sex")}, "E_GATE_FEATURE", "a protected attribute is no feature"),
    ({"subject": Subject("series", "postings/440600/H/all/all")}, "E_GATE_SUBJECT", "registered for people, not for series"),
    ({"reasons": ()}, "E_GATE_REASON", "no reason"),
    ({"reasons": (Reason("x", "x", "b", ""),)}, "E_GATE_REASON", "a reason without code"),
    ({"reasons": (reason("because"),)}, "E_GATE_REASON", "a code not declared"),
]


@pytest.mark.parametrize(("changes", "code", "why"), BAD, ids=[b[-1] for b in BAD])
def test_what_is_refused_leaves_nothing(changes: dict[str, Any], code: str, why: str) -> None:
    before = everything()
    with pytest.raises(GateRefused) as refused:
        decide_many([an_offer(), an_offer(**changes)])
    assert refused.value.code == code
    assert refused.value.remedy_zh and refused.value.remedy_en
    assert everything() == before, "all or none"


STATES = [("draft", "E_GATE_NOT_RUNNING"), ("filed", "E_GATE_NOT_RUNNING"), ("suspended", "E_GATE_SUSPENDED"), ("blacklisted", "E_GATE_BLACKLISTED")]


@pytest.mark.parametrize(("state", "code"), STATES, ids=[s[0] for s in STATES])
def test_only_a_running_version_decides(state: str, code: str) -> None:
    version = Version.objects.get(algo=ALGO)
    version.state = state
    version.save()
    with pytest.raises(GateRefused) as refused:
        decide(an_offer())
    assert refused.value.code == code
    with pytest.raises(GateRefused):
        decide_batch(BatchRun(ALGO, VERSION, "dispatch", ("zone",), "r1", AT), [])


def test_an_expired_filing_decides_no_more(settings: Any) -> None:
    version = Version.objects.get(algo=ALGO)
    version.expires_on = (AT - timedelta(days=2)).date()
    version.save()
    with pytest.raises(GateRefused) as refused:
        decide(an_offer())
    assert refused.value.code == "E_GATE_EXPIRED"


def test_a_sandbox_takes_no_more_subjects_than_its_cap(user_of: Callable[..., Any]) -> None:
    from leye.office.registry.models import Sandbox

    Sandbox.objects.create(
        version=Version.objects.get(algo=ALGO), max_subjects=2, ends_on=(AT + timedelta(days=9_000)).date(), at=AT, by=user_of("admin")
    )
    decide_many([an_offer("P00000001"), an_offer("P00000002"), an_offer("P00000001")])
    decide(an_offer("P00000002"))
    with pytest.raises(GateRefused) as refused:
        decide(an_offer("P00000003"))
    assert refused.value.code == "E_GATE_SANDBOX"


def marks(n: int) -> tuple[Mark, ...]:
    return tuple(Mark(f"O{i:08d}", Outcome("offered", -float(i), 600 + i), ("nearest",)) for i in range(n))


def test_a_batch_has_one_leaf_a_person() -> None:
    run = BatchRun(ALGO, VERSION, "dispatch", ("zone", "hour"), "r1", AT, "440605")
    people = [PersonMarks(Subject("person", f"P{i:08d}"), marks(i + 1), {"orders": i + 1}, {"sex": "F"}) for i in range(5)]
    before = leaves()
    done = decide_batch(run, people)
    assert (done.first, done.people, done.outcomes, leaves()) == (before, 5, 15, before + 5)
    rows = list(Decision.objects.filter(run_id="r1"))
    assert [r.marks for r in rows] == [1, 2, 3, 4, 5]
    assert first_mismatch() is None


def test_a_batch_is_all_or_none() -> None:
    run = BatchRun(ALGO, VERSION, "dispatch", ("zone",), "r1", AT)
    sound = [PersonMarks(Subject("person", f"P{i:08d}"), marks(1), {}) for i in range(2_100)]
    unexplained = PersonMarks(Subject("person", "P00009999"), (Mark("O1", Outcome("offered"), ()),), {})
    before = everything()
    with pytest.raises(GateRefused):
        decide_batch(run, [*sound, unexplained])
    assert everything() == before


def test_rows_and_leaves_agree_and_every_change_is_named() -> None:
    sealed = decide_many([an_offer(f"P{i:08d}") for i in range(4)])
    assert first_mismatch() is None
    Decision.objects.filter(pk=sealed[2].decision_id).update(outcome="withheld")
    assert first_mismatch() == {"index": sealed[2].leaf_index, "kind": "decision_row", "reason": "和留痕不一致：outcome (differs from its leaf)"}
    with connection.cursor() as cursor:
        for table in ("decision_evidence", "decision_protected"):
            cursor.execute(f"DELETE FROM {table}")
    Decision.objects.filter(pk=sealed[1].decision_id).delete()
    found = first_mismatch()
    assert found is not None and found["index"] == sealed[1].leaf_index


def test_errors_of_the_gate_are_failed_checks() -> None:
    with pytest.raises(LeyeError) as refused:
        decide(an_offer(reasons=()))
    assert refused.value.code.startswith("E_GATE")


def test_an_algorithm_over_series_decides_about_nobody() -> None:
    about = {"algo": "watch.scan", "version": Version.objects.get(algo="watch.scan").version, "purpose": "early_warning", "features": ("y",)}
    with pytest.raises(GateRefused) as refused:
        decide(an_offer(reasons=(reason("below_expected"),), **about))
    assert refused.value.code == "E_GATE_SUBJECT"
