"""report.md: the plan in Chinese for whoever signs it, with what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leye.policy.optimise.effects import Effect, GroupEffect
from leye.policy.optimise.prices import RowPrice
from leye.policy.optimise.programmes import GROUPS_ZH
from leye.policy.optimise.proposals import Proposal
from leye.policy.optimise.run import Finding, Run
from leye.policy.optimise.tree import depth_of, offering_paths
from leye.policy.optimise.tree_rule import rule_id, said_zh

FUNDS_ZH = {
    "ui_fund": "失业保险基金",
    "employment_fund": "就业补助资金",
    "guarantee_fund": "担保基金",
    "injury_fund": "工伤保险基金",
    "tax": "税收减免",
}
VERDICTS_ZH = {"effective": "有效", "no_evidence": "没有证据表明有效", "harmful": "有害", "not_evaluated": "无法评估"}
KINDS_ZH = {"floor_share": "保底比例", "cap_share": "封顶比例", "places": "名额", "at_least": "最低人数", "at_most": "最高人数"}


def report_zh(run: Run, proposals: Sequence[Proposal] = ()) -> str:
    """The report as Markdown."""
    parts = [
        "# 项目资金安排建议",
        f"数据日期 {run.on.isoformat()}，候选人员 {len(run.candidates.person_id):,} 人，"
        f"历史记录 {len(run.history.programme):,} 条，抽签种子 {run.seed}。"
        "建议由模型算出，经有权限的人签字后才生效；法定权益不参加优化。",
        "## 结论",
        *_summary(run),
        "## 每个项目有没有效",
        *_effects(run),
        "## 钱花在哪里，再多一万元换来什么",
        *_budgets(run),
        "## 保底和限额的代价",
        *_rules(run),
        "## 写成规则",
        *_rules_proposed(run, proposals),
        "## 可信吗",
        *_evidence(run),
        "## 口径和限制",
        *_limits(run),
    ]
    return "\n\n".join(parts) + "\n"


def yuan(fen: float) -> str:
    """Fen as yuan with separators."""
    return f"{fen / 100:,.0f}元"


def points(share: float) -> str:
    """A share of people as percentage points."""
    return f"{share * 100:+.1f} 个百分点"


def group_zh(name: str) -> str:
    """The name of a group as people say it."""
    return GROUPS_ZH.get(name, name.removeprefix("region:"))


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(r)} |" for r in rows)]
    return "\n".join(lines)


def _summary(run: Run) -> Iterator[str]:
    if run.allocation is None:
        yield "没有一个项目有证据表明有效，不建议安排任何名额。"
        return
    spent = int(run.assignments["cost_fen"].sum())
    low, high = run.expected - 1.96 * run.expected_se, run.expected + 1.96 * run.expected_se
    yield (
        f"建议安排 {run.assignments.height:,} 人，花费 {yuan(spent)}，预计半年后多就业 {run.expected:.1f} 人（95% 区间 {low:.1f} 至 {high:.1f}）。"
        f"任何别的安排最多再多 {max(run.allocation.bound - run.allocation.value, 0.0):.3f} 人（差距 {run.allocation.gap:.1e}）。"
    )
    drawn = int(run.assignments["by_lot"].sum())
    if drawn:
        yield f"其中 {drawn:,} 人与未安排的人条件、效果和费用完全相同，由抽签决定。"
    for finding in run.findings:
        if finding.by_override:
            programme = run.plan.by_id(finding.programme)
            yield f"**“{programme.name}”没有证据表明有效，由 {programme.override_by} 决定仍然安排，理由：{programme.override}。**"


def _effects(run: Run) -> Iterator[str]:
    rows = []
    for f in run.findings:
        name = run.plan.by_id(f.programme).name
        if f.effect is None:
            rows.append([name, VERDICTS_ZH[f.verdict], "—", "—", "—", f"{f.eligible:,}", "否"])
            continue
        e = f.effect
        interval = f"{e.lo * 100:+.1f} 至 {e.hi * 100:+.1f}"
        rows.append(
            [name, VERDICTS_ZH[f.verdict], points(e.mean.estimate), interval, points(e.unadjusted), f"{f.eligible:,}", "是" if f.placed else "否"]
        )
    yield _table(["项目", "结论", "效果", "区间（各项目同时成立 95%）", "不调整的差", "符合条件", "参加安排"], rows)
    for f in run.findings:
        name = run.plan.by_id(f.programme).name
        if f.refusal is not None:
            yield f"- {f.refusal.zh}。{f.refusal.remedy_zh}。"
        elif f.effect is not None and not f.placed:
            yield f"- “{name}”的区间包含 0，没有证据表明它改变了就业，不建议安排；这不等于证明它无效。"
        notes = [f"{f.unsure:,} 人待核实，未计入"] * bool(f.unsure) + [f"{f.unpriced:,} 人金额未知，未计入"] * bool(f.unpriced)
        notes += [f"{f.outside:,} 人与历史上的参加者都不像，不安排"] * bool(f.outside)
        if notes:
            yield f"- “{name}”：{'；'.join(notes)}。"
        if f.effect is not None:
            yield from _groups(name, f.effect)


def _groups(name: str, effect: Effect) -> Iterator[str]:
    known = [_group(g) for g in effect.groups if g.mean is not None]
    if known:
        yield f"- “{name}”分群体（百分点）：{'，'.join(known)}。"
    few = [g for g in effect.groups if g.mean is None]
    if few:
        yield f"- “{name}”人数太少、不能单独评估的群体：{'、'.join(group_zh(g.group) for g in few)}。"


def _group(g: GroupEffect) -> str:
    assert g.mean is not None and g.lo is not None and g.hi is not None
    return f"{group_zh(g.group)} {g.mean.estimate * 100:+.1f}（{g.lo * 100:+.1f} 至 {g.hi * 100:+.1f}）"


def _budgets(run: Run) -> Iterator[str]:
    if not run.budgets:
        yield "没有安排。"
        return
    rows = [
        [
            FUNDS_ZH.get(b.fund, b.fund),
            yuan(b.budget_fen),
            yuan(b.spent_fen),
            f"{b.effect_per_10k_yuan:.3f} 人" if b.yuan_per_effect else "0（钱有剩余）",
            "—" if b.yuan_per_effect is None else f"{b.yuan_per_effect:,.0f}元",
        ]
        for b in run.budgets
    ]
    yield _table(["资金", "预算", "安排", "再多一万元多就业", "多一人就业的边际花费"], rows)


def _rules(run: Run) -> Iterator[str]:
    if not run.rows:
        yield "没有设保底或限额。"
        return
    yield _table(["规则", "现有", "多要求一人的代价", "整条规则的代价"], [_rule(r) for r in run.rows])
    yield "代价是为了这条规则少就业的人数，折成按边际花费买回同样效果的钱；为 0 表示不设这条规则结果也一样。"


def _rule(row: RowPrice) -> list[str]:
    name = f"{group_zh(row.group)}{KINDS_ZH[row.kind]}（{row.name}）" if row.group else f"名额（{row.name}）"
    money = "" if row.yuan_per_head is None or row.effect_per_head == 0 else f"，约 {row.yuan_per_head:,.0f}元"
    whole = "" if row.yuan_total is None or row.effect_total == 0 else f"，约 {row.yuan_total:,.0f}元"
    return [name, f"{row.heads:,} / {row.of_heads:,} 人", f"{row.effect_per_head:.4f} 人{money}", f"{row.effect_total:.2f} 人{whole}"]


def _rules_proposed(run: Run, proposals: Sequence[Proposal]) -> Iterator[str]:
    if not proposals:
        yield "没有可以写成规则的项目。"
    for p in proposals:
        chosen, others = p.learned.chosen, p.learned.others
        if not p.text:
            yield f"- “{p.programme.name}”：没有找到经得起检验、值得写成规则的区分办法，符合条件的人一视同仁。"
            continue
        low, high = (v * 100 for v in chosen.interval(1.96))
        yield (
            f"- “{p.programme.name}”：草案 {rule_id(p.programme)}.yaml，{depth_of(p.learned.tree)} 层，优先 {p.learned.offered:.0%} 的人。"
            f"未参与学习的人中，优先的每100人多就业 {chosen.estimate * 100:.1f} 人（区间 {low:.1f} 至 {high:.1f}），"
            f"其余 {others.estimate * 100:.1f} 人。须经人审定、签发后才生效。"
        )
        for path in offering_paths(p.learned.tree):
            yield "  - 优先：" + "，".join(said_zh(split, holds, p.asked) for split, holds in path)


def _evidence(run: Run) -> Iterator[str]:
    for f in run.findings:
        if f.effect is not None:
            yield _believe(run, f, f.effect)
    if run.certificate is None and run.allocation is not None:
        yield "- 最优性：人数太多、各不相同，HiGHS 没有另算；差距是对偶上界给出的，任何安排都超不过它。"
    if run.certificate is not None:
        sure = run.certificate
        yield f"- 最优性：HiGHS 按 {sure.cells:,} 组（{sure.people:,} 人，其余的人由价格确定）求解，上界 {sure.bound:.3f} 人，差距 {sure.gap:.1e}。"


def _believe(run: Run, f: Finding, e: Effect) -> str:
    worst = e.balance[0] if e.balance else None
    parts = [
        f"参加者 {e.participants:,} 人、未参加者 {e.others:,} 人，比较了 {e.mean.n:,} 条",
        f"加权有效人数 {e.overlap.effective[0]:,.0f} 和 {e.overlap.effective[1]:,.0f}，剔除参加者 {e.overlap.trimmed[0]:.1%}",
        f"调整后最大的标准化差 {abs(worst.after):.2f}（{worst.covariate}，调整前 {abs(worst.before):.2f}）" if worst else "",
        f"预测校准斜率 {e.outcome_calibration[0].slope:.2f}（未参加）、{e.outcome_calibration[1].slope:.2f}（参加），1 为准",
        "不同的人效果不同，按条件区分" if e.targeting.tells_apart else "看不出不同的人效果不同，都按平均效果计",
        f"没有记录到的原因若能同时解释就业和参加剩余差异的 {e.robustness[0]:.1%}，结论就会归零（动摇区间只需 {e.robustness[1]:.1%}）",
        *(zh for zh, _ in e.warnings),
    ]
    return f"- “{run.plan.by_id(f.programme).name}”：{'；'.join(p for p in parts if p)}。"


def _limits(run: Run) -> Iterator[str]:
    shared = "、".join(run.may_choose) or "无"
    protected = [c for c in run.history.covariates.columns if c not in run.may_choose]
    yield f"- 效果按双重稳健得分估计（交叉拟合），只对可比的人成立；用来挑人的条件只有：{shared}。" + (
        f"只用于比较、不用来挑人（或候选人没有这一项）的有：{'、'.join(protected)}。" if protected else ""
    )
    if run.history.joined:
        yield "- 历史表没有参加时的情况，调整用的是今天的人员表中不会被项目改变的几项；参加以后变过的情况没有调整。"
    for reason, zh in (("other_programmes", "不在项目表中的项目"), ("outcome_unknown", "还不知道半年后是否就业")):
        if reason in run.history.dropped:
            yield f"- 历史记录有 {run.history.dropped[reason]:,} 条未用：{zh}。"
    if any("+" in o.name for o in (run.allocation.problem.options if run.allocation else ())):
        yield "- 同时参加两个项目的效果按两者之和计，这是假设，没有单独评估。"
    yield "- 总效果的区间没有计入“按估计值挑人”带来的乐观；效果相同时不存在这一偏差。"
