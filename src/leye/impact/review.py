"""Employment-impact review of a project (就业影响评估): findings by stated rules with reasons, and a range of the net effect. People decide on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from leye.impact.exposure import exposure_of
from leye.impact.project import Line, Project
from leye.packs import open_pack

SEVERITIES = ("note", "attention", "serious")
GRADES = ("light", "conditions", "serious")
"""light: nothing but notes · conditions: to be approved with conditions · serious: to be discussed before anything starts."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that spoke. rule: its id · severity: of SEVERITIES · zh, en: the reason with its figures · basis: law, or `ours`."""

    rule: str
    severity: str
    zh: str
    en: str
    basis: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """net_low, net_high: jobs after the project less before, in heads, by how well the created ones are backed; retrained people keep theirs ·
    exposure: range of the created jobs (low, mid, high), None where unknown · grade: of GRADES."""

    net_low: int
    net_high: int
    exposure_created: tuple[float, float, float] | None
    exposure_displaced: tuple[float, float, float] | None
    findings: tuple[Finding, ...]
    grade: str

    def as_dict(self) -> dict[str, Any]:
        """JSON form, as it is stored and hashed."""
        return {
            "net_low": self.net_low, "net_high": self.net_high, "grade": self.grade,
            "exposure_created": _rounded(self.exposure_created), "exposure_displaced": _rounded(self.exposure_displaced),
            "findings": [{"rule": f.rule, "severity": f.severity, "zh": f.zh, "en": f.en, "basis": f.basis} for f in self.findings],
        }  # fmt: skip


def assess(project: Project, *, insured: int | None) -> Assessment:
    """insured: people insured in the region's section, None unknown or hidden. Equal projects are assessed equally."""
    low, high = rules()["counted"][project.evidence]
    lost = project.heads_displaced - project.retrained
    told = [rule(project, insured) for rule in (_layoff, _net, _retraining, _pace, _gap, _exposed, _backing, _unknown_pace)]
    findings = tuple(f for f in told if f is not None)
    worst = max((SEVERITIES.index(f.severity) for f in findings), default=0)
    return Assessment(
        int(project.heads_created * low) - lost, int(project.heads_created * high) - lost, exposure_of_lines(project.created),
        exposure_of_lines(project.displaced), findings, GRADES[worst],
    )  # fmt: skip


def exposure_of_lines(lines: Sequence[Line]) -> tuple[float, float, float] | None:
    """Mean low, mid and high exposure over heads; None when no occupation of them is known to a source."""
    known = [(line.heads, e.low, e.mid, e.high) for line in lines if (e := exposure_of(line.occupation)).mid is not None]
    heads = sum(k[0] for k in known)
    if not heads:
        return None
    low, mid, high = (sum(k[0] * (k[i] or 0.0) for k in known) / heads for i in (1, 2, 3))
    return low, mid, high


@cache
def rules() -> Mapping[str, Any]:
    """The thresholds of `packs/impact/review.yaml`."""
    pack: Mapping[str, Any] = yaml.safe_load(open_pack("impact/review.yaml").read_text(encoding="utf-8"))
    return pack


Rule = Callable[[Project, int | None], Finding | None]


def _layoff(p: Project, _insured: int | None) -> Finding | None:
    lost, rule = p.heads_displaced - p.retrained, rules()
    share = lost / p.staff if p.staff else None
    if not (lost >= rule["layoff_heads"]["value"] or (lost and share is not None and share >= rule["layoff_share"]["value"])):
        return None
    of = f"，占职工 {share:.0%}" if share is not None else ""
    of_en = f", {share:.0%} of the staff" if share is not None else ""
    return Finding(
        "layoff", "serious", f"可能裁减 {lost} 人{of}：须提前三十日说明情况、听取意见，并向人社部门报告裁减方案",
        f"{lost} people may be laid off{of_en}: explain 30 days ahead, hear the staff, report the plan", rule["layoff_heads"]["basis"],
    )  # fmt: skip


def _net(p: Project, _insured: int | None) -> Finding | None:
    lost = p.heads_displaced - p.retrained
    low, high = (int(p.heads_created * share) for share in rules()["counted"][p.evidence])
    if low >= lost:
        return None
    severity = "serious" if high < lost else "attention"
    return Finding(
        "net", severity, f"岗位净变化在 {low - lost:+d} 到 {high - lost:+d} 之间：新增 {p.heads_created} 个里有佐证、能算数的是 {low}–{high} 个",
        f"net change between {low - lost:+d} and {high - lost:+d} jobs: of {p.heads_created} created ones {low}–{high} count by their backing",
        rules()["counted_basis"],
    )  # fmt: skip


def _retraining(p: Project, _insured: int | None) -> Finding | None:
    rule = rules()["retrained_share"]
    if not p.heads_displaced or p.retrained >= rule["value"] * p.heads_displaced:
        return None
    return Finding(
        "retraining", "attention", f"减少 {p.heads_displaced} 个岗位，只有 {p.retrained} 人有转岗培训安排，不到一半",
        f"of {p.heads_displaced} displaced people {p.retrained} are to be retrained, less than half", rule["basis"],
    )  # fmt: skip


def _pace(p: Project, insured: int | None) -> Finding | None:
    rule = rules()["pace_share"]
    if not insured or not p.heads_displaced or p.displaced_a_month <= rule["value"] * insured:
        return None
    return Finding(
        "pace", "serious" if p.displaced_a_month > 3 * rule["value"] * insured else "attention",
        f"每月减少约 {p.displaced_a_month:.0f} 个岗位，是本区本行业参保 {insured:,} 人的 {p.displaced_a_month / insured:.1%}，劳动力市场难以接住",
        f"about {p.displaced_a_month:.0f} jobs go a month, {p.displaced_a_month / insured:.1%} of the {insured:,} insured of the trade there",
        rule["basis"],
    )  # fmt: skip


def _gap(p: Project, _insured: int | None) -> Finding | None:
    rule = rules()["gap_days"]
    if not (p.created and p.displaced and p.created_by and p.displaced_from):
        return None
    days = (p.created_by - p.displaced_from).days
    if days <= rule["value"]:
        return None
    return Finding(
        "gap", "attention", f"岗位先减后增：{p.displaced_from} 开始减，{p.created_by} 才招满，中间 {days} 天",
        f"jobs go before others come: from {p.displaced_from} to {p.created_by}, {days} days", rule["basis"],
    )  # fmt: skip


def _exposed(p: Project, _insured: int | None) -> Finding | None:
    found, rule = exposure_of_lines(p.created), rules()["exposed"]
    if found is None or found[1] <= rule["value"]:
        return None
    return Finding(
        "exposed", "attention", f"新岗位的受影响程度中值 {found[1]:.2f}（各来源 {found[0]:.2f}–{found[2]:.2f}），这些岗位的内容也会变",
        f"the created jobs have a middle exposure of {found[1]:.2f} ({found[0]:.2f}–{found[2]:.2f}): their tasks will change, too", rule["basis"],
    )  # fmt: skip


def _backing(p: Project, _insured: int | None) -> Finding | None:
    if not p.created or p.evidence not in ("none", "plan"):
        return None
    return Finding(
        "backing", "attention" if p.evidence == "none" else "note", "新增岗位没有合同或公开承诺作佐证，按区间低端计算",
        "the created jobs are backed by no contract or public commitment", rules()["counted_basis"],
    )  # fmt: skip


def _unknown_pace(p: Project, insured: int | None) -> Finding | None:
    if insured or not p.heads_displaced:
        return None
    return Finding(
        "pace_unknown", "note", "本区本行业的参保人数太少或不知道，无法判断节奏", "the insured of the trade are few or unknown: pace not judged",
        "ours",
    )  # fmt: skip


def _rounded(span: tuple[float, float, float] | None) -> list[float] | None:
    return None if span is None else [round(v, 4) for v in span]
