"""An algorithm's card: the one source of the register, the linter and every paper (备案表、自评估、影响评估、公示、协商清单).

One YAML file per algorithm and version. Everything here is data; reading it is `reading.py`, judging it `linter.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

ConfigValue: TypeAlias = str | int | float | bool | None
"""What one setting of an algorithm may be."""

KINDS = {
    "generation": ("生成合成类", "Generation and synthesis"),
    "push": ("个性化推送类", "Personalised push"),
    "ranking": ("排序精选类", "Ranking and selection"),
    "filtering": ("检索过滤类", "Search and filtering"),
    "dispatch": ("调度决策类", "Dispatch and decision"),
}
"""The five types of 互联网信息服务算法推荐管理规定 (law pack: cn_algo_types), with our codes."""

RISKS = {"low": ("低", "Low"), "medium": ("中", "Medium"), "high": ("高", "High")}
"""Our own three classes; docs/reference/registry.md says what puts an algorithm into which."""

SUBJECTS = {"series": ("一条序列", "A series"), "person": ("个人", "A person"), "firm": ("单位", "A firm")}

LEAST_YEARS = 3
"""Years that decisions and papers are kept at least (law pack: decision_log_three_years, pipl_55_56)."""

NEGOTIATED = ("dispatch", "pay", "hours", "time_and_route", "conduct")
"""Subjects of 平台劳动规则和算法协商指引(试行) (law pack: cn_algo_negotiation_2026), with our codes."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for it. org_id: 18-digit unified social credit code · empty texts are what is still to be filled in."""

    org: Words
    org_id: str = ""
    department: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """The product that it works in. since: first day of service, None before."""

    product: Words
    form: Words
    field: Words
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Coded:
    """A code with its words: a purpose, a reason (words may hold {figures}), an outcome."""

    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that the algorithm looks at. why: why nothing less will do · required_by: the clause that demands a protected attribute."""

    name: str
    words: Words
    why: Words
    is_personal: bool
    required_by: str = ""


@dataclass(frozen=True, slots=True)
class DataUse:
    """A table it reads or learned from, and where that comes from."""

    name: str
    words: Words
    origin: Words
    is_personal: bool


@dataclass(frozen=True, slots=True)
class Risk:
    """What may go wrong for people, and what is done against it."""

    words: Words
    measure: Words


@dataclass(frozen=True, slots=True)
class Check:
    """A test that anybody may repeat: what it shows, and the file or command."""

    words: Words
    where: str


@dataclass(frozen=True, slots=True)
class Code:
    """held_by: `product` (the files are the running code) or `operator` (the files are the operator's deposited statement of its rules).

    paths: patterns below the package or the card's folder.
    """

    held_by: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """algo, version: its name in the register · kind, risk, subject: keys of KINDS, RISKS, SUBJECTS · retention_years >= LEAST_YEARS
    · negotiation: for dispatch, subject of NEGOTIATED -> what the rules say."""

    algo: str
    version: str
    name: Words
    kind: str
    risk: str
    risk_why: Words
    subject: str
    owner: Owner
    service: Service
    about: Words
    mechanism: Words
    human: Words
    objection: Words
    purposes: tuple[Coded, ...]
    features: tuple[Feature, ...]
    reasons: tuple[Coded, ...]
    outcomes: tuple[Coded, ...]
    data: tuple[DataUse, ...]
    retention: str
    retention_years: int
    risks: tuple[Risk, ...]
    limits: tuple[Words, ...]
    tests: tuple[Check, ...]
    code: Code
    config: Mapping[str, ConfigValue]
    model_card: str
    negotiation: Mapping[str, Words] = field(default_factory=dict)

    @property
    def has_personal_data(self) -> bool:
        """Whether anything personal goes in; then an impact assessment (PIPL 55) is owed."""
        return any(f.is_personal for f in self.features) or any(d.is_personal for d in self.data)
