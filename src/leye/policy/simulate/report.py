"""The report of a simulation in Chinese, Markdown: what changes, for whom, what it costs, and what was assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leye.policy.simulate.cost import Range

if TYPE_CHECKING:
    from leye.policy.simulate.run import Simulation

COLUMNS_ZH = {"region": "地区", "sex": "性别", "age_band": "年龄段", "hukou_type": "户口性质", "employment_status": "就业状态"}
SOURCES_ZH = {"assumed": "产品的假设值", "reform": "方案里写明的假设", "fitted": "本地申领记录拟合"}


def yuan(fen: float) -> str:
    """Fen as yuan with separators; 万元 from a million yuan on."""
    value = fen / 100
    return f"{value / 10_000:,.1f} 万元" if abs(value) >= 1_000_000 else f"{value:,.0f} 元"


def span(found: Range) -> str:
    """A range of money in words."""
    return f"{yuan(found.centre)}（90% 区间 {yuan(found.low)} 至 {yuan(found.high)}）"


def report_text(simulation: Simulation) -> str:
    """The whole report."""
    parts = [
        _head(simulation),
        _policies(simulation),
        _expected(simulation),
        _margins(simulation),
        _months(simulation),
        _groups(simulation),
        _assumptions(simulation),
    ]
    return "\n".join(p for p in parts if p)


def _head(s: Simulation) -> str:
    whole, summary = s.summary.whole, s.summary
    lines = [f"# 政策模拟：{s.reform.name}", "", *(f"- {w}" for w in s.reform.words), ""]
    if s.reform.why:
        lines += [f"理由：{s.reform.why}", ""]
    delta = summary.cost_after_fen - summary.cost_before_fen
    lines += [
        f"截至 {s.on.isoformat()}，{whole['people']:,} 人：得益 {whole['winners']:,} 人（共 {yuan(whole['gain_fen'])}），"
        f"受损 {whole['losers']:,} 人（共 {yuan(-whole['loss_fen'])}）。",
        f"应享金额（年化）由 {yuan(summary.cost_before_fen)} 变为 {yuan(summary.cost_after_fen)}，"
        f"{'增加' if delta >= 0 else '减少'} {yuan(abs(delta))}。",
    ]
    if summary.cost_per_added_person_fen is not None:
        lines.append(f"每新增一名符合者，年化增加 {yuan(summary.cost_per_added_person_fen)}。")
    return "\n".join(lines) + "\n"


def _policies(s: Simulation) -> str:
    rows = ["## 各项政策", "", "|政策|符合（前→后）|待核实（前→后）|新符合|不再符合|年化金额（前→后）|", "|---|---|---|---|---|---|"]
    for r in s.summary.policies.to_dicts():
        name = (s.both.after.policies.get(r["policy"]) or s.both.before.policies[r["policy"]]).name
        rows.append(
            f"|{name}|{r['yes_before']:,} → {r['yes_after']:,}|{r['unknown_before']:,} → {r['unknown_after']:,}|{r['new']:,}|{r['lost']:,}|"
            f"{yuan(r['cost_before_fen'])} → {yuan(r['cost_after_fen'])}|"
        )
    return "\n".join(rows) + "\n"


def _expected(s: Simulation) -> str:
    if not s.expected:
        return ""
    rows = [f"## 预计实际支出（申领率：{SOURCES_ZH[s.model.source]}）", ""]
    for e in s.expected:
        name = (s.both.after.policies.get(e.policy) or s.both.before.policies[e.policy]).name
        rows.append(f"- {name}：{span(e.cost_before)} → {span(e.cost_after)}；增加 {span(e.cost_added)}")
    return "\n".join(rows) + "\n"


def _margins(s: Simulation) -> str:
    if not s.margins:
        return ""
    rows = ["## 边际成本（参数再动一步）", ""]
    for m in s.margins:
        person = f"，每多一人 {yuan(m.per_person_fen)}" if m.per_person_fen is not None else "，不增加人数"
        rows.append(f"- {m.policy} {m.parameter} {m.value} → {m.value + m.step}：年化 {yuan(m.cost_added_fen)}，人数 {m.people_added:+,}{person}")
    return "\n".join(rows) + "\n"


def _months(s: Simulation) -> str:
    if not s.months.height:
        return ""
    table = s.months.drop("policy").group_by("month", maintain_order=True).sum()
    rows = ["## 按月成本", "", "|月份|现行|方案|差额|", "|---|---|---|---|"]
    for r in table.to_dicts():
        rows.append(
            f"|{r['month']:%Y-%m}|{yuan(r['cost_before_fen'])}|{yuan(r['cost_after_fen'])}|{yuan(r['cost_after_fen'] - r['cost_before_fen'])}|"
        )
    return "\n".join(rows) + "\n"


def _groups(s: Simulation) -> str:
    rows: list[str] = []
    for column in s.summary.groups["column"].unique(maintain_order=True):
        rows += [f"## 按{COLUMNS_ZH.get(column, column)}", "", "|分组|人数|得益|受损|得益金额|受损金额|", "|---|---|---|---|---|---|"]
        for r in s.summary.groups.filter(s.summary.groups["column"] == column).to_dicts():
            name = "未知" if r["value"] is None else r["value"]
            shown = "|少于 10 人，不显示||||" if r["hidden"] else f"|{r['winners']:,}|{r['losers']:,}|{yuan(r['gain_fen'])}|{yuan(-r['loss_fen'])}|"
            rows.append(f"|{name}|{r['people']:,}{shown}")
        rows.append("")
    return "\n".join(rows)


def _assumptions(s: Simulation) -> str:
    return (
        "\n".join(
            [
                "## 口径和假设",
                "",
                "- 年化：按月的乘以剩余月数（最多 12 个月），一次性和按年的按一次计；贷款、身份、费率、保障不计金额。",
                "- 同组不得重复享受的只计一项：按组内规则；可选择的，假设本人选金额高的。",
                "- 待核实的不计入金额，另列人数；事实保持今天的样子，只有时间往前走，不计新进入者。",
                f"- 申领率来源：{SOURCES_ZH[s.model.source]}；区间为 90%。",
                "- 少于 10 人的分组不显示。",
            ]
        )
        + "\n"
    )
