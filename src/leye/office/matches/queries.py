"""Reading matches: one's own, a person's for the counsellor with both sides, jobs with few candidates, and the audit."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from leye.kernel.decision import Subject
from leye.office.applications.visible import told_to_employer
from leye.office.decisions.models import Decision
from leye.office.decisions.subjects import subject_key
from leye.office.entitlements.persons import check_grid
from leye.office.matches.models import Answer, Feedback, OwnList, Recommendation, Word
from leye.office.matches.own_list import standing_list, started_at
from leye.office.permissions import not_found, require
from leye.office.privacy.reads import log_read
from leye.office.profiles.frame import usable
from leye.office.profiles.models import Profile
from leye.office.profiles.queries import counsellor_fields
from leye.office.published import Snapshot, published_snapshot
from leye.office.searches.bank import bank_now

FIRST = 3
"""Jobs that are shown first, in full. # chosen by us: three are read and compared, twenty are scrolled"""
READ_AS = ("matches",)
FEW = 3
"""A job in fewer lists than this has few candidates. # chosen by us: an employer wants three by the evening"""
LACKS = ("learn", "renew")
"""Kinds of `missing` that say what somebody lacks; the others ask."""
TABLES = ("rates", "means", "flips", "probe")


@dataclass(frozen=True)
class Match:
    """One job for one person. job: its row as it stands open now · reasons: of the table, read · word: what the person said of it · decision: what
    was sealed of the person last · recommended: by whom and when, None by nobody."""

    person_id: str
    job: dict[str, Any]
    rank: int
    score: float
    p_person: float
    p_employer: float
    reasons: Mapping[str, Any]
    decision: Decision
    word: Feedback | None = None
    recommended: Recommendation | None = None

    @property
    def job_id(self) -> str:
        """Which job."""
        return str(self.job["job_id"])

    def items(self, side: str, most: int = FIRST) -> list[dict[str, Any]]:
        """What speaks for it on a side (`person`: why the job fits the person; `employer`: why the person fits the job), strongest first."""
        found = [i for i in self.reasons[side]["items"] if i["contribution"] > 0]
        return sorted(found, key=lambda i: (-i["contribution"], i["feature"]))[:most]

    @property
    def missing(self) -> dict[str, Any] | None:
        """The one thing to learn or renew first, with its path; None when nothing is lacking."""
        return next((m for m in self.reasons["missing"] if m.get("ask") in LACKS or m.get("course")), None)

    @property
    def unknown(self) -> list[dict[str, Any]]:
        """What is not known and would settle a condition."""
        return [m for m in self.reasons["missing"] if m is not self.missing]


@dataclass(frozen=True)
class Matches:
    """A person's list. shown: best first · hidden: what the person took away · closed: how many closed since the night · made_at: when it was
    made by day, None for the night's · silent: see `silence_of`."""

    shown: tuple[Match, ...]
    hidden: tuple[Match, ...] = ()
    closed: int = 0
    run_id: str = ""
    made_at: datetime | None = None
    silent: str = ""

    @property
    def first(self) -> tuple[Match, ...]:
        """Shown in full."""
        return self.shown[:FIRST]

    @property
    def rest(self) -> tuple[Match, ...]:
        """Shown in short."""
        return self.shown[FIRST:]


def matches_of(person_id: str, snapshot: Snapshot | None = None) -> Matches:
    """Sealed matches of a person; a job that closed since the night is left out and counted. The caller checks rights and records the read."""
    snapshot = snapshot or published_snapshot()
    run_id = snapshot.run_id if snapshot is not None else ""
    key = subject_key(Subject("person", person_id))
    silent = silence_of(person_id)
    if silent:
        return Matches((), run_id=run_id, silent=silent)
    rows, decision = standing_list(person_id, snapshot)
    if not rows or decision is None:
        return Matches((), run_id=run_id)
    words = {f.job_id: f for f in Feedback.objects.filter(subject_key=key, undone_at=None)}
    told = {r.job_id: r for r in Recommendation.objects.filter(subject_key=key, undone_at=None).select_related("by")}
    jobs, found, closed = bank_now().jobs, [], 0
    for row in rows:
        place = jobs.row_of(row["job_id"])
        if place is None:
            closed += 1
            continue
        found.append(
            Match(
                person_id, jobs.jobs.row(place, named=True), row["rank"], row["score"], row["p_person"], row["p_employer"],
                json.loads(row["reasons"]), decision, words.get(row["job_id"]), told.get(row["job_id"]),
            )
        )  # fmt: skip
    hidden = tuple(m for m in found if m.word is not None and m.word.word == Word.HIDE)
    shown = sorted((m for m in found if m not in hidden), key=lambda m: (m.recommended is None, m.rank))
    return Matches(
        tuple(shown), hidden, closed, run_id, OwnList.objects.filter(subject_key=key, decision=decision).values_list("at", flat=True).first()
    )


def own_matches(user: Any) -> Matches:
    """The account's own."""
    require(user, "matches.own")
    return matches_of(user.subject) if user.subject else Matches(())


def is_behind(user: Any) -> bool:
    """Whether the account's profile changed since its list was made, so that it may ask for another one now."""
    require(user, "matches.own")
    snapshot, profile = published_snapshot(), Profile.objects.filter(owner=user).first()
    if profile is None or not profile.is_active or not profile.number or not user.subject:
        return False
    own = OwnList.objects.filter(subject_key=subject_key(Subject("person", user.subject))).first()
    made = [*([own.at] if own is not None else []), *([started_at(snapshot)] if snapshot is not None else [])]
    return not made or profile.changed_at > max(made)


def silence_of(person_id: str) -> str:
    """Why no list is made or shown, not even one that was made before: `withdrawn` for whoever stopped all use of their profile, `unused` where the
    matching may use nothing of a confirmed one; empty otherwise."""
    profile = Profile.objects.filter(owner__subject=person_id).first()
    if profile is None:
        return ""
    if not profile.is_active:
        return "withdrawn"
    return "unused" if profile.number and not usable(profile) else ""


def person_matches(user: Any, person_id: str, at: datetime) -> Matches:
    """Of somebody in the counsellor's grids, as far as the person shows it to counsellors; the look is recorded. Raises NotFound."""
    require(user, "matches.view")
    check_grid(user, person_id)
    log_read(user, Subject("person", person_id), "case_work", READ_AS, at)
    found, shown = matches_of(person_id), counsellor_fields(person_id)
    if shown is None:
        return found
    return replace(found, shown=tuple(replace(m, reasons=told_to_desk(m.reasons, shown)) for m in found.shown))


def told_to_desk(reasons: Mapping[str, Any], shown: Collection[str]) -> dict[str, Any]:
    """The explanation without what tells of a field that the person does not show to counsellors. Open questions stay: the answer is not known yet,
    and the desk is where it is asked."""
    told = told_to_employer(reasons, shown)
    asked = [m for m in reasons["missing"] if m not in told["missing"] and m.get("ask") not in LACKS]
    return {**told, "missing": [*told["missing"], *asked]}


def answers_of(person_id: str) -> list[Answer]:
    """What was answered and stands."""
    return list(Answer.objects.filter(subject_key=subject_key(Subject("person", person_id)), undone_at=None).select_related("by"))


def thin_vacancies(user: Any) -> list[dict[str, Any]]:
    """Open jobs that stand in few lists of the night, those in none first: what to look for people for, or to talk to the employer about."""
    require(user, "matches.view")
    snapshot = published_snapshot()
    if snapshot is None:
        return []
    open_now = set(bank_now().jobs.jobs["job_id"])
    rows = [r for r in snapshot.rows("match_jobs") if r["lists"] < FEW and r["job_id"] in open_now]
    return sorted(rows, key=lambda r: (r["lists"], bool(user.region) and r["region"] != user.region, r["closes_on"] or date.max, r["job_id"]))


def audit_of(user: Any) -> tuple[dict[str, Sequence[dict[str, Any]]], dict[str, Any]]:
    """(tables of TABLES, the night's note on the matching)."""
    require(user, "matches.audit")
    snapshot = published_snapshot()
    if snapshot is None:
        return {}, {}
    notes = dict(snapshot.manifest.get("notes") or {}).get("matches", {})
    return {name: snapshot.rows(f"match_{name}") for name in TABLES}, notes


def audit_table(user: Any, table: str) -> list[dict[str, Any]]:
    """One of them. Raises NotFound."""
    tables, _notes = audit_of(user)
    if table not in TABLES:
        raise not_found()
    return list(tables.get(table, []))
