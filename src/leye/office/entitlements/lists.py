"""The counsellor's list for today: who is still to be called, in which order, with what.

The night's table says who and in which order; what was pressed since takes cards off it. What a card says of its person is asked of the rules again
when it is shown, so that a card never tells what an answer has changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl

from leye.kernel.clock import BEIJING, beijing_day
from leye.kernel.codes import region_code
from leye.kernel.decision import Subject
from leye.office.decisions.subjects import subject_key
from leye.office.entitlements.models import Claim, Contact, Result, State
from leye.office.permissions import not_found, require
from leye.office.privacy.reads import people_file
from leye.office.prospects.placing import placed
from leye.office.prospects.queries import levels_of
from leye.office.published import Snapshot, published_snapshot

UNWILLING_FOR = timedelta(days=180)
"""How long a refusal is respected before somebody asks again; chosen by us: half a year."""


@dataclass(frozen=True)
class Entry:
    """One row of the night's list. instead_of: the row of the same person that is counted in its place, where only one of them can be had."""

    person_id: str
    policy: str
    verdict: str
    fact: str | None
    amount_fen: int | None
    months: int | None
    unit: str
    expected_fen: int
    weight: int
    instead_of: str | None
    deadline: date | None
    first_on: date
    changed_on: date
    grid_id: str
    region: str


@dataclass(frozen=True)
class Card:
    """One person. entries: heaviest first · weight: their sum · contacts: presses so far, newest first."""

    person_id: str
    key: str
    entries: tuple[Entry, ...]
    contacts: tuple[Contact, ...] = ()

    @property
    def counted(self) -> tuple[Entry, ...]:
        """Entries whose worth adds up: of those that shut each other out, one. One whose rival has left the card counts again."""
        here = {e.policy for e in self.entries}
        return tuple(e for e in self.entries if e.instead_of not in here)

    @property
    def weight(self) -> int:
        """What the card is ordered by."""
        return sum(e.weight for e in self.counted)

    @property
    def expected_fen(self) -> int:
        """Money within a year, of what is certain."""
        return sum(e.expected_fen for e in self.counted if e.verdict == "yes")

    @property
    def deadline(self) -> date | None:
        """The nearest."""
        return min((e.deadline for e in self.entries if e.deadline), default=None)

    def is_new(self, on: date) -> bool:
        """Whether anything on it is new since the night before."""
        return any(e.first_on == on for e in self.entries)


@dataclass(frozen=True)
class TodayList:
    """open: cards still to do · handled: presses of today, newest first · on: the day of the rules · snapshot: None before the first run."""

    open: tuple[Card, ...] = ()
    handled: tuple[Contact, ...] = ()
    on: date | None = None
    snapshot: Snapshot | None = None
    grids: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def today_list(user: Any, at: datetime) -> TodayList:
    """The list of the account's counsellor; empty for an account that is not linked to one."""
    require(user, "today.view")
    snapshot = published_snapshot()
    if snapshot is None or not user.subject:
        return TodayList(snapshot=snapshot)
    entries = entries_of(snapshot, pl.col("counsellor_id") == user.subject)
    cards = _raised(_cards(entries, at), snapshot)
    since = datetime.combine(beijing_day(at), time(), BEIJING)
    handled = Contact.objects.filter(counsellor=user, at__gte=since, undone_at=None)
    return TodayList(tuple(cards), tuple(handled), _on(snapshot), snapshot, tuple(own_grids(user)))


def card_of(user: Any, person_id: str, at: datetime) -> Card:
    """One person's card. Raises NotFound alike for nobody and for somebody on another list."""
    require(user, "today.view")
    snapshot = published_snapshot()
    if snapshot is None or not user.subject:
        raise not_found()
    entries = entries_of(snapshot, (pl.col("counsellor_id") == user.subject) & (pl.col("person_id") == person_id))
    cards = _cards(entries, at)
    if not cards:
        raise not_found()
    return cards[0]


def entries_of(snapshot: Snapshot, where: pl.Expr) -> list[Entry]:
    """Rows of the night's list, heaviest first."""
    names = list(Entry.__dataclass_fields__)
    frame = snapshot.frame("push")
    if not frame.width:
        return []
    return [Entry(*row) for row in frame.filter(where).select(names).iter_rows()]


def own_grids(user: Any) -> list[str]:
    """Grids of the account's counsellor in the city's table."""
    from leye.office.entitlements.files import data_folder

    file = data_folder() / "city" / "grids.parquet"
    if not user.subject or not file.exists():
        return []
    return pl.scan_parquet(file).filter(pl.col("counsellor_id") == user.subject).select("grid_id").collect()["grid_id"].to_list()


def own_people(user: Any) -> list[str]:
    """Ids of the people in the account's grids and district."""
    grids = own_grids(user)
    if not grids or not people_file().exists():
        return []
    table = pl.scan_parquet(people_file()).filter(pl.col("grid_id").is_in(grids)).select("person_id", "region").collect()
    return [p for p, region in table.iter_rows() if not user.region or region_code(str(region)) == user.region]


def _cards(entries: Sequence[Entry], at: datetime) -> list[Card]:
    by_person: dict[str, list[Entry]] = {}
    for entry in entries:
        by_person.setdefault(entry.person_id, []).append(entry)
    keys = {person: subject_key(Subject("person", person)) for person in by_person}
    contacts, held = _contacts(list(keys.values())), _held(list(keys.values()))
    today = beijing_day(at)
    found = []
    for person, rows in by_person.items():
        key = keys[person]
        mine = contacts.get(key, [])
        left = tuple(r for r in rows if (key, r.policy) not in held and not is_hidden(r, mine, today, at))
        if left:
            found.append(Card(person, key, left, tuple(mine)))
    return found


def _raised(cards: list[Card], snapshot: Snapshot) -> list[Card]:
    """Heaviest first; whoever is at risk of long unemployment stands higher, and nobody is taken off."""
    return placed(cards, person=lambda c: c.person_id, weight=lambda c: c.weight, levels=levels_of([c.person_id for c in cards], snapshot))


def is_hidden(entry: Entry, contacts: Sequence[Contact], today: date, at: datetime) -> bool:
    """Whether a press took this row off the list. contacts: of the person, newest first, none undone."""
    newest = next((c for c in contacts if entry.policy in c.policies), None)
    if newest is None:
        return False
    if newest.result == Result.UNWILLING:
        return at - newest.at < UNWILLING_FOR
    if newest.result in (Result.NO_ANSWER, Result.LATER):
        return newest.again_on is not None and today < newest.again_on
    return entry.changed_on <= newest.rules_on  # told or applied: back only when the mark says something else


def _contacts(keys: list[str]) -> dict[str, list[Contact]]:
    found: dict[str, list[Contact]] = {}
    for contact in Contact.objects.filter(subject_key__in=keys, undone_at=None).select_related("counsellor"):
        found.setdefault(contact.subject_key, []).append(contact)
    return found


def _held(keys: list[str]) -> set[tuple[str, str]]:
    """Claims that are on their way or done since the night."""
    states = [State.APPLIED, State.APPROVED, State.PAID]
    return set(Claim.objects.filter(about_key__in=keys, state__in=states).values_list("about_key", "policy"))


def _on(snapshot: Snapshot) -> date | None:
    return date.fromisoformat(snapshot.run.on) if snapshot.run.on else None
