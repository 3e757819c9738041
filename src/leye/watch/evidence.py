"""The evidence of an alarm as JSON: which channels spoke, how high the statistic stood, and one plain sentence in Chinese and English."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from leye.watch.grid import Step

LEVEL_ZH = {"blue": "蓝", "yellow": "黄", "orange": "橙", "red": "红"}

OTHERS_ZH = (("factor", "多数序列同向变化"), ("parent", "上级序列同向变化"), ("sibling", "同一地区行业的其他指标同向变化"))


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one row.

    statistic, threshold: height of the sum and of the level it reached, in standard deviations · change: share of the expected value that is
    missing (negative) or too much (positive) · observed, expected: in the series' own unit · run: periods in a row on the bad side ·
    kind: onset, rise (a higher level of a lamp that is lit) or still (re-alarm) · realised_fa, promised_fa: false alarms a series-year ·
    weights: fused channels against 1 of the own series · missing: channels that count but had no value · p_value: rate at which calm cells
    pass this height · fdr: false-discovery rate that was asked for over the cells of the period · calm_fa, calm_low, calm_high: rows of any level a
    series-year in the quiet part of calibration with its 95 % interval, out of calm_years series-years.
    """

    direction: str
    kind: str
    level: str
    statistic: float
    threshold: float
    change: float
    observed: float
    expected: float
    run: int
    realised_fa: float
    promised_fa: float
    channels: dict[str, float | None] = field(default_factory=dict)
    joined_months: bool = False
    weights: dict[str, float] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    p_value: float | None = None
    fdr: float | None = None
    calm_years: float | None = None
    calm_fa: float | None = None
    calm_low: float | None = None
    calm_high: float | None = None


def evidence_json(finding: Finding, step: Step) -> str:
    """The evidence column of the alarm table; equal findings give equal text."""
    body = asdict(finding) | {"zh": sentence_zh(finding, step), "en": sentence_en(finding, step)}
    return json.dumps(body, ensure_ascii=False, sort_keys=True)


def sentence_zh(f: Finding, step: Step) -> str:
    """One sentence with figures, for a person who does not know what a CUSUM is."""
    below = f.direction == "down"
    span = f"连续{f.run}{step.zh}" if f.run > 1 else f"本{_this_zh(step)}"
    side, less = ("低于预期", "少") if below else ("高于预期", "多")
    what = "（1—2月合并计算，避开春节错月）" if f.joined_months else ""
    size = f"实际{number(f.observed)}，按以往规律约应为{number(f.expected)}，约{less}{share(f.change)}"
    agree = _agree_zh(f)
    again = {"onset": "", "rise": "（由较低级别上升）", "still": "（持续未恢复）"}[f.kind]
    return (
        f"{span}{side}{what}{again}，{size}；累计偏差{f.statistic:.1f}个标准差，超过{LEVEL_ZH[f.level]}色门槛{f.threshold:.1f}{agree}。"
        f"{_missing_zh(f)}这一级别在校准期每个序列每年误报{f.realised_fa:.2f}次（承诺{f.promised_fa:.2f}次）。"
    )


def sentence_en(f: Finding, step: Step) -> str:
    """The same sentence in English."""
    below = f.direction == "down"
    span = f"{f.run} {step.en}s in a row" if f.run > 1 else f"this {step.en}"
    what = " (January and February taken together)" if f.joined_months else ""
    again = {"onset": "", "rise": " (up from a lower level)", "still": " (not recovered)"}[f.kind]
    return (
        f"{'Below' if below else 'Above'} expectation {span}{what}{again}: {number(f.observed)} where about {number(f.expected)} was usual, "
        f"{share(f.change)} {'less' if below else 'more'}; the summed deviation of {f.statistic:.1f} standard deviations passed the {f.level} "
        f"threshold of {f.threshold:.1f}. In calibration this level gave {f.realised_fa:.2f} false alarms per series and year "
        f"({f.promised_fa:.2f} promised).{_missing_en(f)}"
    )


def _agree_zh(f: Finding) -> str:
    said = [zh for key, zh in OTHERS_ZH if (f.channels.get(key) or 0) >= 1]
    return f"，且{'、'.join(said)}" if said else ""


CHANNEL_ZH = {
    "factor": "共同因子", "parent": "上级序列", "claims": "失业金申领", "postings": "招聘岗位", "leaving": "参保减员", "calls": "热线来电",
    "insured": "参保人数", "registered": "登记失业", "gig_orders": "零工订单", "postings_occ": "职业招聘岗位", "jobless_rate": "失业率",
}  # fmt: skip
"""Plain words for channels; one that was named by hand keeps its name."""


def _missing_zh(f: Finding) -> str:
    return f"{'、'.join(CHANNEL_ZH.get(m, m) for m in f.missing)}本期缺数，已按其余通道重新加权。" if f.missing else ""


def _missing_en(f: Finding) -> str:
    return f" No figure of {', '.join(f.missing)} this time: the other channels were re-weighted." if f.missing else ""


def _this_zh(step: Step) -> str:
    return {"monthly": "月", "quarterly": "季", "weekly": "周", "daily": "日"}[step.name]


def share(change: float) -> str:
    """A change without its sign: whole percents from 10 % on, one decimal below.

    >>> share(-0.283), share(0.0132)
    ('28%', '1.3%')
    """
    return f"{abs(change):.0%}" if abs(change) >= 0.1 else f"{abs(change):.1%}"


def number(value: float) -> str:
    """A figure as a person writes it: whole above 100, else three significant digits.

    >>> number(12345.6), number(0.05123), number(7.0)
    ('12,346', '0.0512', '7')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
