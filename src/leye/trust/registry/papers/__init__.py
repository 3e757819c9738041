"""Papers of the register, all rendered from one source: the card and the law pack."""

from __future__ import annotations

from leye.kernel.errors import NotFound
from leye.trust.registry.card import Card
from leye.trust.registry.papers import assessment, filing, negotiation, notice, pipia
from leye.trust.registry.papers.parts import Block, Paper, Rows, Section, Sentence, missing_of

KINDS = {
    "filing": ("算法备案表", "Filing form", filing.sections),
    "assessment": ("算法安全自评估报告", "Self-assessment of algorithm safety", assessment.sections),
    "pipia": ("个人信息保护影响评估", "Personal-information impact assessment", pipia.sections),
    "notice": ("拟公示内容", "Public notice", notice.sections),
    "negotiation": ("平台规则和算法协商清单", "Negotiation sheet for platform rules and algorithms", negotiation.sections),
}
"""Kind -> title in Chinese and English, and what writes it."""

__all__ = ["KINDS", "Block", "Paper", "Rows", "Section", "Sentence", "paper"]


def paper(kind: str, card: Card, *, version: str, identity: str) -> Paper:
    """One paper. version: as registered · identity: the version's hash. Raises NotFound on an unknown kind. Equal card, equal paper."""
    if kind not in KINDS:
        raise NotFound(f"没有这种文书：{kind}", en=f"no such paper: {kind}", remedy_zh=f"可选：{'、'.join(KINDS)}")
    title, _, write = KINDS[kind]
    sections = write(card, version, identity)
    return Paper(kind, title, f"{card.name.zh} · {card.algo} {version} · {identity[:16]}", sections, missing_of(sections))
