"""备案表: the three parts of the filing system, 主体信息、算法信息、产品及功能信息."""

from __future__ import annotations

from leye.trust.registry.card import KINDS, RISKS, Card
from leye.trust.registry.law import fact
from leye.trust.registry.papers.parts import OPEN, Rows, Section, Sentence, data_table, facts_table, law_section, owner_pairs


def sections(card: Card, version: str, identity: str) -> tuple[Section, ...]:
    """The form, filled in from the card as far as the card knows."""
    days = fact("algo_filing").more["working_days"]
    duties = fact("algo_filing_parts").more["duties"]
    algorithm = [
        ("算法名称", card.name.zh),
        ("算法代号与版本", f"{card.algo} {version}"),
        ("算法类型", KINDS[card.kind][0]),
        ("风险等级（本平台分级）", RISKS[card.risk][0]),
        ("应用领域", card.service.field.zh),
        ("算法简介", card.about.zh),
        ("运行机制", card.mechanism.zh),
        ("代码与配置指纹", identity),
        ("算法安全自评估报告", "见所附《算法安全自评估报告》"),
        ("拟公示内容", "见所附《拟公示内容》"),
    ]
    product = [
        ("产品名称", card.service.product.zh),
        ("服务形式", card.service.form.zh),
        ("功能描述", card.about.zh),
        ("开始服务日期", card.service.since.isoformat() if card.service.since else ""),
        ("结果", "、".join(o.words.zh for o in card.outcomes)),
    ]
    return (
        Section(
            "一、主体信息",
            (
                facts_table(owner_pairs(card)),
                Rows(("落实算法安全主体责任基本情况", "说明"), tuple((d, _duty(d, card)) for d in duties)),
                Sentence(f"算法备案承诺书：{OPEN}，由法定代表人签署后附上。"),
            ),
        ),
        Section("二、算法信息", (facts_table(algorithm), data_table(card))),
        Section("三、产品及功能信息", (facts_table(product),)),
        Section(
            "时限",
            (
                Sentence(
                    f"提供服务后 {days['after_start']} 个工作日内备案，变更后 {days['after_change']} 个工作日内变更，"
                    f"终止后 {days['cancellation']} 个工作日内注销（{fact('algo_filing').cited}）。"
                ),
            ),
        ),
        law_section([fact("algo_filing"), fact("algo_filing_parts"), fact("algo_types")]),
    )


def _duty(duty: str, card: Card) -> str:
    return {
        "算法安全自评估": "上线前自评估，两人签字，其一为职工代表；改了代码或配置即为新版本，重新评估",
        "算法安全监测": "运行中随机抽查，抽样种子留痕；每季度公平性核对"
        if card.subject != "series"
        else "运行中随机抽查，抽样种子留痕；误报率持续记录",
        "算法安全事件应急处置": "事件登记后固定该时段全部决定的留痕编号，逐条追溯；可当场暂停",
        "算法违法违规处置": "暂停、列入黑名单；同一份代码改名不能重新登记",
    }.get(duty, OPEN)
