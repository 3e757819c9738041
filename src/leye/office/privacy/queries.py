"""Reading the record of reads: one's own for the person, all for auditors and administrators, and what looks odd in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from leye.kernel.clock import BEIJING
from leye.office.decisions.subjects import subject_key, subject_of
from leye.office.permissions import not_found, require
from leye.office.privacy.keyring import keyring
from leye.office.privacy.models import DataRequest, ReadAccess
from leye.office.privacy.reads import OWN

MANY_FILES = 20
"""Files of one reader within an hour from which on it is shown as odd; chosen by us: three minutes a file is a working pace at a counter."""

LISTS = ("daily_list", "hire_subsidy", "job_application", "candidate_list")
"""Purposes of working through a list that the platform itself made: many files within an hour are their point, and the list bounds them."""

LONGEST_ID = 60  # characters of a typed id that are looked at


@dataclass(frozen=True, slots=True)
class ReadsAsked:
    """A filter over reads. Empty or None: any. subject: a person's or firm's id · reader: a username · elsewhere: only outside the own district."""

    reader: str = ""
    subject: str = ""
    purpose: str = ""
    since: date | None = None
    until: date | None = None
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Odd:
    """Something to look into, not a verdict. kind: many_files or elsewhere · at: the hour's or the day's beginning · n: files."""

    kind: str
    reader: str
    shown: str
    at: datetime
    n: int


def own_reads(user: Any) -> QuerySet[ReadAccess]:
    """Reads of the account's own data, newest first; none for an account that stands for nobody."""
    require(user, "reads.own")
    if not user.subject:
        return ReadAccess.objects.none()
    return ReadAccess.objects.filter(subject_key=subject_key(subject_of(user.subject))).select_related("reader")


def all_reads(user: Any, asked: ReadsAsked) -> QuerySet[ReadAccess]:
    """Reads that fit the filter, newest first."""
    require(user, "reads.view")
    found = ReadAccess.objects.select_related("reader")
    if asked.reader:
        found = found.filter(reader__username=asked.reader)
    if asked.subject:
        found = found.filter(subject_key=subject_key(subject_of(asked.subject[:LONGEST_ID])))
    if asked.purpose:
        found = found.filter(purpose=asked.purpose)
    if asked.since:
        found = found.filter(at__gte=datetime.combine(asked.since, time(), BEIJING))
    if asked.until:
        found = found.filter(at__lt=datetime.combine(asked.until + timedelta(days=1), time(), BEIJING))
    return found.filter(is_elsewhere_q()) if asked.elsewhere else found


def is_elsewhere_q() -> Q:
    """The condition of `ReadAccess.is_elsewhere`."""
    both = ~Q(region="") & ~Q(reader_region="") & ~Q(purpose=OWN)
    return both & ~Q(region=F("reader_region"))


def read_called(user: Any, name: UUID) -> ReadAccess:
    """One read. Raises NotFound."""
    require(user, "reads.view")
    found = ReadAccess.objects.select_related("reader").filter(pk=name).first()
    if found is None:
        raise not_found()
    return found


def subject_id_of(row: ReadAccess) -> tuple[str, str]:
    """(kind, id) of whom a read was about. Whoever calls this records it as a read of its own."""
    kind, _, name = keyring("reads").decrypt(bytes(row.subject_sealed), row.pk.bytes).decode().partition(":")
    return kind, name


def odd_patterns(user: Any, *, at: datetime, days: int = 30) -> list[Odd]:
    """Hints over the last days, most files first: many files by one reader within an hour, and reads outside the reader's own district.

    Reads of one's own data are left out. The hour slides: any 60 minutes, not those of the clock.
    """
    require(user, "reads.view")
    recent = ReadAccess.objects.filter(at__gte=at - timedelta(days=days), at__lte=at).exclude(purpose=OWN)
    rows = recent.exclude(purpose__in=LISTS).order_by("reader_id", "at").values_list("reader__username", "reader__display_name", "at", "subject_key")
    return sorted([*_many_files(rows.iterator()), *_elsewhere(recent)], key=lambda o: (-o.n, o.reader, o.at))


def _many_files(rows: Iterable[tuple[str, str, datetime, str]]) -> list[Odd]:
    """For each reader the fullest hour, when it holds too many different files. Rows come by reader and time."""
    worst: dict[str, Odd] = {}
    window: list[tuple[datetime, str]] = []
    reader = ""
    start = 0
    for name, shown, at, key in rows:
        if name != reader:
            reader, window, start = name, [], 0
        window.append((at, key))
        while at - window[start][0] >= timedelta(hours=1):
            start += 1
        if len(window) - start < MANY_FILES:
            continue
        n = len({k for _, k in window[start:]})
        if n >= MANY_FILES and (name not in worst or n > worst[name].n):
            worst[name] = Odd("many_files", name, shown or name, window[start][0], n)
    return list(worst.values())


def _elsewhere(recent: QuerySet[ReadAccess]) -> list[Odd]:
    """For each reader the files outside the own district."""
    found = recent.filter(is_elsewhere_q()).values("reader__username", "reader__display_name").annotate(n=Count("subject_key", distinct=True))
    first = dict(recent.filter(is_elsewhere_q()).order_by("-at").values_list("reader__username", "at"))
    return [
        Odd("elsewhere", r["reader__username"], r["reader__display_name"] or r["reader__username"], first[r["reader__username"]], r["n"])
        for r in found.order_by("reader__username")
    ]


def own_requests(user: Any) -> QuerySet[DataRequest]:
    """What the account's person asked of their own data, newest first."""
    require(user, "reads.own")
    if not user.subject:
        return DataRequest.objects.none()
    return DataRequest.objects.filter(subject_key=subject_key(subject_of(user.subject))).select_related("answered_by").order_by("-at")


def requests_at_desk(user: Any) -> QuerySet[DataRequest]:
    """Open requests of the desk's district, the next due first."""
    require(user, "objections.handle")
    found = DataRequest.objects.filter(state=DataRequest.State.OPEN).select_related("asked_by")
    return found.filter(Q(region=user.region) | Q(region="")) if user.region else found
