"""What a simulation leaves behind: tables, figures, the parameter as dated values of a pack, and a report in Chinese."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import numpy as np
import polars as pl
import yaml

from leye.policy.dynamic.false_switches import Counted, FalseSwitches, Variant
from leye.policy.dynamic.machine import Path, Switch
from leye.policy.dynamic.rule import DynamicRule

MOSTLY = 0.5
"""Share of time beyond which the report doubts the line. Chosen by us: what holds more often than not is the rule, not the exception."""
WHY_ZH = {"rose": "达到启动线", "fell": "回到退出线", "ended": "到期", "spent": "预算用完"}


def path_table(rule: DynamicRule, path: Path) -> pl.DataFrame:
    """`ds, indicator, known, level, value, heads, cost_fen`; known: the indicator's value that was known then."""
    x = pl.Series("indicator", path.observed.x).fill_nan(None)
    heads = pl.Series("heads", path.observed.heads).fill_nan(None)
    cost = pl.Series("cost_fen", np.round(path.cost_fen)).fill_nan(None).cast(pl.Int64)
    return pl.DataFrame([
        path.observed.ds.alias("ds"), x, x.shift(rule.lag).alias("known"), pl.Series("level", path.level),
        pl.Series("value", path.value), heads, cost,
    ])  # fmt: skip


def switch_table(path: Path) -> pl.DataFrame:
    """`at, before, after, why, x`, one row a change of level."""
    schema = {"at": pl.Date, "before": pl.Int64, "after": pl.Int64, "why": pl.String, "x": pl.Float64}
    return pl.DataFrame([asdict(s) for s in path.switches], schema=schema)


def parameter_values(rule: DynamicRule, path: Path) -> str:
    """The parameter as a rule pack writes it: a dated value for each change, so that the past stays on record."""
    dated: dict[str, dict[str, Any]] = {}
    last: int | None = None
    for day, value in zip(path.observed.ds.to_list(), path.value.tolist(), strict=True):
        if rule.start <= day <= rule.end and value != last:
            dated[day.isoformat()] = {"value": value, "ref": f"{rule.sources[0]} · {rule.id}"}
            last = value
    body = {
        "dynamic": rule.id,
        "parameter": rule.parameter,
        "unit": rule.unit,
        "min": min(rule.base, rule.cap),
        "max": rule.cap,
        "values": {"CN": dated},
    }
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=150)


def figures(rule: DynamicRule, path: Path, mistakes: FalseSwitches) -> dict[str, Any]:
    """report.json."""
    raised = path.level > 0
    return {
        "dynamic": rule.id,
        "parameter": rule.parameter,
        "periods": len(path.level),
        "from": path.observed.ds[0].isoformat(),
        "to": path.observed.ds[-1].isoformat(),
        "known_values": int((~np.isnan(path.observed.x)).sum()),
        "raised_periods": int(raised.sum()),
        "cost_fen": round(path.total_fen) if rule.cost else None,
        "cost_unknown_periods": int(np.isnan(path.cost_fen).sum()),
        "switches": [{**asdict(s), "at": s.at.isoformat()} for s in path.switches],
        "history": _counted(mistakes.own),
        "invented_histories": _counted(mistakes.invented),
        "years": mistakes.years,
        "variants": [
            {
                "confirm": v.confirm, "band": v.band, "is_own": v.is_own, **_counted(v.counted), "raised_share": v.raised_share,
                "cost_fen": round(v.cost_fen) if rule.cost else None,
            }
            for v in mistakes.variants
        ],
    }  # fmt: skip


def _counted(c: Counted) -> dict[str, float | None]:
    return {k: v if v is None or math.isfinite(v) else None for k, v in asdict(c).items()}


def report_zh(rule: DynamicRule, path: Path, mistakes: FalseSwitches) -> str:
    """report.md."""
    own, invented = mistakes.own, mistakes.invented
    ds = path.observed.ds
    cost = f"，比一直按基准多花 {path.total_fen / 100:,.0f}元" if rule.cost else ""
    lines = [
        f"# 动态参数回放：{rule.name}",
        f"参数 {rule.parameter}，指标 {rule.indicator.series}，回放 {ds[0].isoformat()} 至 {ds[-1].isoformat()}，"
        f"规则有效期 {rule.start} 至 {rule.end}。",
        "## 历史上会怎样",
        f"提高 {own.rises:.0f} 次，共 {int((path.level > 0).sum())} 期{cost}。",
        _table(["日期", "级别", "原因", "依据的指标值"], [_switch(rule, s) for s in path.switches]) if path.switches else "没有达到过启动线。",
        *_too_often(path),
        "## 会不会开错",
        f"事后看（前后各两期平均）应当提高 {own.seen:.0f} 段：规则提高 {own.rises:.0f} 次，其中 {own.false:.0f} 次事后看不该，"
        f"漏掉 {own.missed:.0f} 段{_late(own)}；一年内又收回的 {own.reversed_soon:.0f} 次。",
        f"把波动打乱重放 200 遍：平均提高 {invented.rises:.1f} 次，其中开错 {invented.false:.2f} 次"
        f"（每年 {invented.false / mistakes.years:.2f} 次），漏掉 {invented.missed:.2f} 段{_late(invented)}。",
        "## 换一种谨慎程度",
        _table(
            ["连续确认", "缓冲宽度", "每年开错", "漏掉", "晚几期", "提高的时间", "多花"],
            [_variant(rule, v, mistakes.years) for v in mistakes.variants],
        ),
        "历史回放只说明规则在过去的数据上会怎样，不保证以后；启动线应由人按预案确定并签发。",
    ]
    return "\n\n".join(lines) + "\n"


def _too_often(path: Path) -> list[str]:
    """A raise that stands most of the time is no answer to a shock."""
    share = float((path.level > 0).mean())
    return [f"**{share:.0%} 的时间都在提高：启动线可能定得太低，这已经不是临时措施。**"] if share > MOSTLY else []


def _late(counted: Counted) -> str:
    return "" if counted.delay is None else f"，平均晚 {counted.delay:.1f} 期"


def _variant(rule: DynamicRule, v: Variant, years: float) -> list[str]:
    return [
        f"{v.confirm} 期{'（现规则）' if v.is_own else ''}",
        f"{v.band:g} 倍",
        f"{v.counted.false / years:.2f} 次",
        f"{v.counted.missed:.2f} 段",
        "—" if v.counted.delay is None else f"{v.counted.delay:.1f}",
        f"{v.raised_share:.0%}",
        f"{v.cost_fen / 100:,.0f}元" if rule.cost else "—",
    ]


def _switch(rule: DynamicRule, s: Switch) -> list[str]:
    return [s.at.isoformat(), f"{s.before} → {s.after}（{rule.value_of(s.after)} {rule.unit}）", WHY_ZH[s.why], "—" if s.x is None else f"{s.x:.4g}"]


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(r)} |" for r in rows)])
