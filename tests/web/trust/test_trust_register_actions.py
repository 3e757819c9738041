"""The life of a version in the office: who may, what is refused and why, what is left behind, and that no other name helps a barred one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from leye.kernel.errors import BadInput, CheckFailed, Conflict, LeyeError, NotAllowed, NotFound
from leye.office.decisions.gate import decide
from leye.office.decisions.ledger import open_log
from leye.office.decisions.models import Decision, SealedEvent
from leye.office.decisions.refusals import GateRefused
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.registry import actions, incidents, registering, sandboxes, spot_checks
from leye.office.registry.models import Incident, Signature, SpotCheck, SpotItem, Transition, Version
from leye.office.registry.queries import is_barred_from_subsidies
from leye.office.registry.shipped import install_cards
from leye.trust.registry.sampling import draw_sample
from leye.trust.registry.sandbox import Metric, Plan
from tests_support.cards import CODE, card_text, code
from tests_support.decisions import an_offer

pytestmark = pytest.mark.django_db
AT = datetime(2025, 9, 1, 1, 30, tzinfo=UTC)  # 09:30 in Beijing
Make = Callable[..., Any]
WHY = "按年度计划办理"


@pytest.fixture
def people(user_of: Make) -> dict[str, Any]:
    return {
        "admin": user_of("admin"),
        "operator": user_of("operator"),
        "auditor": user_of("auditor", mandate="职工代表"),
        "plain_auditor": user_of("auditor", username="plain"),
        "analyst": user_of("analyst"),
    }


@pytest.fixture
def draft(people: dict[str, Any]) -> Version:
    return registering.register_version(card_text(), code(), file="card.yaml", acting_user=people["operator"], at=AT)


def to_running(version: Version, people: dict[str, Any]) -> Version:
    actions.assess(version.pk, reason=WHY, acting_user=people["operator"], at=AT)
    actions.sign(version.pk, acting_user=people["operator"], at=AT)
    actions.sign(version.pk, acting_user=people["auditor"], at=AT)
    actions.file(version.pk, number="粤备-1", on=None, reason=WHY, acting_user=people["operator"], at=AT)
    actions.launch(version.pk, reason=WHY, acting_user=people["operator"], at=AT)
    version.refresh_from_db()
    return version


def an_outcome(**changes: Any) -> Any:
    return replace(
        an_offer(features=("zone", "distance_m"), inputs={"zone": "440605-01", "distance_m": 320}), algo="test.ranker", version="1.0", **changes
    )


def test_the_whole_way_leaves_a_transition_an_audit_entry_an_event_and_a_leaf_each(draft: Version, people: dict[str, Any]) -> None:
    version = to_running(draft, people)
    ways = [(t.from_state, t.to_state) for t in version.transitions.all()]
    assert ways == [("", "draft"), ("draft", "assessed"), ("assessed", "filed"), ("filed", "running")]
    assert AuditEntry.objects.filter(verb="registry.transition").count() == OutboxEvent.objects.filter(name="registry.transition").count() == 4
    for transition in version.transitions.all():
        leaf = json.loads(open_log().record(transition.leaf_index))
        said = leaf["payload"]
        assert (leaf["kind"], said["from_state"], said["to_state"]) == ("registry.transition", transition.from_state, transition.to_state)
        assert said["why"] == hashlib.sha256(transition.reason.encode()).hexdigest(), "only the hash of free text is sealed"
        assert said["document"] == transition.document_hash and len(transition.document_hash) == 64
        assert (said["identity"], said["by"], said["role"]) == (version.version_hash, people["operator"].pk, "operator")
    assert SealedEvent.objects.filter(kind="registry.signed").count() == 2
    assert decide(an_outcome()).leaf_index == open_log().size() - 1


ROLES = [
    # action, role, error code
    ("assess", "analyst", "E_NOT_ALLOWED"),
    ("assess", "auditor", "E_NOT_ALLOWED"),
    ("sign", "analyst", "E_NOT_ALLOWED"),
    ("file", "auditor", "E_NOT_ALLOWED"),
    ("suspend", "analyst", "E_NOT_ALLOWED"),
]


@pytest.mark.parametrize(("verb", "role", "error"), ROLES)
def test_steps_are_refused_to_other_roles(verb: str, role: str, error: str, draft: Version, people: dict[str, Any]) -> None:
    before = open_log().size(), Transition.objects.count()
    more = {"sign": {}, "file": {"number": "1", "on": None, "reason": WHY}}.get(verb, {"reason": WHY})
    with pytest.raises(NotAllowed) as refused:
        getattr(actions, verb)(draft.pk, acting_user=people[role], at=AT, **more)
    assert refused.value.code == error
    assert (open_log().size(), Transition.objects.count()) == before


def test_an_unknown_version_does_not_exist(people: dict[str, Any]) -> None:
    with pytest.raises(NotFound):
        actions.assess(999, reason=WHY, acting_user=people["admin"], at=AT)


def test_the_review_is_signed_by_two_people_one_of_them_for_the_workers(draft: Version, people: dict[str, Any]) -> None:
    with pytest.raises(Conflict):
        actions.sign(draft.pk, acting_user=people["operator"], at=AT)  # nothing assessed yet
    actions.assess(draft.pk, reason=WHY, acting_user=people["operator"], at=AT)
    with pytest.raises(NotAllowed) as refused:
        actions.sign(draft.pk, acting_user=people["plain_auditor"], at=AT)
    assert refused.value.code == "E_REGISTRY_MANDATE"
    actions.sign(draft.pk, acting_user=people["operator"], at=AT)
    for again in ("operator", "admin"):
        with pytest.raises(Conflict) as twice:
            actions.sign(draft.pk, acting_user=people[again], at=AT)
        assert twice.value.code == "E_REGISTRY_SIGNED"
    actions.file(draft.pk, number="", on=date(2025, 9, 1), reason=WHY, acting_user=people["admin"], at=AT)
    with pytest.raises(Conflict) as unsigned:
        actions.launch(draft.pk, reason=WHY, acting_user=people["admin"], at=AT)
    assert unsigned.value.code == "E_REGISTRY_UNSIGNED" and "职工代表" in unsigned.value.zh
    actions.sign(draft.pk, acting_user=people["auditor"], at=AT)
    actions.launch(draft.pk, reason=WHY, acting_user=people["admin"], at=AT)
    signed = Signature.objects.filter(version=draft)
    assert {s.side: s.mandate for s in signed} == {"operator": "", "workers": "职工代表"}
    assert len({s.document_hash for s in signed}) == 1, "both signed the same paper"


def test_after_a_suspension_the_review_is_signed_anew_and_the_filing_given_anew(draft: Version, people: dict[str, Any]) -> None:
    version = to_running(draft, people)
    actions.suspend(version.pk, reason="投诉核实中", acting_user=people["auditor"], at=AT)
    with pytest.raises(GateRefused) as stopped:
        decide(an_outcome())
    assert stopped.value.code == "E_GATE_SUSPENDED"
    with pytest.raises(Conflict):
        actions.launch(version.pk, reason=WHY, acting_user=people["admin"], at=AT)
    actions.assess(version.pk, reason=WHY, acting_user=people["operator"], at=AT)
    with pytest.raises(Conflict) as unfiled:
        actions.file(version.pk, number="", on=None, reason=WHY, acting_user=people["operator"], at=AT)
    assert unfiled.value.code == "E_REGISTRY_UNFILED"
    actions.file(version.pk, number="粤备-2", on=None, reason=WHY, acting_user=people["operator"], at=AT)
    with pytest.raises(Conflict) as unsigned:
        actions.launch(version.pk, reason=WHY, acting_user=people["operator"], at=AT)
    assert unsigned.value.code == "E_REGISTRY_UNSIGNED", "signatures of the first round do not count"


def test_reasons_say_something(draft: Version, people: dict[str, Any]) -> None:
    for bad in ("", "  ", "嗯"):
        with pytest.raises(BadInput):
            actions.assess(draft.pk, reason=bad, acting_user=people["operator"], at=AT)


def register(people: dict[str, Any], text: str = CODE, **changes: Any) -> Version:
    return registering.register_version(card_text(**changes), code(text, "anything.py"), file="card.yaml", acting_user=people["operator"], at=AT)


RENAMED = [
    ({"algo": "fresh.name", "version": "9"}, CODE, "another name and version"),
    ({"algo": "fresh.name"}, "# harmless\n" + CODE, "and a comment"),
    ({"algo": "fresh.name"}, CODE.replace('"""A ranking of orders."""', "pass"), "and another docstring"),
    ({"algo": "fresh.name", "config": {"BORDER": 2, "unused": 1}}, CODE, "and a setting more"),
]


@pytest.mark.parametrize("state", ["suspended", "blacklisted"])
@pytest.mark.parametrize(("changes", "text", "why"), RENAMED, ids=[r[-1] for r in RENAMED])
def test_a_barred_version_comes_in_under_no_other_name(
    state: str, changes: dict[str, Any], text: str, why: str, draft: Version, people: dict[str, Any]
) -> None:
    version = to_running(draft, people)
    actions.suspend(version.pk, reason=WHY, acting_user=people["admin"], at=AT)
    if state == "blacklisted":
        actions.blacklist(version.pk, reason=WHY, acting_user=people["admin"], at=AT)
    with pytest.raises(CheckFailed) as refused:
        register(people, text, **changes)
    assert refused.value.code == "E_REGISTRY_BARRED"
    assert Version.objects.count() == 1


def test_a_barred_program_hidden_in_a_larger_one_is_found(draft: Version, people: dict[str, Any]) -> None:
    version = to_running(draft, people)
    actions.suspend(version.pk, reason=WHY, acting_user=people["admin"], at=AT)
    hidden = [*code(CODE, "inner.py"), *code("def extra():\n    return 1\n" * 30, "outer.py")]
    with pytest.raises(CheckFailed) as refused:
        registering.register_version(card_text(algo="fresh.name"), hidden, file="c", acting_user=people["operator"], at=AT)
    assert refused.value.code == "E_REGISTRY_BARRED"


def test_the_mended_code_of_a_suspended_algorithm_is_a_new_version_of_it(draft: Version, people: dict[str, Any]) -> None:
    version = to_running(draft, people)
    actions.suspend(version.pk, reason=WHY, acting_user=people["admin"], at=AT)
    mended = register(people, CODE.replace("-idle_s", "idle_s"), version="1.1")
    assert (mended.state, mended.algo) == ("draft", "test.ranker")


def test_nothing_is_registered_twice(draft: Version, people: dict[str, Any]) -> None:
    for changes, text in (({"algo": "fresh.name"}, CODE), ({}, CODE.replace("-idle_s", "idle_s"))):
        with pytest.raises(Conflict) as refused:
            register(people, text, **changes)
        assert refused.value.code == "E_REGISTRY_THERE"


def test_a_card_that_fails_its_linter_is_not_registered(people: dict[str, Any]) -> None:
    with pytest.raises(CheckFailed) as refused:
        register(people, CODE + "\ndef f(rider):\n    return rider.gait\n")
    assert refused.value.code == "E_CARD_LINT" and refused.value.places[0].row == CODE.count("\n") + 3
    assert not Version.objects.exists()


def test_the_blacklist_bars_the_owner_from_subsidies_and_is_not_an_operators_to_decide(draft: Version, people: dict[str, Any]) -> None:
    version = to_running(draft, people)
    assert not is_barred_from_subsidies(version.owner_id)
    with pytest.raises(NotAllowed):
        actions.blacklist(version.pk, reason=WHY, acting_user=people["operator"], at=AT)
    actions.blacklist(version.pk, reason=WHY, acting_user=people["auditor"], at=AT)
    assert is_barred_from_subsidies(version.owner_id) and is_barred_from_subsidies(version.owner)
    assert not is_barred_from_subsidies("") and not is_barred_from_subsidies("91440600MA00000X06")
    with pytest.raises(NotAllowed):
        actions.assess(version.pk, reason=WHY, acting_user=people["operator"], at=AT)
    actions.assess(version.pk, reason="整改验收通过", acting_user=people["admin"], at=AT)
    assert not is_barred_from_subsidies(version.owner_id)


# pilots


PLAN = Plan(2, date(2025, 9, 30), (Metric("complaints", "投诉率", "complaints", 0.05, True),))


@pytest.fixture
def pilot(draft: Version, people: dict[str, Any]) -> Version:
    actions.assess(draft.pk, reason=WHY, acting_user=people["operator"], at=AT)
    sandboxes.set_sandbox(draft.pk, PLAN, acting_user=people["operator"], at=AT)
    for who in ("operator", "auditor"):
        actions.sign(draft.pk, acting_user=people[who], at=AT)
    actions.launch(draft.pk, reason=WHY, acting_user=people["operator"], at=AT)
    return Version.objects.get(pk=draft.pk)


def test_a_pilot_runs_unfiled_for_so_many_people_and_until_its_end(pilot: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEYE_NOW", "2025-09-02T09:00:00+08:00")
    for person in ("P00000001", "P00000002", "P00000001"):
        decide(replace(an_outcome(), subject=replace(an_outcome().subject, id=person)))
    with pytest.raises(GateRefused) as full:
        decide(replace(an_outcome(), subject=replace(an_outcome().subject, id="P00000003")))
    assert full.value.code == "E_GATE_SANDBOX"
    monkeypatch.setenv("LEYE_NOW", "2025-10-01T00:00:01+08:00")
    with pytest.raises(GateRefused) as over:
        decide(replace(an_outcome(), subject=replace(an_outcome().subject, id="P00000001")))
    assert over.value.code == "E_GATE_EXPIRED"


def test_a_metric_past_its_limit_stops_the_pilot_at_once(pilot: Version, people: dict[str, Any]) -> None:
    sandboxes.record_metric(pilot.pk, "complaints", 0.05, acting_user=people["auditor"], at=AT)
    pilot.refresh_from_db()
    assert pilot.state == "running", "the limit itself is allowed"
    sandboxes.record_metric(pilot.pk, "complaints", 0.051, acting_user=people["auditor"], at=AT)
    pilot = Version.objects.get(pk=pilot.pk)
    last = pilot.transitions.last()
    assert (pilot.state, pilot.sandbox.verdict, last.by) == ("suspended", "stopped", None)
    assert "投诉率" in last.reason
    with pytest.raises(Conflict):
        sandboxes.record_metric(pilot.pk, "complaints", 0.01, acting_user=people["auditor"], at=AT)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_metrics_are_numbers_of_the_plan(value: float, pilot: Version, people: dict[str, Any]) -> None:
    for metric, number in (("complaints", value), ("unheard", 1.0)):
        with pytest.raises(BadInput):
            sandboxes.record_metric(pilot.pk, metric, number, acting_user=people["auditor"], at=AT)


def test_a_passed_pilot_goes_on_to_the_filing_and_then_runs_without_its_cap(pilot: Version, people: dict[str, Any]) -> None:
    sandboxes.conclude(pilot.pk, is_passed=True, note="三十天无投诉", acting_user=people["admin"], at=AT)
    pilot = Version.objects.get(pk=pilot.pk)
    assert pilot.state == "assessed"
    actions.file(pilot.pk, number="粤备-3", on=None, reason=WHY, acting_user=people["admin"], at=AT)
    actions.launch(pilot.pk, reason=WHY, acting_user=people["admin"], at=AT)
    for person in ("P00000001", "P00000002", "P00000003"):
        decide(replace(an_outcome(), subject=replace(an_outcome().subject, id=person)))


def test_a_frame_may_change_while_the_pilot_runs_not_without_one(pilot: Version, people: dict[str, Any]) -> None:
    sandboxes.set_sandbox(pilot.pk, replace(PLAN, max_subjects=5), acting_user=people["admin"], at=AT)
    sandboxes.conclude(pilot.pk, is_passed=False, note="效果不明显", acting_user=people["admin"], at=AT)
    with pytest.raises(Conflict):
        sandboxes.set_sandbox(pilot.pk, PLAN, acting_user=people["admin"], at=AT)


# spot checks and incidents


@pytest.fixture
def decided(draft: Version, people: dict[str, Any]) -> Version:
    version = to_running(draft, people)
    for number in range(12):
        offer = an_outcome(at=AT + timedelta(minutes=number), region="440605" if number % 2 else "440606")
        decide(replace(offer, subject=replace(offer.subject, id=f"P{number:08d}")))
    return version


def test_a_spot_check_can_be_drawn_again_and_is_judged_one_by_one(decided: Version, people: dict[str, Any]) -> None:
    check = spot_checks.draw_spot_check(decided.pk, size=5, acting_user=people["auditor"], at=AT)
    places = list(Decision.objects.filter(algo="test.ranker").values_list("leaf_index", flat=True))
    drawn = [i.place for i in check.items.all()]
    assert drawn == draw_sample(places, size=5, seed=check.seed)
    leaf = json.loads(open_log().record(check.leaf_index))["payload"]
    assert (leaf["seed"], leaf["drawn"], leaf["population"]) == (check.seed, drawn, 12)
    for place in drawn[:4]:
        spot_checks.judge(check.pk, place, found="sound", note="", acting_user=people["auditor"], at=AT)
    assert spot_checks.result_of(check)["wrong_at_most"] is None
    with pytest.raises(BadInput):
        spot_checks.judge(check.pk, drawn[4], found="wrong", note="", acting_user=people["auditor"], at=AT)
    spot_checks.judge(check.pk, drawn[4], found="wrong", note="距离与事实不符", acting_user=people["auditor"], at=AT)
    with pytest.raises(Conflict):
        spot_checks.judge(check.pk, drawn[4], found="sound", note="", acting_user=people["admin"], at=AT)
    check = SpotCheck.objects.get(pk=check.pk)
    assert check.closed_at == AT and spot_checks.result_of(check) | {"wrong_at_most": 0} == {
        "size": 5, "open": 0, "sound": 4, "doubtful": 0, "wrong": 1, "wrong_at_most": 0
    }  # fmt: skip
    assert SealedEvent.objects.get(kind="registry.spot_checked").payload["wrong"] == 1


def test_two_draws_differ(decided: Version, people: dict[str, Any]) -> None:
    first, second = (spot_checks.draw_spot_check(decided.pk, size=3, acting_user=people["auditor"], at=AT) for _ in range(2))
    assert first.seed != second.seed


def test_only_what_runs_and_has_decided_is_checked(draft: Version, people: dict[str, Any]) -> None:
    with pytest.raises(Conflict):
        spot_checks.draw_spot_check(draft.pk, acting_user=people["auditor"], at=AT)
    to_running(draft, people)
    with pytest.raises(Conflict) as empty:
        spot_checks.draw_spot_check(draft.pk, acting_user=people["auditor"], at=AT)
    assert empty.value.code == "E_REGISTRY_EMPTY"
    for size in (0, 10_000):
        with pytest.raises(BadInput):
            spot_checks.draw_spot_check(draft.pk, size=size, acting_user=people["auditor"], at=AT)
    assert not SpotItem.objects.exists()


def test_an_incident_fixes_the_decisions_of_its_window(decided: Version, people: dict[str, Any]) -> None:
    window = {"starts_at": AT + timedelta(minutes=2), "ends_at": AT + timedelta(minutes=6)}
    later = AT + timedelta(hours=1)
    incident = incidents.open_incident(decided.pk, **window, about="暴雨中连续误派", acting_user=people["operator"], at=later)
    traced = set(incidents.trace(decided, **window))
    expected = {d.leaf_index for d in Decision.objects.filter(algo="test.ranker") if window["starts_at"] <= d.at < window["ends_at"]}
    assert traced == expected and len(expected) == 4 == incidents.count_of(incident.traced)
    there = incidents.open_incident(decided.pk, **window, about="同一时段一个片区", region="440605", acting_user=people["operator"], at=later)
    assert incidents.count_of(there.traced) == 2
    late = an_outcome(at=window["starts_at"] + timedelta(seconds=1))
    decide(late)
    assert incidents.count_of(Incident.objects.get(pk=incident.pk).traced) == 4, "what comes later does not change the trace"
    incidents.close_incident(incident.pk, result="改正预估时间，重新评估", acting_user=people["operator"], at=later)
    with pytest.raises(Conflict):
        incidents.close_incident(incident.pk, result="再办一次", acting_user=people["operator"], at=later)


def test_windows_turned_round_or_ahead_are_refused(decided: Version, people: dict[str, Any]) -> None:
    for starts_at, ends_at in ((AT, AT), (AT + timedelta(hours=1), AT), (AT + timedelta(days=1), AT + timedelta(days=2))):
        with pytest.raises(LeyeError) as refused:
            incidents.open_incident(decided.pk, starts_at=starts_at, ends_at=ends_at, about="写错的时段", acting_user=people["operator"], at=AT)
        assert refused.value.code == "E_WINDOW"


# shipped cards


def test_in_production_shipped_cards_are_drafts_and_the_gate_refuses_them(db: None) -> None:
    assert {v.state for v in install_cards(AT, demo=False)} == {"draft"}
    with pytest.raises(GateRefused) as refused:
        decide(an_offer())
    assert refused.value.code == "E_GATE_NOT_RUNNING"
    assert install_cards(AT, demo=False) == [], "running it again changes nothing"


def test_in_a_demo_they_run_signed_by_two_accounts(register: Any) -> None:
    for version in Version.objects.all():
        assert (version.state, version.is_own, version.is_installed) == ("running", True, True)
        assert {s.by.username for s in version.signatures.select_related("by")} == {"admin", "auditor"}
        assert "演示" in version.filing_number
    before = open_log().size()
    assert install_cards(AT, demo=True) == [] and open_log().size() == before


def test_a_suspended_one_is_not_launched_again_by_the_next_start(register: Any, people: dict[str, Any]) -> None:
    from leye.office.registry.models import Revision

    version = Version.objects.get(algo="watch.scan")
    actions.suspend(version.pk, reason=WHY, acting_user=people["admin"], at=AT)
    Revision.objects.update(installed="")
    assert install_cards(AT, demo=True) == []
    assert Version.objects.get(algo="watch.scan").state == "suspended"


def test_changed_code_is_a_new_version_and_the_one_that_runs(register: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from leye.office.registry import shipped
    from leye.office.registry.cards import running_version
    from leye.office.registry.models import Revision
    from leye.trust.registry import Source, sources_of

    monkeypatch.setattr(shipped, "sources_of", lambda card, roots: [*sources_of(card, roots), Source("more.py", f"{card.algo.split('.')[1]} = 1")])
    Revision.objects.update(installed="")
    new = {v.algo: v for v in install_cards(AT, demo=False)}
    label = new["watch.scan"].version
    assert label.startswith("1.2+") and new["watch.scan"].state == "draft"
    assert running_version("watch.scan") == label, "the code that is here is what would run, and the gate refuses it until it is assessed"
    assert Version.objects.filter(algo="watch.scan", is_installed=True).count() == 1
    assert Version.objects.get(algo="watch.scan", version="1.2").state == "running", "until the new one is launched"


def test_in_a_demo_changed_code_runs_and_the_replaced_version_no_longer_does(register: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from leye.office.registry import shipped
    from leye.office.registry.models import Revision
    from leye.trust.registry import Source, sources_of

    monkeypatch.setattr(shipped, "sources_of", lambda card, roots: [*sources_of(card, roots), Source("more.py", f"{card.algo.split('.')[1]} = 1")])
    Revision.objects.update(installed="")
    new = {v.algo: Version.objects.get(pk=v.pk) for v in install_cards(AT, demo=True)}
    assert {v.state for v in new.values()} == {"running"}
    old = Version.objects.get(algo="watch.scan", version="1.2")
    assert old.state == "suspended" and "接替" in old.transitions.last().reason


# copies that came in before their original was barred


def a_running_copy(people: dict[str, Any], **changes: Any) -> Version:
    copy = register(people, CODE, **changes)
    return to_running(copy, people)


def test_what_runs_a_blacklisted_versions_code_stops_with_it(draft: Version, people: dict[str, Any]) -> None:
    version = to_running(draft, people)
    other_settings = a_running_copy(people, version="1.1", config={"BORDER": 2, "extra": 1})
    other_name = a_running_copy(people, algo="fresh.name", config={"BORDER": 2, "extra": 2})
    actions.blacklist(version.pk, reason=WHY, acting_user=people["admin"], at=AT)
    for copy in (other_settings, other_name):
        copy.refresh_from_db()
        assert copy.state == "suspended" and "同一份代码" in copy.transitions.last().reason
        with pytest.raises(CheckFailed) as refused:
            actions.assess(copy.pk, reason=WHY, acting_user=people["admin"], at=AT)
        assert refused.value.code == "E_REGISTRY_BARRED"


def test_a_suspension_stops_copies_under_other_names_not_the_algorithms_other_settings(draft: Version, people: dict[str, Any]) -> None:
    version = to_running(draft, people)
    other_settings = a_running_copy(people, version="1.1", config={"BORDER": 2, "extra": 1})
    other_name = a_running_copy(people, algo="fresh.name", config={"BORDER": 2, "extra": 2})
    actions.suspend(version.pk, reason=WHY, acting_user=people["admin"], at=AT)
    states = {v.algo + v.version: v.state for v in Version.objects.all()}
    assert states == {"test.ranker1.0": "suspended", "test.ranker1.1": "running", "fresh.name1.0": "suspended"}
    assert other_settings.pk != other_name.pk


@pytest.mark.parametrize("at_state", ["draft", "assessed", "filed"])
def test_a_waiting_copy_goes_no_further(at_state: str, draft: Version, people: dict[str, Any]) -> None:
    version = to_running(draft, people)
    copy = register(people, CODE, algo="fresh.name", config={"BORDER": 2, "extra": 1})
    steps = {
        "draft": lambda: actions.assess(copy.pk, reason=WHY, acting_user=people["admin"], at=AT),
        "assessed": lambda: actions.file(copy.pk, number="1", on=None, reason=WHY, acting_user=people["admin"], at=AT),
        "filed": lambda: actions.launch(copy.pk, reason=WHY, acting_user=people["admin"], at=AT),
    }
    for state, step in steps.items():
        if state == at_state:
            break
        step()
    for who in ("admin", "auditor") if at_state == "filed" else ():
        actions.sign(copy.pk, acting_user=people[who], at=AT)
    actions.blacklist(version.pk, reason=WHY, acting_user=people["admin"], at=AT)
    with pytest.raises(CheckFailed) as refused:
        steps[at_state]()
    assert refused.value.code == "E_REGISTRY_BARRED"
    assert Version.objects.get(pk=copy.pk).state == at_state


def test_other_settings_are_a_way_out_of_a_suspension_not_of_the_blacklist(draft: Version, people: dict[str, Any]) -> None:
    version = to_running(draft, people)
    actions.suspend(version.pk, reason=WHY, acting_user=people["admin"], at=AT)
    with pytest.raises(CheckFailed) as same:
        register(people, CODE, version="1.1")
    assert same.value.code == "E_REGISTRY_BARRED"
    assert register(people, CODE, version="1.1", config={"BORDER": 2, "extra": 1}).state == "draft"
    actions.blacklist(version.pk, reason=WHY, acting_user=people["admin"], at=AT)
    with pytest.raises(CheckFailed) as blacklisted:
        register(people, CODE, version="1.2", config={"BORDER": 2, "extra": 2})
    assert blacklisted.value.code == "E_REGISTRY_BARRED"
