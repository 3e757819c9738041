"""Reviews from filing to signing, follow-up and withdrawal; assumptions. Each action: may they, may it now, change, leave the traces – at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.impact.adoption import Assumed, shipped_adoption
from leye.impact.project import Project
from leye.impact.project_json import as_json
from leye.impact.review import assess
from leye.office.countersign import countersign, take_back
from leye.office.decisions.ledger import new_id, seal_event
from leye.office.grounds import reason_of
from leye.office.impact import refusals
from leye.office.impact.forms import body_sha256
from leye.office.impact.index import insured_in
from leye.office.impact.models import AdoptionRow, FollowUp, ProjectReview, State
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.published import published_snapshot


def file_review(project: Project, *, name: str, firm: str, papers: str = "", acting_user: Any, at: datetime) -> ProjectReview:
    """Assess a project over the published figures and keep it as a draft. Raises BadInput (E_FIELD), NotAllowed, NotFound (another district)."""
    require(acting_user, "impact.edit")
    if not name.strip() or not firm.strip():
        raise refusals.bad_field("名称" if not name.strip() else "单位", "没有填", "is missing")
    if acting_user.region and acting_user.region != project.region:
        raise not_found()
    snapshot = published_snapshot()
    insured = insured_in(snapshot, project.region, project.section) if snapshot else None
    review = ProjectReview(
        id=new_id(at), name=name.strip()[:120], firm=firm.strip()[:120], project=as_json(project), insured=insured,
        assessment=assess(project, insured=insured).as_dict(), run_id=snapshot.run_id if snapshot else "", papers=papers.strip()[:500],
        made_by=acting_user, made_at=at,
    )  # fmt: skip
    review.body_sha256 = body_sha256(review)
    with transaction.atomic():
        review.save(force_insert=True)
        _told(review, "impact.filed", acting_user, at)
    return review


def sign(review_id: UUID, *, acting_user: Any, at: datetime) -> ProjectReview:
    """A second person signs a review as it was filed. Raises NotAllowed (E_OWN_DRAFT), Conflict (E_REVIEW_STATE, E_REVIEW_STALE)."""
    require(acting_user, "impact.sign")
    with transaction.atomic():
        review = _locked(review_id, acting_user)
        if review.state != State.DRAFT:
            raise refusals.step_refused(review, "签署")
        if review.made_by_id == acting_user.pk:
            raise refusals.own_review()
        if body_sha256(review) != review.body_sha256:
            raise refusals.changed_since()
        countersign(review, "impact.signed", sealed_parts(review), by=acting_user, at=at)
        _told(review, "impact.signed", acting_user, at)
    return review


def withdraw(review_id: UUID, *, reason: str, acting_user: Any, at: datetime) -> ProjectReview:
    """Take a review back with the reason. Raises BadInput (E_REASON), Conflict, NotAllowed."""
    require(acting_user, "impact.edit")
    said = reason_of(reason)
    with transaction.atomic():
        review = _locked(review_id, acting_user)
        if review.state == State.WITHDRAWN:
            raise refusals.step_refused(review, "撤回")
        take_back(review, "impact.withdrawn", sealed_parts(review), reason=said, by=acting_user, at=at)
        _told(review, "impact.withdrawn", acting_user, at)
    return review


def follow_up(review_id: UUID, *, on: date, created: int, displaced: int, retrained: int, source: str, acting_user: Any, at: datetime) -> FollowUp:
    """Real jobs found at a signed project, sealed beside its promise. Raises Conflict (E_REVIEW_STATE), BadInput (E_FIELD)."""
    require(acting_user, "impact.edit")
    if min(created, displaced, retrained) < 0 or retrained > displaced:
        raise refusals.bad_field("人数", "要从 0 起，转岗的不超过减少的", "from 0, and no more retrained than displaced")
    if not source.strip():
        raise refusals.bad_field("依据", "没有写从哪里来", "is missing")
    with transaction.atomic():
        review = _locked(review_id, acting_user)
        if review.state != State.SIGNED:
            raise refusals.step_refused(review, "跟踪")
        if on > at.date():
            raise refusals.bad_field("日期", "还没有到", "lies ahead")
        count = FollowUp.objects.create(
            id=new_id(at), review=review, on=on, created=created, displaced=displaced, retrained=retrained, source=source.strip()[:200],
            by=acting_user, at=at,
        )  # fmt: skip
        seal_event("impact.followed", at=at, review_id=str(review.pk), on=on.isoformat(), created=created, displaced=displaced, retrained=retrained)
        _told(review, "impact.followed", acting_user, at)
    return count


def set_adoption(section: str, on: date, assumed: Assumed, *, reason: str, acting_user: Any, at: datetime) -> AdoptionRow:
    """Put an assumption in place of the one of a section and day, with the reason. Raises BadInput (E_REASON, E_FIELD)."""
    require(acting_user, "impact.edit")
    said = reason_of(reason)
    if section not in shipped_adoption().rows:
        raise refusals.bad_field("行业", f"没有门类 {section}", f"no section {section}")
    with transaction.atomic():
        row = AdoptionRow.objects.create(
            id=new_id(at), section=section, on=on, low=assumed.low, mid=assumed.mid, high=assumed.high, reason=said, by=acting_user, at=at
        )
        audit("impact.adoption_set", on=row, by=acting_user, at=at, section=section, day=on.isoformat(), low=assumed.low, mid=assumed.mid,
              high=assumed.high)  # fmt: skip
        emit("impact.adoption_changed", permission="impact.view", at=at, section=section)
    return row


def sealed_parts(review: ProjectReview) -> dict[str, Any]:
    """What a leaf says of a review: the project's figures and the findings by hash, the grade, and who wrote it."""
    found = review.assessment
    return {
        "review_id": str(review.pk), "body_sha256": review.body_sha256, "grade": found["grade"], "net_low": found["net_low"],
        "net_high": found["net_high"], "made_by": review.made_by_id,
    }  # fmt: skip


def _locked(review_id: UUID, user: Any) -> ProjectReview:
    found: ProjectReview | None = ProjectReview.objects.select_for_update(of=("self",)).filter(pk=review_id).first()
    if found is None or not found.is_visible_to(user):
        raise not_found()
    return found


def _told(review: ProjectReview, verb: str, by: Any, at: datetime) -> None:
    audit(verb, on=review, by=by, at=at, body_sha256=review.body_sha256)
    emit("impact.changed", permission="impact.view", at=at, review_id=review.pk, state=review.state)
