"""Words of bulletins in the page's language."""

from __future__ import annotations

from leye.office.reports.models import KIND_EN, STATE_EN, Issue, Kind, State
from leye.office.reports.numbers import write
from leye.site.words import day_text, is_english, pick


def kind_word(kind: str) -> str:
    """就业监测周报, 季度就业形势报告."""
    return pick(str(Kind(kind).label), KIND_EN[Kind(kind)])


def state_word(state: str) -> str:
    """草案, 已发布, 已撤回."""
    return pick(str(State(state).label), STATE_EN[State(state)])


def issue_word(issue: Issue) -> str:
    """就业监测周报第 3 期."""
    return f"{kind_word(issue.kind)}, issue {issue.number}" if is_english() else f"{issue.kind_zh}第 {issue.number} 期"


def period_word(issue: Issue) -> str:
    """The week by its days, the quarter by its name."""
    if issue.kind == Kind.QUARTERLY:
        return write(issue.starts, "quarter", "", "en" if is_english() else "zh")
    return f"{day_text(issue.starts)} – {day_text(issue.ends)}"


def maker_word(issue: Issue) -> str:
    """Who made it; the nightly where nobody did."""
    return str(issue.made_by) if issue.made_by_id else pick("夜间运行", "the nightly run")
