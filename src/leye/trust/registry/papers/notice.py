"""拟公示内容: what everybody may read; short, without code and settings."""

from __future__ import annotations

from leye.trust.registry.card import KINDS, Card
from leye.trust.registry.law import fact
from leye.trust.registry.papers.parts import Rows, Section, Sentence, facts_table, law_section


def sections(card: Card, version: str, identity: str) -> tuple[Section, ...]:
    """The notice."""
    pairs = [
        ("算法名称", card.name.zh),
        ("算法类型", KINDS[card.kind][0]),
        ("版本", f"{version}（指纹 {identity[:16]}）"),
        ("运营单位", card.owner.org.zh),
        ("用在哪里", card.service.product.zh),
        ("用途", "；".join(p.words.zh for p in card.purposes)),
    ]
    used = tuple((f.words.zh, f.why.zh) for f in card.features)
    return (
        Section("基本信息", (facts_table(pairs),)),
        Section("它怎么运行", (Sentence(card.about.zh), Sentence(card.mechanism.zh))),
        Section("它看什么，为什么", (Rows(("看什么", "为什么"), used),)),
        Section("谁最后决定", (Sentence(card.human.zh),)),
        Section("不同意怎么办", (Sentence(card.objection.zh),)),
        Section("它做不到什么", (Rows(("局限",), tuple((limit.zh,) for limit in card.limits)),)),
        law_section([fact("algo_filing"), fact("pipl_24")]),
    )
