"""协商清单: the five subjects of the 2026 guideline on platform rules and algorithms, with room for what both sides agree."""

from __future__ import annotations

from leye.trust.registry.card import NEGOTIATED, Card
from leye.trust.registry.law import fact
from leye.trust.registry.papers.parts import OPEN, Rows, Section, Sentence, facts_table, features_table, law_section

SUBJECTS = {
    "dispatch": "派单",
    "pay": "收入与抽成",
    "hours": "工时与休息",
    "time_and_route": "时间预估与路线（算法取中）",
    "conduct": "考核与奖惩",
}
"""Subject -> words of the guideline."""


def sections(card: Card, version: str, identity: str) -> tuple[Section, ...]:
    """The sheet. A card that is no dispatch algorithm has nothing to negotiate and says so."""
    if not card.negotiation:
        return (Section("说明", (Sentence(f"{card.name.zh}不安排劳动者的工作，没有需要协商的平台规则。"),)), law_section([fact("negotiation")]))
    rules = tuple((SUBJECTS[key], card.negotiation[key].zh if key in card.negotiation else OPEN, OPEN, OPEN) for key in NEGOTIATED)
    needs = tuple((need, OPEN) for need in fact("negotiation").more["needs"])
    return (
        Section("协商对象", (facts_table([("平台", card.owner.org.zh), ("算法", f"{card.name.zh} {version}"), ("版本指纹", identity[:16])]),)),
        Section("五项规则", (Rows(("事项", "现行规则", "劳动者代表意见", "协商结果"), rules),)),
        Section("算法看什么", (features_table(card),)),
        Section(
            "程序要件",
            (Rows(("要件", "情况"), needs), facts_table([("劳动者代表（签字）", ""), ("企业代表（签字）", ""), ("协商日期", ""), ("公布日期", "")])),
        ),
        law_section([fact("negotiation"), fact("platform_work"), fact("injury")]),
    )
