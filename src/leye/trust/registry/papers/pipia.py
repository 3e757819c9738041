"""个人信息保护影响评估 (PIPL 55, 56): lawful and necessary? what effect on people? are the measures up to the risk?"""

from __future__ import annotations

from leye.trust.registry.card import RISKS, SUBJECTS, Card
from leye.trust.registry.law import fact
from leye.trust.registry.papers.parts import Rows, Section, Sentence, data_table, facts_table, features_table, law_section, risks_table


def sections(card: Card, version: str, identity: str) -> tuple[Section, ...]:
    """The three questions of article 56, answered from the card; says so where no personal data go in."""
    questions = fact("pipia").more["content"]
    personal = [f for f in card.features if f.is_personal]
    says = "处理个人信息，属于自动化决策，应当事前评估。" if card.has_personal_data else "不处理个人信息；按自动化决策从严，仍作评估并留存。"
    purpose = [
        ("处理目的", "；".join(p.words.zh for p in card.purposes)),
        ("决定的对象", SUBJECTS[card.subject][0]),
        ("处理方式", card.mechanism.zh),
        ("涉及的个人信息", "、".join(f"{f.words.zh}（{f.name}）" for f in personal) or "无"),
        (
            "受保护属性",
            "、".join(f"{f.name}：{f.required_by}" for f in card.features if f.required_by) or "不用；性别、年龄等只在单独存放处供审计员核对",
        ),
    ]
    measures = (
        ("记录里没有姓名、证件号、电话", "留痕里只有带密钥的假名和加盐承诺"),
        ("输入加密存放", "按用途分密钥加密，读取留痕，可依法删除，删除后留痕仍完整"),
        ("只用声明过的特征", "决定出口处逐条核对，未声明的拒绝"),
        ("可以要求说明", "每个决定都有理由和依据，本人可以查看、下载回执"),
        ("可以拒绝只由机器作出的决定", card.human.zh),
        ("可以申诉", card.objection.zh),
    )
    return (
        Section("一、是否需要评估", (Sentence(says),)),
        Section(f"二、{questions[0]}", (facts_table(purpose), data_table(card), features_table(card))),
        Section(f"三、{questions[1]}", (Sentence(f"风险等级：{RISKS[card.risk][0]}。{card.risk_why.zh}"), risks_table(card))),
        Section(f"四、{questions[2]}", (Rows(("措施", "怎么做到"), measures),)),
        Section(
            "五、结论与留存",
            (
                Sentence(f"版本指纹 {identity}。评估报告和处理情况记录至少保存 {fact('pipia').more['years']} 年。"),
                Sentence("结论由签字的两人写在签字意见里；改了代码、配置或特征即为新版本，重新评估。"),
            ),
        ),
        law_section([fact("pipia"), fact("pipl_24"), fact("pipl_6")]),
    )
