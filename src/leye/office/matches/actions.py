"""Steps with matches: like or hide, take it back, answer a question, recommend a job. Each: may they, may it now, change, leave the traces."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from leye.kernel.decision import Subject
from leye.office.decisions.ledger import new_id, seal_event
from leye.office.decisions.subjects import subject_key
from leye.office.entitlements.persons import check_grid
from leye.office.matches import refusals
from leye.office.matches.models import Answer, Feedback, Recommendation, Word
from leye.office.matches.people import CHOICES, PURPOSE
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.privacy.keyring import keyring
from leye.office.published import published_snapshot
from leye.office.searches.bank import bank_now
from leye.office.vacancies.queries import job_called, why_closed

SHORTEST_CONSENT = 4  # characters; chosen by us: “好” says neither when nor how
LONGEST_WORDS = 500


def say_of(job_id: str, word: str, *, acting_user: Any, at: datetime) -> Feedback:
    """Like a job, or hide it from one's list. Nothing else changes: no place, no service. Raises NotFound, BadInput (E_MATCH_WORD), Conflict
    (E_MATCH_STANDING)."""
    key = _own_key(acting_user)
    if word not in Word.values:
        raise refusals.unknown_word()
    if job_called(job_id, published_snapshot(), bank_now().on) is None:
        raise not_found()
    try:
        with transaction.atomic():
            made = Feedback.objects.create(id=new_id(at), subject_key=key, job_id=job_id, word=word, by=acting_user, at=at)
            audit("match.said", on=made, by=acting_user, at=at, word=word)
            emit("match.said", at=at, feedback_id=made.pk, word=word)
    except IntegrityError:  # a second click, or another word that stands
        raise refusals.standing_already() from None
    return made


def take_back(job_id: str, *, acting_user: Any, at: datetime) -> Feedback:
    """Undo one's word on a job. Raises NotFound."""
    key = _own_key(acting_user)
    with transaction.atomic():
        found: Feedback | None = Feedback.objects.select_for_update().filter(subject_key=key, job_id=job_id, undone_at=None).first()
        if found is None:
            raise not_found()
        found.undone_at = at
        found.save(update_fields=["undone_at"])
        audit("match.taken_back", on=found, by=acting_user, at=at)
        emit("match.taken_back", at=at, feedback_id=found.pk)
    return found


def answer_question(person_id: str, feature: str, value: str, *, how: str, acting_user: Any, at: datetime) -> Answer:
    """Record what a person of one's own grids answered; it fills the unknown from the next night on. A newer answer replaces the older.

    how: when and how it was said. Raises NotFound, BadInput (E_MATCH_ANSWER, E_CONSENT).
    """
    require(acting_user, "matches.recommend")
    check_grid(acting_user, person_id)
    if value not in CHOICES.get(feature, ()):
        raise refusals.unknown_answer()
    said, key = _consent(how), subject_key(Subject("person", person_id))
    with transaction.atomic():
        Answer.objects.select_for_update().filter(subject_key=key, feature=feature, undone_at=None).update(undone_at=at)
        made = Answer(id=new_id(at), subject_key=key, feature=feature, by=acting_user, at=at)
        made.sealed = _sealed(made, value=value, how=said)
        made.save(force_insert=True)
        audit("match.answered", on=made, by=acting_user, at=at, feature=feature)
        emit("match.answered", at=at, answer_id=made.pk)
    return made


def recommend(person_id: str, job_id: str, *, consent: str, words: str, acting_user: Any, at: datetime) -> Recommendation:
    """Put an open job before somebody of one's own grids who agreed to it. Raises NotFound, BadInput (E_CONSENT), Conflict (E_JOB_CLOSED,
    E_MATCH_STANDING)."""
    require(acting_user, "matches.recommend")
    check_grid(acting_user, person_id)
    said, snapshot, on = _consent(consent), published_snapshot(), bank_now().on
    job = job_called(job_id, snapshot, on)
    if job is None:
        raise not_found()
    shut = why_closed(job_id, at, snapshot, on)
    if shut is not None:
        raise refusals.closed(str(job["title"]), *shut)
    try:
        with transaction.atomic():
            made = Recommendation(id=new_id(at), subject_key=subject_key(Subject("person", person_id)), job_id=job_id, by=acting_user, at=at)
            made.sealed = _sealed(made, consent=said, words=words.strip()[:LONGEST_WORDS])
            made.save(force_insert=True)
            seal_event("match.recommended", at=at, recommendation=made.pk, job=job_id, by=acting_user.pk)
            audit("match.recommended", on=made, by=acting_user, at=at, job=job_id)
            emit("match.recommended", at=at, recommendation_id=made.pk)
    except IntegrityError:
        raise refusals.standing_already() from None
    return made


def _consent(text: str) -> str:
    said = text.strip()[:LONGEST_WORDS]
    if len(said) < SHORTEST_CONSENT:
        raise refusals.consent_missing()
    return said


def _sealed(row: Answer | Recommendation, **said: str) -> bytes:
    return keyring(PURPOSE).encrypt(json.dumps(said, ensure_ascii=False, sort_keys=True).encode(), row.pk.bytes)


def _own_key(user: Any) -> str:
    require(user, "matches.own")
    if not user.subject:
        raise not_found()
    return subject_key(Subject("person", user.subject))
