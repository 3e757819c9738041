"""How the nightly tells where it is: step, number of steps, and what is at work inside the step."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int, str], None]
"""Called as (step in Chinese, steps done, steps in all, detail)."""

STEPS = ("读入部门文件", "整理成序列", "预测", "回测", "监测预警", "匹配预案", "发布快照", "更新预警台")


def silent(step: str, done: int, of: int, detail: str = "") -> None:
    """Tells nobody."""


class Steps:
    """Walks through STEPS in order."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.at = progress, 0

    def begin(self, step: str) -> None:
        """Enter a step by its name."""
        self.at = STEPS.index(step)
        self.progress(step, self.at, len(STEPS), "")

    def detail(self, text: str) -> None:
        """Say what is at work inside the step."""
        self.progress(STEPS[self.at], self.at, len(STEPS), text)

    def end(self) -> None:
        """All done."""
        self.progress("完成", len(STEPS), len(STEPS), "")
