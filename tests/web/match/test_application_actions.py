"""Applications: who may take which step from where, what each leaves, and what two people at once come to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from leye.kernel.errors import BadInput, Conflict, LeyeError, NotAllowed, NotFound
from leye.office.applications.actions import apply, invite, move, share_contact, undo
from leye.office.applications.clock import close_quiet
from leye.office.applications.models import OPEN, Application, State, Step
from leye.office.applications.queries import case_of, desk_applications, firm_applications, own_applications
from leye.office.applications.states import FIRM, MOVES, PERSON
from leye.office.outbox.models import AuditEntry
from leye.office.privacy.models import ReadAccess
from leye.office.vacancies.actions import close, save
from leye.office.vacancies.models import Vacancy
from match_town import NOW, OTHER_SEEKER, SEEKER, TYPED

pytestmark = pytest.mark.django_db
START = date(2025, 9, 8)


@pytest.fixture
def sent(posted: Vacancy, seeker: Any) -> Application:
    return apply(SEEKER, str(posted.pk), acting_user=seeker, at=NOW, words="我做过六年会计", shares_contact=True)


def test_the_whole_way_to_a_hire_fills_the_post(sent: Application, employer: Any, seeker: Any) -> None:
    move(sent.pk, "take", acting_user=employer, at=NOW)
    move(sent.pk, "interview", acting_user=employer, at=NOW, words="周三下午两点，来公司")
    move(sent.pk, "offer", acting_user=employer, at=NOW, words="月薪七千，双休", start_on=START)
    hired = move(sent.pk, "accept", acting_user=seeker, at=NOW)
    vacancy = Vacancy.objects.get()
    assert (hired.state, hired.start_on) == ("accepted", START)
    assert (vacancy.filled, vacancy.state, vacancy.closing) == (1, "closed", "filled")
    assert [s.verb for s in sent.steps.all()] == ["sent", "take", "interview", "offer", "accept"]
    assert AuditEntry.objects.filter(verb__startswith="application.").count() == 5


def test_a_hire_that_falls_through_frees_the_post_and_pauses_the_vacancy(sent: Application, employer: Any, seeker: Any) -> None:
    move(sent.pk, "offer", acting_user=employer, at=NOW, words="月薪七千", start_on=START)
    move(sent.pk, "accept", acting_user=seeker, at=NOW)
    gone = move(sent.pk, "not_coming", acting_user=seeker, at=NOW)
    vacancy = Vacancy.objects.get()
    assert (gone.state, vacancy.filled, vacancy.state) == ("cancelled", 0, "paused")


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("verb", [*MOVES, "obsolete", "sent", "'; drop"])
def test_only_the_steps_of_the_table_lead_on(state: State, verb: str, sent: Application, employer: Any, seeker: Any) -> None:
    Application.objects.update(state=state)
    known = MOVES.get(verb)
    for user, side in ((employer, FIRM), (seeker, PERSON)):
        if known is not None and state in known.sources and known.side == side:
            continue
        with pytest.raises(Conflict) as caught:
            move(sent.pk, verb, acting_user=user, at=NOW, words="四个字以上", reason="skills", start_on=START)
        assert caught.value.code == "E_APPLICATION_STEP"
    assert Application.objects.get().state == state and Step.objects.count() == 1


def test_every_state_but_the_last_four_can_be_left_by_somebody() -> None:
    assert {s for m in MOVES.values() for s in m.sources} == {*OPEN, State.ACCEPTED}
    assert {m.to for m in MOVES.values()} | {State.NEW, State.INVITED, State.OBSOLETE} == set(State)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"reason": "", "words": "经验还差一些"}, "E_APPLICATION_REASON"),
        ({"reason": "too_old", "words": "经验还差一些"}, "E_APPLICATION_REASON"),
        ({"reason": "skills", "words": ""}, "E_APPLICATION_WORDS"),
        ({"reason": "skills", "words": "不要"}, "E_APPLICATION_WORDS"),
    ],
)
def test_a_refusal_names_a_reason_of_the_list_and_explains_it(asked: dict[str, str], code: str, sent: Application, employer: Any) -> None:
    with pytest.raises(BadInput) as caught:
        move(sent.pk, "refuse", acting_user=employer, at=NOW, **asked)
    assert caught.value.code == code and Application.objects.get().state == "new"


def test_the_person_reads_why(sent: Application, employer: Any, seeker: Any) -> None:
    move(sent.pk, "refuse", acting_user=employer, at=NOW, reason="certificate", words="这个岗位要中级会计证")
    case = case_of(seeker, sent.pk, NOW)
    assert (case.application.reason, case.steps[-1].words) == ("certificate", "这个岗位要中级会计证")
    assert b"\xe4\xb8\xad" not in bytes(case.steps[-1].step.sealed), "encrypted at rest"


def test_a_refusal_can_be_taken_back_on_the_same_day_by_who_took_it(sent: Application, employer: Any, seeker: Any) -> None:
    move(sent.pk, "refuse", acting_user=employer, at=NOW, reason="skills", words="技能还有差距")
    with pytest.raises(Conflict):
        undo(sent.pk, acting_user=seeker, at=NOW)
    with pytest.raises(Conflict):
        undo(sent.pk, acting_user=employer, at=NOW + timedelta(days=1))
    back = undo(sent.pk, acting_user=employer, at=NOW)
    assert (back.state, back.reason) == ("new", "") and Step.objects.filter(is_undone=True).count() == 1
    with pytest.raises(Conflict):
        undo(sent.pk, acting_user=employer, at=NOW)


def test_who_applied_anew_meanwhile_is_not_doubled_by_an_undo(sent: Application, posted: Vacancy, seeker: Any) -> None:
    move(sent.pk, "cancel", acting_user=seeker, at=NOW)
    apply(SEEKER, str(posted.pk), acting_user=seeker, at=NOW)
    with pytest.raises(Conflict) as caught:
        undo(sent.pk, acting_user=seeker, at=NOW)
    assert caught.value.code == "E_UNDO" and Application.objects.filter(state__in=OPEN).count() == 1


def test_twice_is_refused_and_an_invitation_is_answered(sent: Application, posted: Vacancy, seeker: Any, employer: Any) -> None:
    with pytest.raises(Conflict) as caught:
        apply(SEEKER, str(posted.pk), acting_user=seeker, at=NOW)
    assert caught.value.code == "E_APPLICATION_OPEN"
    asked = invite(OTHER_SEEKER, str(posted.pk), acting_user=employer, at=NOW, words="想请您来谈谈")
    assert asked.state == "invited"


def test_applying_to_an_invitation_says_yes_to_it(posted: Vacancy, seeker: Any, employer: Any) -> None:
    asked = invite(SEEKER, str(posted.pk), acting_user=employer, at=NOW, words="想请您来谈谈")
    assert case_of(employer, asked.pk, NOW).contact is None, "who it is stays unknown until the person says yes"
    same = apply(SEEKER, str(posted.pk), acting_user=seeker, at=NOW, shares_contact=True)
    assert same.pk == asked.pk and same.state == "processing"
    assert case_of(employer, asked.pk, NOW).contact == {"person_id": SEEKER, "name": "甲一", "phone": "13800000000"}


def test_name_and_phone_only_while_the_person_agrees_and_every_look_is_recorded(posted: Vacancy, seeker: Any, employer: Any) -> None:
    made = apply(SEEKER, str(posted.pk), acting_user=seeker, at=NOW)
    assert case_of(employer, made.pk, NOW).contact is None and ReadAccess.objects.count() == 0
    share_contact(made.pk, give=True, acting_user=seeker, at=NOW)
    assert case_of(employer, made.pk, NOW).contact is not None
    case_of(employer, made.pk, NOW)
    assert [(r.purpose, r.columns) for r in ReadAccess.objects.all()] == [("job_application", ["person_id", "name", "phone"])]
    share_contact(made.pk, give=False, acting_user=seeker, at=NOW)
    assert case_of(employer, made.pk, NOW).contact is None


def test_a_counsellor_sends_for_own_people_with_their_consent(posted: Vacancy, counsellor: Any, seeker: Any) -> None:
    with pytest.raises(BadInput) as caught:
        apply(SEEKER, str(posted.pk), acting_user=counsellor, at=NOW)
    assert caught.value.code == "E_CONSENT"
    with pytest.raises(NotFound):
        apply("P00000005", str(posted.pk), acting_user=counsellor, at=NOW, consent="电话里同意的")
    made = apply(SEEKER, str(posted.pk), acting_user=counsellor, at=NOW, consent="9月1日电话同意")
    assert (made.origin, made.steps.get().side) == ("counsellor", "desk")
    assert [a.pk for a in desk_applications(counsellor)] == [made.pk] and case_of(seeker, made.pk, NOW).steps[0].words == "本人同意：9月1日电话同意"
    move(made.pk, "cancel", acting_user=seeker, at=NOW)


def test_nobody_applies_for_somebody_else(posted: Vacancy, seeker: Any, employer: Any, user_of: Any) -> None:
    with pytest.raises(NotFound):
        apply(OTHER_SEEKER, str(posted.pk), acting_user=seeker, at=NOW)
    with pytest.raises(NotAllowed):
        apply(SEEKER, str(posted.pk), acting_user=employer, at=NOW)
    with pytest.raises(LeyeError) as caught:
        apply("", str(posted.pk), acting_user=user_of("seeker", "lone"), at=NOW)
    assert caught.value.code == "E_APPLICATION_PERSON"


def test_strangers_to_an_application_are_told_that_it_is_not_there(sent: Application, rival: Any, user_of: Any) -> None:
    for other in (rival, user_of("seeker", "other", subject=OTHER_SEEKER), user_of("counsellor", "far", subject="C00000002", region="440605")):
        with pytest.raises(NotFound):
            case_of(other, sent.pk, NOW)
        with pytest.raises(NotFound):
            move(sent.pk, "take", acting_user=other, at=NOW)
        with pytest.raises(NotFound):
            undo(sent.pk, acting_user=other, at=NOW)


def test_a_job_closed_between_seeing_and_applying_is_answered_by_its_name(posted: Vacancy, seeker: Any, employer: Any) -> None:
    close(posted.pk, closing="elsewhere", acting_user=employer, at=NOW)
    with pytest.raises(Conflict) as caught:
        apply(SEEKER, str(posted.pk), acting_user=seeker, at=NOW)
    assert caught.value.code == "E_JOB_CLOSED" and "会计" in caught.value.zh and "已经关闭" in caught.value.zh


def test_an_ad_of_the_feed_can_be_applied_to_and_a_closed_one_not(seeker: Any, rival: Any) -> None:
    made = apply(SEEKER, "J00000001", acting_user=seeker, at=NOW)
    assert (made.vacancy_id, made.firm_id) == (None, rival.subject)
    assert [a.pk for a in firm_applications(rival)] == [made.pk]
    with pytest.raises(Conflict):
        apply(SEEKER, "J00000002", acting_user=seeker, at=NOW)
    with pytest.raises(NotFound):
        apply(SEEKER, "J99999999", acting_user=seeker, at=NOW)


def test_closing_a_vacancy_ends_what_waits_and_nothing_else(sent: Application, posted: Vacancy, employer: Any, seeker: Any) -> None:
    other = apply(SEEKER, "J00000001", acting_user=seeker, at=NOW)
    close(posted.pk, closing="dropped", acting_user=employer, at=NOW)
    assert {a.pk: a.state for a in own_applications(seeker)} == {sent.pk: "obsolete", other.pk: "new"}


def test_the_last_post_goes_once(posted: Vacancy, employer: Any, seeker: Any, user_of: Any) -> None:
    second = user_of("seeker", "second", subject=OTHER_SEEKER, region="440604")
    both = [apply(u.subject, str(posted.pk), acting_user=u, at=NOW) for u in (seeker, second)]
    for one in both:
        move(one.pk, "offer", acting_user=employer, at=NOW, words="月薪七千", start_on=START)
    move(both[0].pk, "accept", acting_user=seeker, at=NOW)
    with pytest.raises(Conflict) as caught:
        move(both[1].pk, "accept", acting_user=second, at=NOW)
    assert caught.value.code == "E_APPLICATION_STEP", "it became obsolete with the last post"
    assert Vacancy.objects.get().filled == 1 and {a.state for a in Application.objects.all()} == {"accepted", "obsolete"}


def test_a_headcount_below_the_hires_is_refused(sent: Application, posted: Vacancy, employer: Any, seeker: Any) -> None:
    save(TYPED | {"headcount": "3"}, acting_user=employer, at=NOW, vacancy_id=posted.pk)
    move(sent.pk, "offer", acting_user=employer, at=NOW, words="月薪七千", start_on=START)
    move(sent.pk, "accept", acting_user=seeker, at=NOW)
    assert Vacancy.objects.get().state == "open"
    with pytest.raises(BadInput):
        save(TYPED, acting_user=employer, at=NOW, vacancy_id=posted.pk)


@pytest.mark.parametrize(
    ("start", "fits"), [(None, False), (date(2025, 8, 31), False), (date(2025, 9, 1), True), (date(2026, 2, 28), True), (date(2026, 3, 1), False)]
)
def test_an_offer_names_a_first_day_that_can_be(start: date | None, fits: bool, sent: Application, employer: Any) -> None:
    if fits:
        assert move(sent.pk, "offer", acting_user=employer, at=NOW, words="月薪七千", start_on=start).start_on == start
    else:
        with pytest.raises(BadInput):
            move(sent.pk, "offer", acting_user=employer, at=NOW, words="月薪七千", start_on=start)


def test_what_nobody_moves_for_ninety_days_is_closed_once(sent: Application) -> None:
    assert (close_quiet(NOW + timedelta(days=90)), close_quiet(NOW + timedelta(days=91)), close_quiet(NOW + timedelta(days=92))) == (0, 1, 0)
