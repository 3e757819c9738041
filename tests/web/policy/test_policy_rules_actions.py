"""A bureau's own rule from draft to publication: four eyes, the text that was seen, nothing unsound into force, files as signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leye.kernel.errors import BadInput, CheckFailed, Conflict, NotAllowed, NotFound
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.rules import actions, active_packs, queries
from leye.office.rules.active import troubles
from leye.office.rules.checking import check_text
from leye.office.rules.folders import files_on_disk
from leye.office.rules.models import RuleDraft, State
from leye.policy import shipped
from tests_support.own_rules import GOOD, REGION

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(user_of: Callable[..., Any]) -> Any:
    return user_of("analyst")


@pytest.fixture
def auditor(user_of: Callable[..., Any]) -> Any:
    return user_of("auditor")


@pytest.fixture
def data(settings: Any) -> Path:
    return Path(settings.LEYE_DATA)


def saved(analyst: Any, at: datetime, text: str = GOOD, region: str = REGION) -> RuleDraft:
    return actions.save_draft(text, region=region, acting_user=analyst, at=at)


def signed(analyst: Any, auditor: Any, at: datetime, text: str = GOOD, region: str = REGION) -> RuleDraft:
    draft = saved(analyst, at, text, region)
    return actions.sign_draft(draft.pk, seen_sha256=draft.text_sha256, acting_user=auditor, at=at)


@pytest.fixture
def publish(django_capture_on_commit_callbacks: Any) -> Callable[..., RuleDraft]:
    def act(draft: RuleDraft, analyst: Any, at: datetime) -> RuleDraft:
        with django_capture_on_commit_callbacks(execute=True):
            return actions.publish_draft(draft.pk, acting_user=analyst, at=at)

    return act


def test_from_draft_to_force(analyst: Any, auditor: Any, at: datetime, data: Path, publish: Callable[..., RuleDraft]) -> None:
    draft = saved(analyst, at)
    assert (draft.policy, draft.name, draft.state, draft.revision) == ("own_grant", "求职交通补贴", State.DRAFT, 1)
    assert active_packs(data) is shipped(), "a draft changes nothing"
    actions.sign_draft(draft.pk, seen_sha256=draft.text_sha256, acting_user=auditor, at=at)
    assert active_packs(data) is shipped(), "nor does a signature"
    publish(draft, analyst, at)
    packs = active_packs(data)
    assert packs.policies["own_grant"].name == "求职交通补贴"
    assert files_on_disk(data, REGION) == {"own_grant": draft.text}
    assert active_packs(data) is packs, "the same object while no file changes"
    assert troubles(data) == ()
    assert [s.verb for s in draft.steps.all()] == ["saved", "signed", "published"]
    assert [s.leaf_index is not None for s in draft.steps.all()] == [False, True, True]
    assert [a.verb for a in AuditEntry.objects.filter(object_kind="ruledraft")] == ["rule.saved", "rule.signed", "rule.published"]
    assert OutboxEvent.objects.filter(name="rule.published", permission="policy.rules").count() == 1


def test_whoever_wrote_any_of_it_does_not_sign(analyst: Any, user_of: Callable[..., Any], at: datetime) -> None:
    second = user_of("analyst", username="second")
    draft = saved(analyst, at)
    for by in (analyst,):
        with pytest.raises(NotAllowed, match="E_RULE_OWN"):
            actions.sign_draft(draft.pk, seen_sha256=draft.text_sha256, acting_user=by, at=at)
    draft = actions.save_draft(GOOD.replace("80000", "70000"), draft_id=draft.pk, revision=1, acting_user=second, at=at)
    with pytest.raises(NotAllowed, match="E_RULE_OWN"):
        actions.sign_draft(draft.pk, seen_sha256=draft.text_sha256, acting_user=second, at=at)
    third = user_of("analyst", username="third")
    assert queries.next_steps(second, draft) == ["save", "withdraw"]
    assert queries.next_steps(third, draft) == ["save", "sign", "send_back", "withdraw"]


def test_only_the_text_that_was_seen_is_signed(analyst: Any, auditor: Any, at: datetime) -> None:
    draft = saved(analyst, at)
    seen = draft.text_sha256
    actions.save_draft(GOOD.replace("500元", "五百元"), draft_id=draft.pk, revision=1, acting_user=analyst, at=at)
    with pytest.raises(Conflict, match="E_RULE_STALE"):
        actions.sign_draft(draft.pk, seen_sha256=seen, acting_user=auditor, at=at)


def test_two_who_change_at_once_do_not_overwrite_each_other(analyst: Any, at: datetime) -> None:
    draft = saved(analyst, at)
    actions.save_draft(GOOD + "# 甲\n", draft_id=draft.pk, revision=1, acting_user=analyst, at=at)
    with pytest.raises(Conflict, match="E_RULE_STALE"):
        actions.save_draft(GOOD + "# 乙\n", draft_id=draft.pk, revision=1, acting_user=analyst, at=at)
    draft.refresh_from_db()
    assert "甲" in draft.text


def test_a_signed_text_that_is_changed_needs_its_signature_anew(analyst: Any, auditor: Any, at: datetime) -> None:
    draft = signed(analyst, auditor, at)
    draft = actions.save_draft(GOOD + "# 改了一处\n", draft_id=draft.pk, revision=1, acting_user=analyst, at=at)
    assert (draft.state, draft.signed_by, draft.signed_sha256) == (State.DRAFT, None, "")
    with pytest.raises(Conflict, match="E_RULE_STEP"):
        actions.publish_draft(draft.pk, acting_user=analyst, at=at)


def test_a_text_tampered_with_behind_the_signature_is_not_published(analyst: Any, auditor: Any, at: datetime) -> None:
    draft = signed(analyst, auditor, at)
    text = draft.text.replace("80000", "90000")
    from leye.office.rules.checking import sha256_of

    RuleDraft.objects.filter(pk=draft.pk).update(text=text, text_sha256=sha256_of(text))
    with pytest.raises(Conflict, match="E_RULE_STALE"):
        actions.publish_draft(draft.pk, acting_user=analyst, at=at)


UNSOUND = [
    (GOOD.replace("say: 已登记失业}", "}").replace(", }", "}"), "a clause without its sentence"),
    (GOOD.replace("amount_fen: 80000}", "amount_fen: 80001}"), "a case that comes out otherwise"),
    (GOOD.replace("    unit: once", "   unit: once"), "not YAML"),
    ("", "an empty text"),
]


@pytest.mark.parametrize(("text", "why"), UNSOUND, ids=[u[-1] for u in UNSOUND])
def test_nothing_unsound_is_signed(text: str, why: str, analyst: Any, auditor: Any, at: datetime) -> None:
    draft = saved(analyst, at, text)
    with pytest.raises(CheckFailed, match="E_RULE_CHECK"):
        actions.sign_draft(draft.pk, seen_sha256=draft.text_sha256, acting_user=auditor, at=at)


def test_a_newer_one_replaces_the_old_and_a_withdrawal_takes_the_file_away(
    analyst: Any, auditor: Any, at: datetime, data: Path, publish: Callable[..., RuleDraft], django_capture_on_commit_callbacks: Any
) -> None:
    old = publish(signed(analyst, auditor, at), analyst, at)
    text = GOOD.replace("50000}}}", "60000}}}").replace("amount_fen: 50000", "amount_fen: 60000")
    new = publish(signed(analyst, auditor, at, text), analyst, at + timedelta(days=1))
    old.refresh_from_db()
    assert (old.state, new.state) == (State.SUPERSEDED, State.PUBLISHED)
    assert "60000" in files_on_disk(data, REGION)["own_grant"]
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw_draft(new.pk, reason="文件废止了", acting_user=analyst, at=at)
    assert files_on_disk(data, REGION) == {}
    assert active_packs(data) is shipped()
    with pytest.raises(Conflict, match="E_RULE_STEP"):
        actions.withdraw_draft(new.pk, reason="再撤一次", acting_user=analyst, at=at)


def test_a_version_of_a_national_policy_holds_in_its_place_only(
    analyst: Any, auditor: Any, at: datetime, data: Path, publish: Callable[..., RuleDraft]
) -> None:
    text = """policy: skill_up
source: [测试文件]
versions:
  - from: 2025-01-01
    to: 2025-12-31
    region: CN-4403
    who: {when: cert_level == 5, say: 初级工}
    unit: once
    amount_fen: 90000
tests:
  - {name: 例, on: 2025-07-15, facts: {region: CN-4403, cert_level: 5}, expect: {verdict: 符合, amount_fen: 90000}}
"""
    publish(signed(analyst, auditor, at, text), analyst, at)
    from leye.policy import Evaluator, bind

    packs = active_packs(data)
    there = Evaluator(bind(packs, date(2025, 7, 15), "CN-440305"))
    elsewhere = Evaluator(bind(packs, date(2025, 7, 15), "CN-4401"))
    assert there.answer(there.env({"cert_level": 5}), "skill_up").verdict is True
    assert elsewhere.answer(elsewhere.env({"cert_level": 5}), "skill_up").verdict is None
    assert packs.policies["skill_up"].name == shipped().policies["skill_up"].name


def test_an_id_in_use_in_another_place_is_refused(analyst: Any, auditor: Any, at: datetime, publish: Callable[..., RuleDraft]) -> None:
    publish(signed(analyst, auditor, at), analyst, at)
    other = signed(analyst, auditor, at, GOOD.replace("CN-4403", "CN-4401").replace("CN-440305", "CN-440106"), "CN-4401")
    with pytest.raises(Conflict, match="E_RULE_ID"):
        actions.publish_draft(other.pk, acting_user=analyst, at=at)


def test_two_policies_of_one_place_are_checked_together(
    analyst: Any, auditor: Any, at: datetime, data: Path, publish: Callable[..., RuleDraft]
) -> None:
    publish(signed(analyst, auditor, at), analyst, at)
    publish(signed(analyst, auditor, at, GOOD.replace("own_grant", "own_other")), analyst, at)
    assert set(files_on_disk(data, REGION)) == {"own_grant", "own_other"}
    clash = GOOD.replace("own_grant", "own_third").replace("tests:\n", "exclusive: [{group: social_insurance_subsidy, rule: choose}]\ntests:\n")
    assert "E_EXCLUSION_RULE" in {f.code for f in check_text(clash, REGION, data).findings}


def test_a_file_lost_from_the_disk_is_seen_and_written_again(
    analyst: Any, auditor: Any, at: datetime, data: Path, publish: Callable[..., RuleDraft]
) -> None:
    draft = publish(signed(analyst, auditor, at), analyst, at)
    assert queries.unwritten() == []
    file = next((data / "packs").rglob("own_grant.yaml"))
    file.write_text(draft.text.replace("80000", "99999"), encoding="utf-8")
    assert queries.unwritten() == [draft]
    actions.write_region(REGION)
    assert queries.unwritten() == []


def test_a_broken_folder_is_left_aside_and_named(data: Path) -> None:
    folder = data / "packs" / "hand"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text("pack: hand\nname: 手放的\nregion: CN-4403\nextends: cn\n", encoding="utf-8")
    (folder / "own_grant.yaml").write_text(GOOD.replace("hard_to_employ", "hard_to_emply"), encoding="utf-8")
    assert active_packs(data).policies.keys() == shipped().policies.keys()
    assert [(t.pack, t.error.code) for t in troubles(data)] == [("hand", "E_FACT_UNKNOWN")]


BAD_PLACES = [("CN", "the nation is not a bureau's"), ("440300", "digits alone"), ("", "none"), ("CN-4403/../x", "a path")]


@pytest.mark.parametrize(("region", "why"), BAD_PLACES, ids=[b[-1] for b in BAD_PLACES])
def test_a_place_that_is_none_is_refused(region: str, why: str, analyst: Any, at: datetime) -> None:
    with pytest.raises(BadInput, match="E_RULE_REGION"):
        saved(analyst, at, region=region)


def test_a_district_writes_for_its_district(user_of: Callable[..., Any], at: datetime) -> None:
    local = user_of("analyst", region="440305")
    with pytest.raises(NotAllowed, match="E_RULE_PLACE"):
        saved(local, at, region="CN-4401")
    own = saved(local, at, region="CN-440305")
    stranger = user_of("analyst", region="440106")
    with pytest.raises(NotFound):
        queries.draft_called(stranger, own.pk)
    with pytest.raises(NotFound):
        actions.withdraw_draft(own.pk, reason="不是我的", acting_user=stranger, at=at)


@pytest.mark.parametrize("role", ["counsellor", "seeker", "admin", "auditor"])
def test_others_do_not_write(role: str, user_of: Callable[..., Any], at: datetime) -> None:
    with pytest.raises(NotAllowed):
        saved(user_of(role), at)


def test_a_policy_id_that_is_a_path_stays_inside(analyst: Any, auditor: Any, at: datetime, data: Path) -> None:
    text = GOOD.replace("policy: own_grant", "policy: ../../escape")
    assert {f.code for f in check_text(text, REGION, data).findings} >= {"E_FILE_NAME"}
    draft = saved(analyst, at, text)
    with pytest.raises(CheckFailed, match="E_RULE_CHECK"):
        actions.sign_draft(draft.pk, seen_sha256=draft.text_sha256, acting_user=auditor, at=at)
    assert not list(data.rglob("escape*"))


def test_a_text_too_long_is_refused(analyst: Any, at: datetime) -> None:
    with pytest.raises(BadInput, match="E_RULE_TEXT"):
        saved(analyst, at, GOOD + "# 字\n" * 60_000)
