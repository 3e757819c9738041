"""Give a number, see the same answer; erase by law, and see what remains; prove it to whoever asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf
from django.db import connection

from leye.kernel.decision import Outcome, Subject
from leye.kernel.errors import BadInput, CheckFailed, NotAllowed, NotFound
from leye.office.decisions.batch import BatchRun, PersonMarks, decide_batch
from leye.office.decisions.erase import erase, erase_expired
from leye.office.decisions.gate import decide
from leye.office.decisions.heads import checkpoint_file, pinned_keys
from leye.office.decisions.models import Decision, Evidence, SealedEvent
from leye.office.decisions.queries import leaf_of, opening_of, own_decision, own_decisions
from leye.office.decisions.receipts import receipt_of
from leye.office.decisions.replay import replay
from leye.office.privacy.keyring import keyring
from leye.trust.log import UNGUARD
from leye.trust.receipts import check_receipt
from leye.trust.subtree import Mark
from tests_support.decisions import ALGO, AT, VERSION, an_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


def test_replay_by_number_or_by_leaf_gives_what_was_seen(user_of: Callable[..., Any]) -> None:
    sealed = decide(an_offer())
    auditor = user_of("auditor", "auditor")
    for name in (str(sealed.decision_id), str(sealed.leaf_index)):
        found = replay(name, acting_user=auditor, at=AT)
        assert found.is_equal and found.evidence is not None
        assert found.evidence.inputs == {"zone": "440605-01", "hour": 9, "distance_m": 320, "order_id": "O00000007"}
        assert found.evidence.reasons[0]["zh"].startswith("同片区")
        assert found.record["outcome"] == "offered"


def test_a_batch_replays_too(user_of: Callable[..., Any]) -> None:
    marks = (Mark("O1", Outcome("offered", -5.0, 620), ("nearest",)), Mark("O2", Outcome("withheld"), ("another_nearer",)))
    decide_batch(BatchRun(ALGO, VERSION, "dispatch", ("zone",), "r1", AT), [PersonMarks(Subject("person", "P00000001"), marks, {"zone": "x"})])
    found = replay(str(Decision.objects.get(run_id="r1").pk), acting_user=user_of("auditor", "auditor"), at=AT)
    assert found.is_equal
    assert found.evidence is not None and found.evidence.marks == [
        ["O1", "offered", -5.0, 620, ["nearest"]],
        ["O2", "withheld", None, None, ["another_nearer"]],
    ]


SPOILT = [
    (lambda said: said["inputs"].update(distance_m=20), ["distance_m"], "an input changed"),
    (lambda said: said["inputs"].pop("hour"), ["hour"], "an input gone"),
    (lambda said: said["inputs"].update(sex="F"), ["sex"], "an input added"),
    (lambda said: said["reasons"][0].update(zh="因为"), ["reasons"], "the words changed"),
    (lambda said: said.update(subject=["person", "P00000099"]), ["subject"], "somebody else's"),
]


@pytest.mark.parametrize(("spoil", "false", "why"), SPOILT, ids=[s[-1] for s in SPOILT])
def test_evidence_that_was_changed_does_not_replay(spoil: Callable[[Any], Any], false: list[str], why: str, user_of: Callable[..., Any]) -> None:
    sealed = decide(an_offer())
    keys, row = keyring("decision_evidence"), Evidence.objects.get(pk=sealed.decision_id)
    said = json.loads(keys.decrypt(bytes(row.sealed), sealed.decision_id.bytes))
    spoil(said)
    Evidence.objects.filter(pk=row.pk).update(sealed=keys.encrypt(json.dumps(said).encode(), sealed.decision_id.bytes))
    assert list(replay(str(sealed.decision_id), acting_user=user_of("auditor", "auditor"), at=AT).false) == false


def test_evidence_moved_to_another_decision_does_not_open(user_of: Callable[..., Any]) -> None:
    first, second = decide(an_offer("P00000001")), decide(an_offer("P00000002"))
    Evidence.objects.filter(pk=second.decision_id).update(sealed=Evidence.objects.get(pk=first.decision_id).sealed)
    with pytest.raises(CheckFailed):
        replay(str(second.decision_id), acting_user=user_of("auditor", "auditor"), at=AT)


def test_a_changed_leaf_does_not_replay(user_of: Callable[..., Any]) -> None:
    sealed = decide(an_offer())
    with connection.cursor() as cursor:
        for statement in UNGUARD[connection.vendor]:
            cursor.execute(statement)
        cursor.execute("UPDATE trust_leaf SET record = %s WHERE idx = %s", [b'{"type":"decision"}', sealed.leaf_index])
    with pytest.raises(CheckFailed):
        replay(str(sealed.decision_id), acting_user=user_of("auditor", "auditor"), at=AT)


def test_only_auditors_replay_and_numbers_tell_nothing(user_of: Callable[..., Any]) -> None:
    sealed = decide(an_offer())
    with pytest.raises(NotAllowed):
        replay(str(sealed.decision_id), acting_user=user_of("admin", "admin"), at=AT)
    for name in ("999999", "not-a-number", "0' OR '1'='1", "１", "9" * 40, "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(NotFound):
            replay(name, acting_user=user_of("auditor", "auditor"), at=AT)


def test_erasure_leaves_the_tree_whole_and_nothing_else(user_of: Callable[..., Any]) -> None:
    sealed, other = decide(an_offer()), decide(an_offer("P00000013"))
    admin, auditor = user_of("admin", "admin"), user_of("auditor", "auditor")
    with pytest.raises(BadInput):
        erase(str(sealed.decision_id), ground=" ", acting_user=admin, at=AT)
    with pytest.raises(NotAllowed):
        erase(str(sealed.decision_id), ground="本人申请 2025-17", acting_user=auditor, at=AT)
    erase(str(sealed.decision_id), ground="本人申请 2025-17", acting_user=admin, at=AT)
    found = replay(str(sealed.decision_id), acting_user=auditor, at=AT)
    assert found.evidence is None and found.record["outcome"] == "offered"
    assert opening_of(str(sealed.decision_id)) is None
    assert Decision.objects.get(pk=sealed.decision_id).subject_key == ""
    event = SealedEvent.objects.get(kind="evidence.erased")
    assert (event.said("ground"), event.said("decision")) == ("本人申请 2025-17", str(sealed.decision_id))
    assert check_receipt(receipt_of(str(sealed.decision_id)), pinned_keys()) is not None, "the proof stands without the evidence"
    assert replay(str(other.decision_id), acting_user=auditor, at=AT).evidence is not None


def test_evidence_goes_when_its_years_are_over_and_not_before() -> None:
    sealed = decide(an_offer())
    made = Decision.objects.get(pk=sealed.decision_id).sealed_at
    assert erase_expired(made + timedelta(days=3 * 365)) == 0
    assert erase_expired(made + timedelta(days=3 * 366 + 1)) == 1
    assert erase_expired(made + timedelta(days=4 * 366)) == 0
    assert not Evidence.objects.exists()


def test_a_person_finds_their_own_and_nobody_else_s(user_of: Callable[..., Any]) -> None:
    mine, other = decide(an_offer("P00000012")), decide(an_offer("P00000013"))
    worker = user_of("worker", "w1", subject="P00000012")
    assert [d.pk for d in own_decisions(worker)] == [mine.decision_id]
    for name in (other.decision_id, mine.decision_id.__class__(int=0)):
        with pytest.raises(NotFound):
            own_decision(worker, name)
    assert not own_decisions(user_of("seeker", "s1")).exists(), "an account without a subject has no decisions"
    with pytest.raises(NotAllowed):
        own_decisions(user_of("analyst", "a1"))


def test_a_receipt_is_checked_with_the_pinned_key_alone() -> None:
    sealed = decide(an_offer())
    receipt = receipt_of(str(sealed.decision_id))
    assert leaf_of(str(sealed.decision_id)) == sealed.leaf_index == leaf_of(str(sealed.leaf_index))
    checked = check_receipt(receipt, pinned_keys())
    assert (checked.index, checked.size) == (sealed.leaf_index, sealed.leaf_index + 1)
    with pytest.raises(CheckFailed):
        check_receipt(receipt.replace(receipt.split("\n")[3], receipt.split("\n")[4], 1), pinned_keys())


@pytest.mark.django_db(transaction=True)
def test_the_head_is_kept_outside_the_database_once_committed() -> None:
    from leye.office.accounts.demo import make_demo_accounts
    from leye.office.registry.actions import install_cards

    make_demo_accounts()
    install_cards(AT, demo=True)
    decide(an_offer())
    file = checkpoint_file(Path(conf.LEYE_DATA))
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM trust_checkpoint ORDER BY size DESC, id DESC LIMIT 1")
        assert cursor.fetchone()[0] in file.read_text(encoding="utf-8")


def test_a_lost_signing_key_is_said_and_not_drawn_anew() -> None:
    decide(an_offer())
    file = Path(conf.LEYE_KEYS) / "log.key"
    file.unlink()
    with pytest.raises(BadInput) as refused:
        decide(an_offer())
    assert refused.value.code == "E_KEY_GONE" and not file.exists()
    assert pinned_keys(), "receipts still check with the published key"
