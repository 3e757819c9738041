"""The fact table of a national pack: its columns, types, ranges and names."""

from __future__ import annotations

import csv
from pathlib import Path

from leye.kernel.errors import Place
from leye.policy.facts import KINDS
from leye.policy.grammar import NAME
from leye.policy.lint.finding import Findings

COLUMNS = ("id", "zh", "type", "unit", "kind", "about", "allowed", "values_zh", "meaning_zh", "meaning_en", "source_zh")
_REQUIRED = COLUMNS[:7]


def check_fact_table(file: Path, shown: str, findings: Findings) -> None:
    """Add E_FACTS_TABLE for everything that would be misread later."""
    if not file.is_file():
        _add(findings, shown, 0, "没有事实表 facts.csv", "there is no facts.csv", "从 packs/cn 复制一份，或写 extends: cn")
        return
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    columns = list(rows[0]) if rows else []
    lacking = [c for c in _REQUIRED if c not in columns]
    if lacking:
        _add(findings, shown, 1, f"缺少列：{'、'.join(lacking) or '全部'}", f"columns missing: {', '.join(lacking)}", "照 packs/cn/facts.csv 补上")
        return
    seen: dict[str, int] = {}
    for line, row in enumerate(rows, 2):
        for name in (row["id"], row["zh"]):
            if name in seen:
                _add(findings, shown, line, f"“{name}”和第 {seen[name]} 行重名", f"{name!r} also names line {seen[name]}", "改名")
            seen.setdefault(name, line)
        for zh, en in _row_faults(row):
            _add(findings, shown, line, zh, en, "照 packs/cn/facts.csv 的写法改")


def _row_faults(row: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    if NAME.match(row["id"]) is None or not row["id"].isascii():
        found.append((f"编号“{row['id']}”不是英文名", f"{row['id']!r} is no id"))
    if row["type"] not in KINDS:
        found.append((f"类型“{row['type']}”不认识", f"unknown type {row['type']!r}"))
    bounds = row["allowed"].split("..")
    if len(bounds) == 2 and row["type"] in ("int", "fen", "date") and not _is_range(row["type"], *bounds):
        found.append((f"范围“{row['allowed']}”不对", f"no range: {row['allowed']!r}"))
    words = [v for v in (row.get("values_zh") or "").split("|") if v]
    if words and len(words) != len(row["allowed"].split("|")):
        found.append(("中文选项和允许值个数不同", "values_zh and allowed differ in number"))
    return found


def _is_range(kind: str, low: str, high: str) -> bool:
    if kind == "date":
        return len(low) == len(high) == 10 and low <= high
    try:
        return int(low) <= int(high)
    except ValueError:
        return False


def _add(findings: Findings, shown: str, line: int, zh: str, en: str, remedy_zh: str) -> None:
    remedy_en = "see packs/cn/facts.csv for the form"
    findings.add("E_FACTS_TABLE", Place(file=shown, row=line), zh, en, remedy_zh, remedy_en)
