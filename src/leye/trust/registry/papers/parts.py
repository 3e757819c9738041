"""A paper as parts: sections of sentences and tables, in Chinese. Page, print and Word file render the same parts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

from leye.trust.registry.card import Card
from leye.trust.registry.law import Fact

OPEN = "（待填写）"
"""What stands where a person still has to fill in; nothing is made up."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Rows:
    """A table."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Sentence | Rows


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """kind: of KINDS · subtitle: algorithm, version and the first digits of its identity · missing: fields that somebody still has to fill in."""

    kind: str
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    missing: tuple[str, ...] = ()

    def sha256(self) -> str:
        """Hash over the whole paper; signatures rest on it."""
        return hashlib.sha256(json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def facts_table(pairs: Iterable[tuple[str, str]]) -> Rows:
    """Field and content; what is not known is shown as still to be filled in."""
    return Rows(("项目", "内容"), tuple((name, text or OPEN) for name, text in pairs))


def law_section(facts: Sequence[Fact]) -> Section:
    """What the paper rests on, each with how we know it."""
    rows = tuple((f.cited, f.text.zh) for f in facts)
    note = Sentence("“未核对”的条款由法务核对原文后方可引用；本文不是法律意见。")
    return Section("依据", (Rows(("规定（核对情况）", "要点"), rows), note))


def owner_pairs(card: Card) -> list[tuple[str, str]]:
    """Who answers for it."""
    o = card.owner
    return [
        ("运营单位", o.org.zh),
        ("统一社会信用代码", o.org_id),
        ("责任部门", o.department),
        ("联系人", o.contact),
        ("电话", o.phone),
        ("邮箱", o.email),
        ("地址", o.address),
    ]


def missing_of(sections: Iterable[Section]) -> tuple[str, ...]:
    """Names of the fields that are still open."""
    tables = [b for s in sections for b in s.blocks if isinstance(b, Rows)]
    return tuple(dict.fromkeys(row[0] for t in tables for row in t.rows if OPEN in row))


def features_table(card: Card) -> Rows:
    """Every feature with why nothing less will do."""
    rows = tuple((f.name, f.words.zh, "是" if f.is_personal else "否", f.why.zh, f.required_by) for f in card.features)
    return Rows(("特征", "含义", "个人信息", "为什么非用不可", "条款要求"), rows)


def data_table(card: Card) -> Rows:
    """Every table it reads."""
    return Rows(("数据", "内容", "来源", "个人信息"), tuple((d.name, d.words.zh, d.origin.zh, "是" if d.is_personal else "否") for d in card.data))


def risks_table(card: Card) -> Rows:
    """What may go wrong and what is done against it."""
    return Rows(("风险", "措施"), tuple((r.words.zh, r.measure.zh) for r in card.risks))
