"""The report of a simulation in Chinese, from its JSON form: what changes, for whom, what it costs, and what was assumed.

Parts are sentences and tables, so that Markdown, pages and Word files show the same; `report_text` gives the Markdown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leye.policy.simulate.change_words import number_words

Body = Mapping[str, Any]
"""The JSON form of a simulation (`files.as_dict`)."""
SOURCES_ZH = {"assumed": "产品的假设值（基准 60%，区间 45%–75%，年值越高申领越多）", "reform": "方案里写明的假设", "fitted": "本地申领记录拟合"}
FUNDS_ZH = {
    "ui_fund": "失业保险基金",
    "employment_fund": "就业补助资金",
    "guarantee_fund": "创业担保贷款担保基金和贴息资金",
    "injury_fund": "工伤（职业伤害）保障资金",
    "tax": "税收减免",
    "none": "不由基金支付（用人单位等）",
}


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. numeric: columns from 0 that are figures."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with sentences and tables under it."""

    title: str
    lines: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()


def yuan(fen: float) -> str:
    """Fen as yuan with separators; 万元 from a million yuan on."""
    value = fen / 100
    return f"{value / 10_000:,.1f} 万元" if abs(value) >= 1_000_000 else f"{round(value) or 0:,} 元"


def span(found: Mapping[str, float], word: str = "元") -> str:
    """A range in words; word: 元 for fen, 人 for people."""
    shown = yuan if word == "元" else (lambda n: f"{n:,.0f} {word}")
    return f"{shown(found['centre'])}（90% 区间 {shown(found['low'])} 至 {shown(found['high'])}）"


def report_text(body: Body) -> str:
    """The report as Markdown."""
    lines = [f"# 政策模拟：{body['reform']}", ""]
    for part in parts(body):
        lines += [f"## {part.title}", ""] if part.title else []
        lines += [f"{line}\n" for line in part.lines]
        for grid in part.grids:
            lines += [f"**{grid.caption}**", ""] if grid.caption else []
            lines += ["|" + "|".join(grid.header) + "|", "|" + "---|" * len(grid.header)]
            lines += ["|" + "|".join(row) + "|" for row in grid.rows] + [""]
    return "\n".join(lines)


def parts(body: Body) -> list[Part]:
    """The report's parts in order; those with nothing to say are left out."""
    found = [
        _head(body),
        _policies(body),
        _likely(body),
        _limits(body),
        _margins(body),
        _months(body),
        _funds(body),
        _groups(body),
        _assumptions(body),
    ]
    return [p for p in found if p.lines or p.grids]


def headline(body: Body) -> str:
    """The finding in one sentence."""
    delta = body["cost_after_fen"] - body["cost_before_fen"]
    money = f"每年{'多' if delta > 0 else '少'}花 {yuan(abs(delta))}" if delta else "花的钱不变"
    return f"{money}，{body['winners']:,} 人得益，{body['losers']:,} 人受损"


def _head(b: Body) -> Part:
    lines = [f"- {w}" for w in b["changes"]]
    lines += [f"理由：{b['why']}"] if b["why"] else []
    lines.append(
        f"截至 {b['on']}，{b['people']:,} 人：得益 {b['winners']:,} 人（共 {yuan(b['gain_fen'])}），"
        f"受损 {b['losers']:,} 人（共 {yuan(-b['loss_fen'])}）。"
    )
    delta = b["cost_after_fen"] - b["cost_before_fen"]
    lines.append(
        f"应享金额（年化，基金和税收）由 {yuan(b['cost_before_fen'])} 变为 {yuan(b['cost_after_fen'])}，"
        f"{'增加' if delta > 0 else '减少'} {yuan(abs(delta))}。"
        if delta
        else f"应享金额（年化，基金和税收）不变，为 {yuan(b['cost_after_fen'])}。"
    )
    if b["cost_per_added_person_fen"] is not None:
        lines.append(f"平均每新增一名符合者，年化增加 {yuan(b['cost_per_added_person_fen'])}（含原来就符合的人多得的部分）。")
    return Part("", (*lines, *(n["zh"] for n in b["notes"])))


def _name(b: Body, policy: str) -> str:
    return str(b["names"][policy]["zh"]) if policy in b["names"] else policy


def _policies(b: Body) -> Part:
    rows = [r for r in b["policies"] if r["policy"] in b["differing"]]
    same = len(b["compared"]) - len(rows)
    line = f"比较了 {len(b['compared'])} 项政策" + (f"，其中 {same} 项结果没有变化，不列出。" if same else "。")
    cells = tuple(
        (
            _name(b, r["policy"]),
            _pair(r, "yes"),
            f"{r['new']:,}",
            f"{r['lost']:,}",
            _pair(r, "unknown"),
            f"{yuan(r['cost_before_fen'])} → {yuan(r['cost_after_fen'])}",
            yuan(r["if_unknown_after_fen"]),
        )
        for r in rows
    )
    header = ("政策", "符合（前→后）", "新符合", "不再符合", "待核实（前→后）", "年化金额（前→后）", "待核实者若都符合，另加")
    grids = [Grid("", header, cells, frozenset(range(1, 7)))] if cells else []
    loans = [r for r in rows if r["lent_before_fen"] or r["lent_after_fen"]]
    if loans:
        lent = tuple((_name(b, r["policy"]), yuan(r["lent_before_fen"]), yuan(r["lent_after_fen"])) for r in loans)
        grids.append(Grid("贷款（最高额度，不是支出）", ("政策", "现行", "方案"), lent, frozenset({1, 2})))
    return Part("各项政策", (line,), tuple(grids))


def _pair(row: Mapping[str, int], name: str) -> str:
    return f"{row[f'{name}_before']:,} → {row[f'{name}_after']:,}"


def _likely(b: Body) -> Part:
    whole, rows = b["expected_whole"], [e for e in b["expected"] if e["policy"] in b["differing"]]
    if not rows:
        return Part("")
    lines = (
        f"申领率来源：{SOURCES_ZH[b['take_up']['source']]}" + ("，并假设逐人通知。" if b["take_up"]["notified"] else "。"),
        f"合计：{span(whole['cost_before'])} → {span(whole['cost_after'])}，增减 {span(whole['cost_added'])}。",
        f"实际得益 {span(whole['winners'], '人')}，实际受损 {span(whole['losers'], '人')}。",
    )
    cells = tuple((_name(b, e["policy"]), span(e["cost_before"]), span(e["cost_after"]), span(e["cost_added"])) for e in rows)
    grids = [Grid("", ("政策", "现行", "方案", "增减"), cells, frozenset({1, 2, 3}))]
    if b["take_up"].get("calibration"):
        bins = tuple(
            (yuan(c["annual_fen"]), f"{c['people']:,}", f"{c['predicted']:.0%}", f"{c['observed']:.0%}（{c['low']:.0%}–{c['high']:.0%}）")
            for c in b["take_up"]["calibration"]
        )
        grids.append(Grid("拟合与记录相比", ("年值（平均）", "人数", "模型", "记录（90% 区间）"), bins, frozenset({0, 1, 2, 3})))
    why = b["take_up"].get("record_why")
    return Part("预计实际支出", (*lines, *([f"本地申领记录没有用上：{why}。"] if why else [])), tuple(grids))


def _limits(b: Body) -> Part:
    lines = []
    for x in b["limits"]:
        fund, chance = FUNDS_ZH[x["fund"]], f"超出的可能约 {x['share_over']:.0%}"
        state = f"超出预算 {yuan(x['budget_fen'])}，{chance}" if x["binds"] else f"在预算 {yuan(x['budget_fen'])} 之内，{chance}"
        until = f"；若人人申领，{x['over_from'][:7]} 起超出" if x["over_from"] else ""
        lines.append(f"{fund}：未来十二个月预计 {span(x['expected_after'])}，{state}{until}。")
    return Part("预算", tuple(lines))


def _margins(b: Body) -> Part:
    grids = []
    for m in b["margins"]:
        rows = tuple(
            (
                number_words(p["value"], m["unit"])[0] + _mark(m, p["value"]),
                f"{p['people_added']:+,}",
                yuan(p["cost_added_fen"]),
                span(p["expected_added"]),
                yuan(p["per_person_fen"]) if p["per_person_fen"] is not None else "—",
            )
            for p in m["points"]
        )
        where = f"（{m['region']}）" if m["region"] != "CN" else ""
        policy = _name(b, m["policy"]) + "：" if m["policy"] else ""
        header = ("取值", "比现行多的人数", "比现行多的年化金额", "预计实际增加", "每多一人")
        grids.append(Grid(f"{policy}{m['label']}{where}", header, rows, frozenset({1, 2, 3, 4})))
    return Part("边际成本", ("其他改动不变，只动这一个数；“每多一人”是和上一行相比。",), tuple(grids)) if grids else Part("")


def _mark(m: Mapping[str, Any], value: int) -> str:
    return "（现行）" if value == m["law"] else "（方案）" if value == m["value"] else ""


def _months(b: Body) -> Part:
    months: dict[str, list[int]] = {}
    for r in b["months"]:
        if r["pays"] != "none":
            found = months.setdefault(r["month"][:7], [0, 0])
            found[0] += r["cost_before_fen"]
            found[1] += r["cost_after_fen"]
    rows = tuple((m, yuan(a), yuan(c), yuan(c - a)) for m, (a, c) in months.items())
    header = ("月份", "现行", "方案", "差额")
    return Part("按月成本", (), (Grid("", header, rows, frozenset({1, 2, 3})),)) if rows else Part("")


def _funds(b: Body) -> Part:
    sums: dict[str, list[int]] = {}
    for r in b["funds"]:
        found = sums.setdefault(r["pays"], [0, 0])
        found[0] += r["cost_before_fen"]
        found[1] += r["cost_after_fen"]
    count = len({r["month"] for r in b["funds"]})
    rows = tuple((FUNDS_ZH[f], yuan(a), yuan(c), yuan(c - a)) for f, (a, c) in sums.items())
    return (
        Part("谁来付", (f"{count} 个月合计，只含比较的政策。",), (Grid("", ("资金", "现行", "方案", "差额"), rows, frozenset({1, 2, 3})),))
        if rows
        else Part("")
    )


def _groups(b: Body) -> Part:
    grids = []
    for column, word in b["columns"].items():
        rows = tuple(
            (r["zh"], f"{r['people']:,}", *(("少于 10 人或可推算，不显示", "", "", "") if r["hidden"] else _group(r)))
            for r in b["groups"]
            if r["column"] == column
        )
        grids.append(Grid(f"按{word}", ("分组", "人数", "得益", "受损", "得益金额", "受损金额"), rows, frozenset({1, 2, 3, 4, 5})))
    return Part("谁得益，谁受损", (), tuple(grids))


def _group(r: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return f"{r['winners']:,}", f"{r['losers']:,}", yuan(r["gain_fen"]), yuan(-r["loss_fen"])


def _assumptions(b: Body) -> Part:
    return Part(
        "口径和假设",
        (
            "- 年化：按月的乘以剩余月数（最多 12 个月），一次性和按年的按一次计；贷款、身份、费率、保障不计金额。",
            "- 同组不得重复享受的只计一项：按组内次序或年值高的；可选择的，假设本人选年值高的，相同的按编号。",
            "- 待核实的不计入金额，另列；事实保持今天的样子，只有时间往前走，不计新进入者，也不计人们因政策而改变的做法。",
            "- 一次性和按年的记在条件第一次满足的那个月，所以第一个月含今天的存量。",
            f"- 申领率来源：{SOURCES_ZH[b['take_up']['source']]}；区间为 90%。",
            "- 少于 10 人的分组不显示；只剩一个不显示的，再隐去最小的一个，免得相减得出。",
        ),
    )
