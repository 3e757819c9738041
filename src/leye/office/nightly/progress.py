"""How the nightly tells where it is: step, number of steps, and what is at work inside the step."""

from __future__ import annotations

import time
from collections.abc import Callable

Progress = Callable[[str, int, int, str], None]
"""Called as (step in Chinese, steps done, steps in all, detail)."""

STEPS = (
    "读入部门文件",
    "整理成序列",
    "监测预警",
    "预测",
    "预测变动",
    "回测",
    "匹配预案",
    "政策标注",
    "失业风险",
    "监测立方体",
    "人员流动",
    "重点群体",
    "技能需求",
    "岗位推荐",
    "发布快照",
    "记入指标库",
    "更新预警台",
)


def silent(step: str, done: int, of: int, detail: str = "") -> None:
    """Tells nobody."""


class Steps:
    """Walks through STEPS in order. cpu_s: CPU seconds of this process in each step that is over, by its name."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.at = progress, 0
        self.cpu_s: dict[str, float] = {}
        self._since: float | None = None

    def begin(self, step: str) -> None:
        """Enter a step by its name."""
        used = time.process_time()
        if self._since is not None:
            self.cpu_s[STEPS[self.at]] = round(used - self._since, 3)
        self.at, self._since = STEPS.index(step), used
        self.progress(step, self.at, len(STEPS), "")

    def detail(self, text: str) -> None:
        """Say what is at work inside the step."""
        self.progress(STEPS[self.at], self.at, len(STEPS), text)

    def end(self) -> None:
        """All done."""
        self.progress("完成", len(STEPS), len(STEPS), "")
