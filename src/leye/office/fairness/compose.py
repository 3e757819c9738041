"""From a sealed report's figures to its parts. Nothing is computed anew: every figure stands in `report.json`."""

from __future__ import annotations

from datetime import date
from typing import Any

from leye.office.fairness.queries import Kept
from leye.office.fairness.words_zh import GROUPING_ZH, group_zh, quarter_zh, ratio_zh, seconds_zh, share_zh, verdict_span
from leye.office.published import Row
from leye.office.reports.content import Block, Paragraph, Picture, Report, Section, Span, Table, said
from leye.office.reports.figures_zh import instant_zh
from leye.trust.audit.comparison import FLAGGED, FOUR_FIFTHS, OPEN, REFERENCE

IMPACT, WAIT, WEEKS = "fairness/impact", "fairness/wait", "fairness/weeks"
"""Names of the pictures."""


def compose(kept: Kept, *, name: str) -> Report:
    """The report of a quarter. name: what the algorithm is called on its card."""
    row, body = kept.row, kept.body
    made = instant_zh(row.made_at)
    sections = [_conclusions(body, name), _by_group(body), _waiting(body), _crossed(body), _by_week(body), _method(body, row.sha256)]
    return Report(
        title=f"{name}：{quarter_zh(body['quarter'])}算法公平性报告",
        run_id=row.sha256[:12],
        month=str(body["to"]),
        published_at=made,
        is_city=bool(body["is_city"]),
        sections=tuple(s for s in sections if s.blocks),
        origin=f"{body['from']} 至 {body['to']} · {body['summary']['rows']:,} 单 · 生成于 {made} · "
        f"留痕第 {row.leaf_index} 号 · 回执号 {row.sealed_id}",
    )


def headline(body: dict[str, Any]) -> str:
    """The finding in one sentence."""
    worst = _flagged(body)
    if worst:
        return f"{group_zh(worst[0]['group'])}得到优质单的比例只有参照组的 {worst[0]['impact_ratio']:.0%}"
    return "有几组还不能判断" if any(r["verdict"] == OPEN for r in _rates(body, crossed=False)) else "没有发现哪一组低于五分之四"


def _conclusions(body: dict[str, Any], name: str) -> Section:
    blocks: list[Block] = [_flag_sentence(body, r) for r in _flagged(body)]
    blocks += [_wait_sentence(body, r) for r in _slower(body)]
    if not blocks:
        blocks.append(said("按性别和年龄段看，优质单比例和等待时间都没有查出确定的差距。"))
    open_groups = [group_zh(r["group"]) for r in _rates(body, crossed=False) if r["verdict"] == OPEN]
    if open_groups:
        blocks.append(said(f"单数或人数不够、还不能判断的：{'、'.join(open_groups)}。不能判断不等于没有问题。"))
    blocks.append(said(f"这里比较的是“{name}”的结果，不是它的程序。差距说明结果不一样；原因要由运营单位说明，并由复核查实。"))
    return Section("一、结论", tuple(blocks))


def _flag_sentence(body: dict[str, Any], r: Row) -> Paragraph:
    best = next(x for x in _rates(body, grouping=r["grouping"]) if x["verdict"] == REFERENCE)
    shares = f"{group_zh(r['group'])}的单里优质单占 {share_zh(r['selection_rate'])}，{group_zh(best['group'])}占 {share_zh(best['selection_rate'])}"
    return said(f"{shares}，比值 {ratio_zh(r, 'impact')}，区间全部在五分之四以下。", level="red")


def _wait_sentence(body: dict[str, Any], r: Row) -> Paragraph:
    best = next(x for x in _means(body, r["grouping"]) if x["reference"])
    much = f"{r['ratio'] - 1:.0%}（{r['ratio_lo'] - 1:.0%} 至 {r['ratio_hi'] - 1:.0%}）"
    text = f"{group_zh(r['group'])}平均等 {seconds_zh(r['mean'])}才有单，{group_zh(best['group'])}等 {seconds_zh(best['mean'])}，长 {much}。"
    return said(text, level="orange")


def _by_group(body: dict[str, Any]) -> Section:
    blocks: list[Block] = [Picture(IMPACT, "优质单比例与参照组之比，横线是九成五区间，竖线是五分之四")]
    blocks += [_rate_table(_rates(body, grouping=g), f"按{GROUPING_ZH[g]}，括号里是九成五区间") for g in _single(body)]
    return Section("二、谁得到优质单", tuple(blocks))


def _crossed(body: dict[str, Any]) -> Section:
    rows = _rates(body, crossed=True)
    return Section("四、交叉组", (_rate_table(rows, "性别与年龄段合在一起看，括号里是九成五区间"),) if rows else ())


def _rate_table(rows: list[Row], caption: str) -> Table:
    header = ("组", "单数", "优质单", "占比", "与参照组之比", "结论")
    cells = tuple(
        (Span(group_zh(r["group"])), *(Span(_count(r, c)) for c in ("n", "selected")), Span(_rate(r)), Span(ratio_zh(r, "impact")), verdict_span(r))
        for r in rows
    )
    return Table(caption, header, cells, frozenset({1, 2, 3, 4}))


def _waiting(body: dict[str, Any]) -> Section:
    header = ("组", "单数", "平均等待", "与最短的组之比")
    blocks: list[Block] = [Picture(WAIT, "平均等待时间与等得最短的组之比，横线是九成五区间")]
    for grouping in (*_single(body), *_joint(body)):
        cells = tuple(
            (
                Span(group_zh(r["group"])),
                Span(_count(r, "n")),
                Span(seconds_zh(r["mean"])),
                Span("参照组" if r["reference"] else ratio_zh(r, "ratio")),
            )
            for r in _means(body, grouping)
        )
        blocks.append(Table(f"按{GROUPING_ZH[grouping]}，括号里是九成五区间", header, cells, frozenset({1, 2, 3})))
    return Section("三、等了多久", tuple(blocks))


def _by_week(body: dict[str, Any]) -> Section:
    header = ("周（周一）", "组", "单数", "占比", "与参照组之比", "平均等待", "等待之比")
    cells = tuple(
        (Span(_day_zh(r["week"])), Span(group_zh(r["group"])), Span(_count(r, "n")), Span(share_zh(r["selection_rate"])), Span(ratio_zh(r, "impact")),
         Span(seconds_zh(r["wait_s"])), Span(ratio_zh(r, "wait_ratio")))
        for r in body["weeks"]
    )  # fmt: skip
    return Section(
        "五、按周看",
        (Picture(WEEKS, "每周的优质单比值，横线是九成五区间"), Table("按性别，括号里是九成五区间", header, cells, frozenset({2, 3, 4, 5, 6}))),
    )


def _method(body: dict[str, Any], sha256: str) -> Section:
    summary = body["summary"]
    unknown = "，".join(f"{GROUPING_ZH.get(k, k)}不明 {v:,} 单" for k, v in summary["unknown"].items())
    tables = "；".join(f"{k} {v[:12]}" for k, v in sorted(body["tables"].items()))
    return Section(
        "六、怎么算的",
        (
            said(
                "比例的区间用 Wilson 公式，比值的区间用对数公式（各计数加 0.5）；同一位骑手的单互相关联，区间按人放宽。"
                f"{FOUR_FIFTHS:.0%} 是美国就业审计的惯例，不是我国的法定线。"
            ),
            said(
                "参照组是单数不少于总数百分之二的组里比例最高的那个。区间全在五分之四以下才算低于五分之四，全在以上才算通过，跨在线上就是不能判断。"
            ),
            said(summary["comparisons"]["zh"] + f"{unknown}，不计入相应的组；不足 {summary['least_persons']} 人的组不列数字。"),
            said(f"同样的数字可以用 {body['command']} 重算。所用数据表的哈希（前 12 位）：{tables}。"),
            said(f"数字文件 report.json 的 sha256 是 {sha256}，已写入不可改的留痕。"),
        ),
    )


def _rates(body: dict[str, Any], *, grouping: str = "", crossed: bool | None = None) -> list[Row]:
    return [r for r in body["rates"] if grouping in ("", r["grouping"]) and crossed in (None, "+" in r["grouping"])]


def _means(body: dict[str, Any], grouping: str) -> list[Row]:
    return [r for r in body["means"] if r["grouping"] == grouping]


def _single(body: dict[str, Any]) -> list[str]:
    return list(body["summary"]["groups"])


def _joint(body: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(r["grouping"] for r in _rates(body, crossed=True)))


def _flagged(body: dict[str, Any]) -> list[Row]:
    """Groups of single columns that are surely below four fifths, the lowest first."""
    return sorted((r for r in _rates(body, crossed=False) if r["verdict"] == FLAGGED), key=lambda r: (r["impact_ratio"], r["group"]))


def _slower(body: dict[str, Any]) -> list[Row]:
    """Groups of single columns that surely wait longer, after the adjustment for many comparisons; the longest first."""
    rows = [r for g in _single(body) for r in _means(body, g) if r["p_holm"] is not None and r["p_holm"] < 0.05 and r["ratio"] > 1]
    return sorted(rows, key=lambda r: (-r["ratio"], r["group"]))


def _count(r: Row, column: str) -> str:
    return "—" if r[column] is None else f"{r[column]:,}"


def _rate(r: Row) -> str:
    return "—" if r["selection_rate"] is None else f"{share_zh(r['selection_rate'])}（{share_zh(r['selection_lo'])}–{share_zh(r['selection_hi'])}）"


def _day_zh(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.month}月{day.day}日"
