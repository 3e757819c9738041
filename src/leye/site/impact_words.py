"""Words of the impact pages: ranges, confidence, states, grades, the sentences of a change."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from leye.impact.index import Change
from leye.impact.ranged import Ranged
from leye.impact.sources import sources
from leye.site.words import month_text, pick

CONFIDENCE = {"high": ("高", "high"), "medium": ("中", "medium"), "low": ("低（按所在类别）", "low (by its group)"), "none": ("无", "none")}
GRADES = {"light": ("影响小", "Light"), "conditions": ("附条件", "With conditions"), "serious": ("先专题论证", "Discuss first")}
SEVERITIES = {"note": ("说明", "Note"), "attention": ("注意", "Attention"), "serious": ("严重", "Serious")}
STATES = {"draft": ("草案", "Draft"), "signed": ("已签署", "Signed"), "withdrawn": ("已撤回", "Withdrawn")}
EVIDENCE = {
    "none": ("没有佐证", "Nothing"), "plan": ("计划书", "A plan"), "contract": ("合同或公开承诺", "A contract or public commitment"),
    "paid": ("人已在册发薪", "People on the payroll"),
}  # fmt: skip
KEPT = {
    "early": ("还没到兑现的日子", "Not due yet"), "kept": ("兑现了", "Kept"), "short": ("没有全兑现", "Short"),
    "broken": ("多半没兑现", "Mostly broken"),
}  # fmt: skip


def word(table: str, key: str) -> str:
    """One of the tables above by its name in lower case."""
    known = {"confidence": CONFIDENCE, "grade": GRADES, "severity": SEVERITIES, "state": STATES, "evidence": EVIDENCE, "kept": KEPT}[table]
    return pick(*known.get(key, (key, key)))


def source_word(source_id: str) -> str:
    """Name of a source."""
    return next((pick(s.zh, s.en) for s in sources() if s.id == source_id), source_id)


def points(value: float, digits: int = 2) -> str:
    """An index in hundredths: 3.49."""
    return f"{100 * value:.{digits}f}"


def span(found: Ranged, digits: int = 2) -> str:
    """1.64–9.63."""
    return f"{points(found.low, digits)}–{points(found.high, digits)}"


def effect_words() -> dict[str, str]:
    """The three effects."""
    return {"structure": _("结构：人在各行业间的变动"), "exposure": _("受影响程度：来源有了新结论"), "adoption": _("采用：AI 用得多了")}


def change_sentence(before: date, after: date, found: Change) -> str:
    """从2024年8月到2025年8月，指数上升 1.21（…）。"""
    moved = found.after.mid - found.before.mid
    said = _("从%(a)s到%(b)s，指数上升 %(d)s") if moved >= 0 else _("从%(a)s到%(b)s，指数下降 %(d)s")
    return said % {"a": month_text(before), "b": month_text(after), "d": points(abs(moved))}
