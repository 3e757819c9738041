"""The report of a scenario as parts of the office's papers, from its stored figures: nothing is computed anew."""

from __future__ import annotations

from typing import Any

from leye.office.reforms.models import Scenario, State
from leye.office.reports.content import Block, Report, Section, Span, Table, said
from leye.office.reports.docx_file import write_docx
from leye.office.reports.figures_zh import instant_zh
from leye.policy.simulate.report import Grid, parts


def report_of(scenario: Scenario, *, is_city: bool) -> Report:
    """The report with who wrote and who signed it."""
    signed = f" · {scenario.signed_by} 签署于 {instant_zh(scenario.signed_at)}，留痕第 {scenario.leaf_index} 号" if scenario.signed_at else ""
    origin = (
        f"{State(scenario.state).label} · {scenario.made_by} 存于 {instant_zh(scenario.made_at)}{signed} · 居民数据 {scenario.people_sha256[:12]}"
    )
    found = tuple(_section(p.title or "一句话", p.lines, p.grids) for p in parts(scenario.body))
    return Report(
        title=f"政策模拟：{scenario.name}",
        run_id=scenario.text_sha256[:12],
        month=str(scenario.on),
        published_at=instant_zh(scenario.made_at),
        is_city=is_city,
        sections=found,
        origin=origin,
    )


def docx_of(scenario: Scenario, *, is_city: bool, site: str) -> bytes:
    """The report as a Word file."""
    return write_docx(report_of(scenario, is_city=is_city), site=site, pictures={})


def _section(title: str, lines: tuple[str, ...], grids: tuple[Grid, ...]) -> Section:
    blocks: list[Block] = [said(line.removeprefix("- ")) for line in lines]
    blocks += [Table(g.caption, g.header, tuple(tuple(Span(c) for c in row) for row in g.rows), g.numeric) for g in grids]
    return Section(title, tuple(blocks))


def tables_of(body: dict[str, Any], name: str) -> tuple[list[str], list[list[Any]]]:
    """One table of a simulation as header and rows: policies, groups, months, expected, margins or limits. Raises KeyError for any other."""
    rows = _flat(body, name)
    header = list(rows[0]) if rows else ["empty"]
    return header, [[row.get(h) for h in header] for row in rows]


def _flat(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    if name == "margins":
        return [
            {k: m[k] for k in ("policy", "parameter", "region", "law")} | {k: v for k, v in p.items() if not isinstance(v, dict)}
            for m in body["margins"]
            for p in m["points"]
        ]
    if name in ("expected", "limits"):
        return [
            {(f"{k}_{end}" if isinstance(v, dict) else k): (v[end] if isinstance(v, dict) else v)
             for k, v in row.items() for end in (("centre", "low", "high") if isinstance(v, dict) else ("",))}
            for row in body[name]
        ]  # fmt: skip
    return list({"policies": body["policies"], "groups": body["groups"], "months": body["months"], "funds": body["funds"]}[name])
