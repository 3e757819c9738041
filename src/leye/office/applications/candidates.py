"""Candidates of a vacancy: ranked, passed through the gate one by one, shown without a name, invited. What is shown is sealed, nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.kernel.decision import Decision, InputValue, Outcome, Subject
from leye.kernel.reason import Reason
from leye.match.columns import JOBS
from leye.office.applications import refusals
from leye.office.applications.actions import invite
from leye.office.applications.models import Application, Candidate
from leye.office.applications.ranking import excluded_by, ranked, seekers_of, sentences
from leye.office.applications.steps import opened, sealed
from leye.office.applications.visible import told_to_employer
from leye.office.decisions.gate import decide_many
from leye.office.decisions.ledger import new_id
from leye.office.decisions.subjects import subject_key
from leye.office.entitlements.files import rules_day
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.privacy.reads import file_rows, log_read, region_of
from leye.office.profiles.queries import employer_fields
from leye.office.programmes.groups import audit_groups
from leye.office.published import Snapshot, published_snapshot
from leye.office.registry.cards import running_version
from leye.office.registry.queries import admission
from leye.office.vacancies.actions import locked
from leye.office.vacancies.fields import Draft
from leye.office.vacancies.models import State, Vacancy
from leye.office.vacancies.places import city_of
from leye.office.vacancies.queries import job_row, own_vacancy
from leye.office.vacancies.reading import Reading

ALGO, PURPOSE, OUTCOME = "match.rank", "candidate_order", "listed"
READ_AS = "candidate_list"
TOP = 20
"""Candidates shown for a vacancy. # chosen by us: what somebody reads through in one sitting"""
WITHHELD = (
    "过得了岗位必须的条件；本人没有同意给单位看具体内容，可以邀请后当面了解",
    "Passes the conditions of the job; the person does not show details to employers: invite them and ask",
)
"""What a card says of somebody who shows nothing to employers."""
MOST_SENTENCES = 8
"""Sentences of an explanation that a card shows."""


@dataclass(frozen=True)
class Shown:
    """One candidate. zh, en: sentences of the explanation · missing: questions that would settle an unknown · application: the one that is under way
    for this job, if any."""

    candidate: Candidate
    zh: tuple[str, ...]
    en: tuple[str, ...]
    hard: tuple[Mapping[str, Any], ...]
    application: Application | None


@dataclass(frozen=True)
class Shortlist:
    """rows: best first · excluded: hard condition -> people whom it excludes, asked for only where the list is short · seekers: people looked at."""

    vacancy: Vacancy
    rows: tuple[Shown, ...]
    excluded: tuple[tuple[str, int], ...]
    seekers: int | None
    snapshot: Snapshot | None
    on: date


def shortlist(user: Any, vacancy_id: UUID, at: datetime) -> Shortlist:
    """The list of an own vacancy that was sent, made once a run and version and sealed as it is made; each look at a person is recorded once a day.

    Raises NotFound, GateRefused (not registered, breaker open: then nobody is shown).
    """
    require(user, "applications.firm")
    vacancy, snapshot, on = own_vacancy(user, vacancy_id), published_snapshot(), rules_day()
    if snapshot is None or vacancy.state not in (State.OPEN, State.PAUSED):
        return Shortlist(vacancy, (), (), None, snapshot, on)
    there = _kept(vacancy, snapshot)
    if not there.exists() and vacancy.state == State.OPEN:
        _make(vacancy, snapshot, on, user, at)
    rows = _all_shown(list(there.select_related("decision")), vacancy)
    seekers = seekers_of(snapshot, on)
    excluded: tuple[tuple[str, int], ...] = ()
    if len(rows) < 3:
        excluded = tuple(excluded_by(seekers, job_row(vacancy, vacancy.versions.get(number=vacancy.version)), on)[:5])
    _record_looks(rows, user, at)
    return Shortlist(vacancy, rows, excluded, seekers.height, snapshot, on)


def invite_candidate(vacancy_id: UUID, candidate_id: UUID, *, words: str, acting_user: Any, at: datetime) -> Application:
    """Invite somebody that the firm was shown for an own vacancy. Raises NotFound, and as `actions.invite`."""
    require(acting_user, "applications.firm")
    vacancy = own_vacancy(acting_user, vacancy_id)
    candidate = Candidate.objects.filter(pk=candidate_id, vacancy=vacancy).first()
    if candidate is None:
        raise not_found()
    if candidate.version != vacancy.version:
        raise refusals.candidate_gone()
    person = str(opened(candidate.pk, candidate.sealed)["person"])
    if person not in employer_fields({person}):  # withdrew since
        raise refusals.candidate_gone()
    return invite(person, str(vacancy.pk), acting_user=acting_user, at=at, words=words, decision_id=candidate.decision_id)


def reach_of(job: dict[str, Any]) -> tuple[int, int] | None:
    """(people who pass the hard conditions of a job, people who look for work); None before the first run. Nobody is named, nothing is sealed."""
    snapshot, on = published_snapshot(), rules_day()
    if snapshot is None:
        return None
    seekers = seekers_of(snapshot, on)
    return len(ranked(seekers, job, on, max(1, seekers.height))), seekers.height


def reach_of_draft(draft: Draft, reading: Reading) -> tuple[int, int] | None:
    """`reach_of` of what is typed and not yet saved."""
    on = rules_day()
    known = {name: value for name, value in reading.columns.items() if name in JOBS}
    own = {"job_id": "draft", "title": draft.title, "text": draft.text, "headcount": draft.headcount, "posted_on": on, "closes_on": on}
    return reach_of(dict.fromkeys(JOBS) | known | own | {"city": city_of(reading.region) if reading.region else None})


def _kept(vacancy: Vacancy, snapshot: Snapshot) -> Any:
    return Candidate.objects.filter(vacancy=vacancy, version=vacancy.version, run_id=snapshot.run_id)


def _make(vacancy: Vacancy, snapshot: Snapshot, on: date, user: Any, at: datetime) -> None:
    """Rank, seal and keep, under the vacancy's lock: two desks that open the page at once make one list."""
    with transaction.atomic():
        held = locked(vacancy.pk)
        if held is None or _kept(vacancy, snapshot).exists():
            return
        job = job_row(vacancy, vacancy.versions.get(number=vacancy.version))
        rows = ranked(seekers_of(snapshot, on), job, on, TOP)
        if not rows:
            return
        decisions = _decisions(rows, vacancy, snapshot, on, at)
        for row, done in zip(rows, decide_many(decisions), strict=True):
            name = new_id(at)
            Candidate.objects.create(
                id=name, vacancy=vacancy, version=vacancy.version, run_id=snapshot.run_id,
                subject_key=subject_key(Subject("person", row["person_id"])),
                sealed=sealed(name, person=row["person_id"], reasons=row["reasons"]), position=row["rank"], decision_id=done.decision_id, at=at,
            )  # fmt: skip
        audit("candidates.shown", on=vacancy, by=user, at=at, people=len(rows), version=vacancy.version, run=snapshot.run_id)
        emit("candidates.shown", at=at, vacancy_id=vacancy.pk, people=len(rows))


def _decisions(rows: list[dict[str, Any]], vacancy: Vacancy, snapshot: Snapshot, on: date, at: datetime) -> list[Decision]:
    version = running_version(ALGO)
    card = admission(ALGO, version)
    declared = card.features if card is not None else frozenset()
    people = [r["person_id"] for r in rows]
    groups, regions = audit_groups(people, on), {p: region_of(r) for p, r in file_rows(people, ("region",)).items()}
    made = []
    for row in rows:
        items = [i for side in ("person", "employer") for i in row["reasons"][side]["items"]]
        seen: dict[str, InputValue] = {"vacancy": str(vacancy.pk), "version": vacancy.version, "run": snapshot.run_id, "on": on.isoformat()}
        for item in items:
            if item["feature"] in declared:
                seen[item["feature"]] = item["contribution"]
        features = tuple(sorted({i["feature"] for i in items} & declared))
        made.append(
            Decision(
                algo=ALGO, version=version, subject=Subject("person", row["person_id"]), purpose=PURPOSE, outcome=Outcome(OUTCOME, row["score"]),
                reasons=_reasons(row["reasons"]), features=features, inputs=seen, at=at, candidates=len(rows),
                region=regions.get(row["person_id"], ""), protected=groups.get(row["person_id"], {}),
            )
        )  # fmt: skip
    return made


def _reasons(reasons: dict[str, Any]) -> tuple[Reason, ...]:
    """Sentences, those that weigh most first, each with the code of its side and whether it speaks for or against."""
    items = [(side, i) for side in ("person", "employer") for i in reasons[side]["items"]]
    items.sort(key=lambda found: -found[1]["contribution"])  # the order in which the sentences come
    codes = [f"{side}_{'up' if i['contribution'] >= 0 else 'down'}" for side, i in items]
    told = zip(codes, sentences(reasons, "zh"), sentences(reasons, "en"), strict=False)
    return tuple(Reason(zh, en, "docs/reference/ranking.md", code) for code, zh, en in told)[:MOST_SENTENCES]


def _all_shown(candidates: list[Candidate], vacancy: Vacancy) -> tuple[Shown, ...]:
    """As the firm may see them now: consent is asked at every look, and whoever withdrew is no longer there."""
    said = {c.pk: opened(c.pk, c.sealed) for c in candidates}
    fields = employer_fields({str(body["person"]) for body in said.values()})
    pairs = ((c, said[c.pk]) for c in candidates if said[c.pk]["person"] in fields)
    return tuple(_shown(c, told_to_employer(body["reasons"], fields[body["person"]]), vacancy) for c, body in pairs)


def _shown(candidate: Candidate, reasons: Mapping[str, Any], vacancy: Vacancy) -> Shown:
    under_way = Application.objects.filter(job_id=str(vacancy.pk), subject_key=candidate.subject_key).first()
    zh, en = sentences(dict(reasons), "zh") or [WITHHELD[0]], sentences(dict(reasons), "en") or [WITHHELD[1]]
    return Shown(candidate, tuple(zh), tuple(en), tuple(reasons["hard"]), under_way)


def _record_looks(rows: tuple[Shown, ...], user: Any, at: datetime) -> None:
    from leye.office.privacy.models import ReadAccess

    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    keys = [r.candidate.subject_key for r in rows]
    seen = set(ReadAccess.objects.filter(reader=user, purpose=READ_AS, at__gte=midnight, subject_key__in=keys).values_list("subject_key", flat=True))
    for row in rows:
        if row.candidate.subject_key not in seen:
            person = str(opened(row.candidate.pk, row.candidate.sealed)["person"])
            log_read(user, Subject("person", person), READ_AS, ("job_profile",), at)
