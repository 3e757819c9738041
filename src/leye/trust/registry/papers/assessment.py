"""算法安全自评估报告: how it works, what it uses and why, what may go wrong, how it was tested; what the two signatures rest on."""

from __future__ import annotations

from leye.trust.registry.card import KINDS, RISKS, SUBJECTS, Card
from leye.trust.registry.law import fact
from leye.trust.registry.papers.parts import (
    Rows,
    Section,
    Sentence,
    data_table,
    facts_table,
    features_table,
    law_section,
    risks_table,
)

_LAW = ("algo_filing", "pipl_6", "pipl_24", "decision_log")


def sections(card: Card, version: str, identity: str) -> tuple[Section, ...]:
    """The report."""
    basics = [
        ("算法", f"{card.name.zh}（{card.algo} {version}）"),
        ("类型", KINDS[card.kind][0]),
        ("决定的对象", SUBJECTS[card.subject][0]),
        ("用途", "；".join(f"{p.words.zh}（{p.code}）" for p in card.purposes)),
        ("版本指纹", identity),
        ("运营单位", card.owner.org.zh),
    ]
    held = (
        "程序由本平台持有，指纹按实际运行的代码计算。"
        if card.code.held_by == "product"
        else "程序未交来，指纹按运营单位报送的规则说明计算；核对靠结果。"
    )
    settings = Rows(("配置", "取值"), tuple((k, str(v)) for k, v in card.config.items()))
    return (
        Section("一、基本情况", (facts_table(basics), Sentence(card.about.zh))),
        Section("二、机制机理", (Sentence(card.mechanism.zh), Sentence(held), settings)),
        Section(
            "三、数据和特征（最小必要）",
            (
                data_table(card),
                features_table(card),
                Sentence("没有列出的特征，系统在决定出口处拒绝；步态、声纹、步数、麦克风、键盘记录、下线后位置等一律禁用。"),
            ),
        ),
        Section(
            "四、结果和理由",
            (
                Rows(("结果", "含义"), tuple((o.code, o.words.zh) for o in card.outcomes)),
                Rows(("理由代码", "向本人说明的话"), tuple((r.code, r.words.zh) for r in card.reasons)),
            ),
        ),
        Section("五、风险和措施", (Sentence(f"风险等级：{RISKS[card.risk][0]}。{card.risk_why.zh}"), risks_table(card))),
        Section(
            "六、测试和局限",
            (
                Rows(("测试", "在哪里"), tuple((t.words.zh, t.where) for t in card.tests)),
                Rows(("局限",), tuple((limit.zh,) for limit in card.limits)),
            ),
        ),
        Section("七、人工干预、说明与申诉", (Sentence(card.human.zh), Sentence(card.objection.zh))),
        Section("八、留存", (Sentence(f"决定和评估文书留存 {card.retention_years} 年（类别 {card.retention}）。"),)),
        law_section([fact(name) for name in _LAW + (("algo_labour",) if card.kind == "dispatch" else ())]),
    )
