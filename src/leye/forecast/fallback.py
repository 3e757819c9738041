"""Series that no model can be fitted to: each gets a simple forecast and a named reason, and never stops the run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import Floats

TEXTS: dict[str, tuple[str, str]] = {
    "all_missing": (
        "全部缺失：没有可用数值，单独成序列时不给出预测；在层级中按上级与同级之差推算。",
        "no value at all: no forecast of its own; inside a hierarchy it is what its parent and siblings leave.",
    ),
    "not_started": (
        "截至起点尚无数据，且上级合计不含它，按 0 计入合计。",
        "not started at the origin and its parent adds up without it: counted as 0.",
    ),
    "constant": ("数值从未变化，预测沿用该值。", "the value never changed: it is carried on."),
    "short": ("历史太短，不足以估计模型，预测沿用最近一期。", "too little history for a model: the last value is carried on."),
    "short_seasonal": ("历史只有一年多，预测沿用去年同期。", "little more than one season of history: last season's values are carried on."),
    "dead": ("最近一整年及以上均为 0，视为已停，预测为 0。", "zero for a whole season or longer: taken as ended, forecast 0."),
    "unstable": (
        "模型的结果远远超出这个序列自己的历史，不可信，预测沿用去年同期；请先核对有没有错填的数值。",
        "the models left the series' own past far behind: last season's values are carried on; look for a mistyped value first.",
    ),
    "stopped": ("最近一整年及以上没有上报，预测沿用停报前的同期值。", "no report for a whole season or longer: the last known season is carried on."),
}
"""Code to Chinese and English sentence."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """code: a key of TEXTS, or None where the models apply."""

    code: str | None

    @property
    def zh(self) -> str | None:
        """The Chinese sentence."""
        return TEXTS[self.code][0] if self.code else None

    @property
    def en(self) -> str | None:
        """The English sentence."""
        return TEXTS[self.code][1] if self.code else None


def name_fallbacks(y: Floats, *, season: int) -> list[Fallback]:
    """One per row of `y` (n, T), judged by what is known at the last column only."""
    return [Fallback(_code(row, season)) for row in y]


def _code(row: Floats, season: int) -> str | None:
    where = np.flatnonzero(np.isfinite(row))
    if not len(where):
        return "all_missing"
    seen = row[where]
    year = max(season, 4)
    if len(row) - 1 - where[-1] >= year:
        return "stopped"
    if len(seen) >= 3 and (seen == seen[0]).all() and seen[0] != 0:
        return "constant"
    if len(seen) >= min(year, 3) and not seen[-year:].any():
        return "dead"
    span = len(row) - where[0]
    if span >= season + 4 and len(seen) >= max(season // 2 + 4, 8):
        return None
    return "short_seasonal" if season > 1 and span > season and len(seen) > season else "short"
