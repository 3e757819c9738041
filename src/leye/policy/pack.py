"""What a rule pack says, as read: policies with versions and clauses, derived facts, parameters by place and day, notes, cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeAlias

from leye.kernel.errors import Place
from leye.policy.expression import Node
from leye.policy.facts import FactTable
from leye.policy.located import Mapping as LocatedMapping

UNITS = ("month", "year", "once", "loan", "status", "rate", "deferral", "cover")
MONEY_UNITS = ("month", "year", "once", "loan")
"""Units whose policies pay or lend money, so that an absent amount needs its reason."""
FUNDS = ("ui_fund", "employment_fund", "guarantee_fund", "injury_fund", "tax", "none")
ABOUT = ("person", "hire", "firm")
RULES = ("max_benefit", "choose", "priority")
SCOPES = ("same_month", "same_certificate", "same_hire", "same_business", "once", "same_person")
STATUSES = ("verified", "unverified")


@dataclass(frozen=True, slots=True)
class Source:
    """A document; `quote` only where its words were seen."""

    doc: str
    article: str = ""
    quote: str = ""

    def __str__(self) -> str:
        return f"{self.doc} {self.article}".strip()


@dataclass(frozen=True, slots=True)
class Note:
    """What a user must know beside a rule: mostly that sources differ. grade: A government page, B full copy, C secondary."""

    zh: str
    en: str = ""
    source: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition with the sentence of the law. text: the expression as written."""

    when: Node
    text: str
    say: str
    say_en: str = ""
    basis: str = ""
    note: Note | None = None
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """all | any | not | at_least of clauses and groups. k counts for at_least only."""

    kind: str
    parts: tuple[ClauseNode, ...]
    k: int = 0
    say: str = ""
    say_en: str = ""
    basis: str = ""
    note: Note | None = None
    place: Place = field(default=Place(), compare=False)


ClauseNode: TypeAlias = Clause | Group


def leaves(node: ClauseNode) -> Iterator[Clause]:
    """All conditions of a tree, in order."""
    if isinstance(node, Clause):
        yield node
    else:
        for part in node.parts:
            yield from leaves(part)


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """A value of a place from a day on: `value` or `formula`. end: last day, None when no end was seen; policy: only for this one.

    seen_at, page_date, src: the page, its day and kind (official | press | repost | mirror; a mirror is never linked).
    over_row: goes before a value in the person's row, which is the law as it stands; only a reform's value does."""

    region: str
    start: date
    end: date | None
    value: int | None
    formula: Node | None = None
    formula_text: str = ""
    policy: str = ""
    ref: str = ""
    status: str = "verified"
    dates: str = "verified"
    note_zh: str = ""
    seen_at: str = ""
    page_date: date | None = None
    src: str = ""
    over_row: bool = False
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the law by place and day. low, high: what any place may set."""

    name: str
    unit: str
    zh: str
    low: int | None
    high: int | None
    values: tuple[ParameterValue, ...]
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class AmountRow:
    """One row of an amount table: `fen` for those for whom `when` holds."""

    when: Node
    fen: Node
    say: str
    say_en: str = ""
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class Version:
    """A policy as it stands from `start` to `end` (None: open, `sunset` says why) in a region and below; `exclusive` adds groups of its own."""

    start: date
    end: date | None
    sunset: str
    region: str
    dates: str
    who: ClauseNode
    unit: str
    amount: Node | None
    amount_text: str
    amount_rows: tuple[AmountRow, ...]
    amount_why_zh: str
    amount_why_en: str
    months: Node | None
    months_text: str
    parameters: Mapping[str, Parameter]
    sources: tuple[Source, ...]
    notes: tuple[Note, ...]
    pack: str
    exclusive: tuple[Exclusion, ...] = ()
    place: Place = field(default=Place(), compare=False)

    def in_force(self, on: date) -> bool:
        """Whether the day lies in it; both ends belong to it."""
        return self.start <= on and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Membership of a policy in a group of which one may be had. rule: max_benefit | choose | priority (by `order`)."""

    group: str
    scope: str
    rule: str
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Apply:
    """How one asks for it. deadline: months after a date fact; without one the end of the version counts."""

    documents_zh: tuple[str, ...] = ()
    documents_en: tuple[str, ...] = ()
    where_zh: str = ""
    where_en: str = ""
    deadline_after: str = ""
    deadline_months: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case of a pack. facts and expect as written."""

    policy: str
    name: str
    on: date
    facts: LocatedMapping
    expect: LocatedMapping
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy with all its versions, national and regional."""

    id: str
    name: str
    name_en: str
    about: str
    pays: str
    status: str
    discretionary: bool
    benefit_zh: str
    benefit_en: str
    sources: tuple[Source, ...]
    versions: tuple[Version, ...]
    exclusive: tuple[Exclusion, ...]
    apply: Apply
    notes: tuple[Note, ...]
    cases: tuple[Case, ...]
    pack: str
    place: Place = field(default=Place(), compare=False)

    @property
    def all_exclusive(self) -> tuple[Exclusion, ...]:
        """Groups of the policy and of any of its versions."""
        return tuple(dict.fromkeys((*self.exclusive, *(e for v in self.versions for e in v.exclusive))))


@dataclass(frozen=True, slots=True)
class DerivedForm:
    """What a derived fact is in a region and below."""

    region: str
    node: Node
    text: str
    source: str
    status: str = "verified"
    dates: str = "verified"
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class Derived:
    """A fact that follows from others; forms by region, the national one first."""

    id: str
    zh: str
    type: str
    unit: str
    say: str
    say_en: str
    forms: tuple[DerivedForm, ...]
    cases: tuple[Case, ...]
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class SeenFigure:
    """A figure that is known but is no single value of its place: it goes by tier, group, season or range. Shown, never evaluated.

    why_zh: why it gives no value. value in `unit` (fen, pct); bound: min | max; season: months of the year; policy: "" for all."""

    parameter: str
    region: str
    value: int
    unit: str
    why_zh: str
    tier: int | None = None
    who: str = ""
    season: str = ""
    bound: str = ""
    policy: str = ""
    start: date | None = None
    end: date | None = None
    ref: str = ""
    seen_at: str = ""
    page_date: date | None = None
    src: str = ""
    status: str = "verified"
    dates: str = "verified"
    note_zh: str = ""
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class Pack:
    """One folder, by name. notes: (policy, note) of a region; seen: figures of the region without a single value."""

    id: str
    name_zh: str
    name_en: str
    region: str
    extends: str
    folder: Path
    notes: tuple[tuple[str, Note], ...] = ()
    seen: tuple[SeenFigure, ...] = ()


@dataclass(frozen=True, eq=False)
class PackSet:
    """Packs that are read together: the national one and its regions. Derived facts stand in an order in which each follows what it reads."""

    packs: tuple[Pack, ...]
    facts: FactTable
    derived: Mapping[str, Derived]
    policies: Mapping[str, Policy]
    parameters: Mapping[str, Parameter]
    cases: tuple[Case, ...]
