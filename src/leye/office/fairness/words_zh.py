"""How the fairness report names things and writes figures, in Chinese."""

from __future__ import annotations

from leye.kernel.period import Quarter
from leye.office.published import Row
from leye.office.reports.content import Span
from leye.trust.audit.comparison import CLEAR, FLAGGED, OPEN, REFERENCE

GROUPING_ZH = {"sex": "性别", "age_band": "年龄段", "sex+age_band": "性别与年龄段交叉"}
VERDICTS = {REFERENCE: ("参照组", ""), CLEAR: ("通过", "green"), FLAGGED: ("低于五分之四", "red"), OPEN: ("不能判断", "yellow")}
NONE = "—"


def quarter_zh(text: str) -> str:
    """2025年第三季度, of `2025Q3`."""
    quarter = Quarter(int(text[:4]), int(text[5]))
    return f"{quarter.year}年第{'一二三四'[quarter.quarter - 1]}季度"


def share_zh(value: float | None) -> str:
    """15.1%, — when there is none.

    >>> share_zh(0.1512), share_zh(None)
    ('15.1%', '—')
    """
    return NONE if value is None else f"{value:.1%}"


def ratio_zh(row: Row, name: str) -> str:
    """0.70（0.67–0.72）; the estimate alone where there is no interval; — when there is no ratio. name: `impact`, `ratio`, `wait_ratio`."""
    value, low, high = row[_value(name)], row[f"{name}_lo"], row[f"{name}_hi"]
    if value is None:
        return NONE
    return f"{value:.2f}" if low is None or (low == high == 1) else f"{value:.2f}（{low:.2f}–{high:.2f}）"


def seconds_zh(value: float | None) -> str:
    """101 秒."""
    return NONE if value is None else f"{value:.0f} 秒"


def verdict_span(row: Row) -> Span:
    """The verdict in its lamp, with the rows that would settle an open one."""
    if row.get("is_shielded"):
        return Span("不足 10 人，不列数字")
    text, level = VERDICTS[row["verdict"]]
    needed = f"，约需 {row['needed_n']:,} 单" if row.get("needed_n") else ""
    return Span(text + needed, level=level)


def group_zh(group: str) -> str:
    """女性、男性, an age band in words, a crossing with a dot between.

    >>> group_zh("女+25-44"), group_zh("60+")
    ('女性 · 25—44 岁', '60 岁以上')
    """
    return " · ".join(_part_zh(part) for part in group_parts(group))


def _part_zh(part: str) -> str:
    if part[:1].isdigit():
        return f"{part[:-1]} 岁以上" if part.endswith("+") else f"{part.replace('-', '—')} 岁"
    return {"女": "女性", "男": "男性"}.get(part, part)


def group_parts(group: str) -> list[str]:
    """Parts of a crossing; the plus of 60+ is part of its band."""
    head, plus, tail = group.partition("+")
    return [head, tail] if plus and tail else [group]


def _value(name: str) -> str:
    return f"{name}_ratio" if name in ("impact", "scoring_impact") else name
