"""From a snapshot to the parts of its report. Nothing is computed anew: every figure stands in a table of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from leye.kernel.signs import signed
from leye.office.published import Row, Series, Snapshot
from leye.office.reports.content import Block, Picture, Report, Section, Span, Table, said
from leye.office.reports.figures_zh import LEVEL_ZH, figure_zh, instant_zh, month_zh, series_href, signed_zh, with_unit, yuan_zh
from leye.office.reports.findings import Finding, findings, telling
from leye.office.reports.surprise import main_model, surprises

MODEL_ZH = {"seasonal_naive": "照去年同期", "theta": "Theta", "ets": "指数平滑"}
SURPRISES = 8  # chosen by us: half a printed page
FINDINGS = 5


def compose(snapshot: Snapshot) -> Report:
    """The report of one run."""
    found = findings(snapshot, FINDINGS)
    month = month_zh(snapshot.last_month) if snapshot.last_month else "未知"
    sections = [
        _conclusions(snapshot, found),
        _surprises(snapshot),
        _ahead(snapshot, found),
        _advice(snapshot, found),
        _record(snapshot),
        _origin(snapshot),
    ]
    return Report(
        title=f"就业形势辅助决策报告（{month}）",
        run_id=snapshot.run_id,
        month=month,
        published_at=instant_zh(snapshot.run.at),
        is_city=snapshot.is_city,
        sections=tuple(s for s in sections if s.blocks),
    )


def _conclusions(snapshot: Snapshot, found: Sequence[Finding]) -> Section:
    if not found:
        return Section("一、主要变化", (said("近半年没有新的预警，各项指标在以往规律的范围内。"),))
    blocks: list[Block] = [
        said(
            Span(f.zh, series_href(f.series.unique_id)),
            f"（{month_zh(f.ds)}，实际{with_unit(f.observed, f.series.unit)}，按以往规律约{with_unit(f.expected, f.series.unit)}）。",
            level=f.level,
        )
        for f in found
    ]
    return Section("一、主要变化", (*blocks, Picture(found[0].series.unique_id, found[0].zh)))


def _surprises(snapshot: Snapshot) -> Section:
    ranked = sorted(surprises(snapshot).values(), key=lambda s: (-abs(s.z), s.series.unique_id))[:SURPRISES]
    rows = tuple(
        (
            Span(s.series.title_zh, series_href(s.series.unique_id)),
            Span(with_unit(s.y, s.series.unit)),
            Span(with_unit(s.mean, s.series.unit)),
            Span(signed_zh(s.change) if s.change is not None else signed(s.difference)),
            Span(signed(s.z)),
        )
        for s in ranked
    )
    if not rows:
        return Section("二、与早先预测相差最大的序列", ())
    header = ("序列", "实际", "早先预测", "相差", "偏差（标准差）")
    return Section("二、与早先预测相差最大的序列", (Table("按偏差大小排列", header, rows, frozenset({1, 2, 3, 4})),))


def _ahead(snapshot: Snapshot, found: Sequence[Finding]) -> Section:
    roots = [s for s in snapshot.series.values() if not s.parent]
    chosen: dict[str, Series] = {f.series.unique_id: f.series for f in found} | {s.unique_id: s for s in roots[:8]}
    rows = []
    for uid, series in chosen.items():
        ahead = snapshot.of_series("forecast", uid)[:1]
        rows += [_ahead_row(series, r) for r in ahead]
    if not rows:
        return Section("三、下期预测", ())
    header = ("序列", "时间", "预测", "八成把握在", "九成五把握在")
    return Section("三、下期预测", (Table("区间由过去的预测误差得出", header, tuple(rows), frozenset({2, 3, 4})),))


def _ahead_row(series: Series, r: Row) -> tuple[Span, ...]:
    between = [f"{figure_zh(r[f'lo-{level}'], series.unit)} – {figure_zh(r[f'hi-{level}'], series.unit)}" for level in ("80", "95")]
    return (
        Span(series.title_zh, series_href(series.unique_id)),
        Span(month_zh(r["ds"])),
        Span(with_unit(r["mean"], series.unit)),
        *(Span(text) for text in between),
    )


def _advice(snapshot: Snapshot, found: Sequence[Finding]) -> Section:
    """Advice on the findings; the rest is named by its number and found on the pages of the plans."""
    every, named = telling(snapshot.rows("advice")), {f.series.unique_id for f in found}
    rows = [r for r in every if r["unique_id"] in named] if named else every
    if not every:
        return Section("四、应对建议", (said("没有预警需要动用政策储备。"),))
    blocks: list[Block] = [
        Table(
            "费用为人数乘以单位标准；标准不全的写明缺什么",
            ("预案", "针对", "对象", "人数", "费用"),
            tuple(_advice_row(snapshot, r) for r in rows),
            frozenset({3}),
        )
    ]
    if len(rows) < len(every):
        others = len({r["unique_id"] for r in every} - named)
        blocks.append(said(f"另有 {others} 条序列的预警对应了预案，", Span("在预案页逐条查看", "/plans"), "。"))
    return Section("四、应对建议", tuple(blocks))


def _advice_row(snapshot: Snapshot, r: Row) -> tuple[Span, ...]:
    series = snapshot.series.get(r["unique_id"])
    if r["status"] == "estimated":
        between = f"（{yuan_zh(r['cost_lo_fen'])} – {yuan_zh(r['cost_hi_fen'])}）" if r["cost_lo_fen"] is not None else ""
        cost = f"估算 {yuan_zh(r['cost_fen'])}{between}，每人 {yuan_zh(r['unit_amount_fen'])}"
    else:
        cost = f"未计算，还缺：{r['missing_fact']}" if r["missing_fact"] else "未计算"
    return (
        Span(r["plan_title"], f"/plans/{r['plan_id']}"),
        Span(f"{LEVEL_ZH.get(r['level'], '')} · {series.title_zh if series else r['unique_id']}", series_href(r["unique_id"])),
        Span(r["grp_zh"] or ""),
        Span(figure_zh(r["heads"], "person")),
        Span(cost),
    )


def _record(snapshot: Snapshot) -> Section:
    """Accuracy by model over all origins; a smaller MASE is better, 1 is last year's figure as the forecast."""
    by_model: dict[str, list[Row]] = {}
    for r in snapshot.rows("backtest_summary"):
        by_model.setdefault(r["model"], []).append(r)
    if not by_model:
        return Section("五、预测的可信度", (said("序列太短，还没有回测记录。"),))
    rows = []
    for model, kept in by_model.items():
        origins = [r for r in kept if r["origin"] is not None]
        overall = [r for r in kept if r["origin"] is None] or origins
        name = "发布所用模型" if model == main_model(snapshot) else MODEL_ZH.get(model, model)
        rows.append((Span(name), Span(str(len(origins))), *(Span(_mean(overall, c, share)) for c, share in _MEASURES)))
    header = ("模型", "起点数", "相对误差（MASE）", "八成区间命中", "九成五区间命中")
    return Section("五、预测的可信度", (Table("误差小于 1 表示比“照去年同期”猜得准", header, tuple(rows), frozenset({1, 2, 3, 4})),))


_MEASURES = (("mase", False), ("coverage_80", True), ("coverage_95", True))


def _mean(rows: Sequence[Row], column: str, share: bool) -> str:
    known = [r[column] for r in rows if r[column] is not None and r[column] == r[column]]
    if not known:
        return "未知"
    mean = sum(known) / len(known)
    return f"{mean:.0%}" if share else f"{mean:.2f}"


def _origin(snapshot: Snapshot) -> Section:
    loads, bad = snapshot.rows("loads"), snapshot.rows("quarantine")
    code = str(snapshot.manifest.get("code_hash", ""))
    blocks: list[Block] = [
        said("运行编号 ", Span(snapshot.run_id, f"/reports/{snapshot.run_id}"), f"，程序版本 {code}，发布于{instant_zh(snapshot.run.at)}。")
    ]
    if loads:
        got, kept, held, twice = (sum(r[c] or 0 for r in loads) for c in ("rows_in", "loaded", "quarantined", "duplicates"))
        files = len(loads)
        blocks.append(said(f"读了 {files} 个部门文件，收到 {got:,} 行 = 读入 {kept:,} + 隔离 {held:,} + 重复 {twice:,}。", Span("逐行查看", "/data")))
    if bad:
        worst = Counter(r["reason"] for r in bad).most_common(1)[0]
        blocks.append(said(f"隔离最多的原因：{worst[0]}（{worst[1]} 处）。"))
    blocks += [said(str(n)) for n in (snapshot.manifest.get("notes") or {}).get("notices", [])]
    blocks.append(said("每个数字都可以点开，看到它的历史、预测记录和来源文件的单元格。"))
    return Section("六、数据来源与质量", tuple(blocks))
