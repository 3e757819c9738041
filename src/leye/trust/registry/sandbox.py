"""A sandbox (监管沙盒): so many subjects, until a day, watched by metrics of its own, stopped by itself when one does harm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from leye.kernel.errors import BadInput

MOST_SUBJECTS = 100_000  # chosen by us: a tenth of a city's flexible workers is no pilot any more
LONGEST_DAYS = 366  # chosen by us: a pilot of more than a year is a launch

VERDICTS = {"passed": ("通过，可以备案", "passed, may be filed"), "stopped": ("停止", "stopped")}
"""How a sandbox ends."""


@dataclass(frozen=True, slots=True)
class Metric:
    """What is watched. worst: the harm limit · is_bad_above: whether values above it are the bad ones, else those below."""

    name: str
    zh: str
    en: str
    worst: float
    is_bad_above: bool

    def does_harm(self, value: float) -> bool:
        """Whether a value is past the limit; the limit itself is not."""
        return value > self.worst if self.is_bad_above else value < self.worst


@dataclass(frozen=True, slots=True)
class Plan:
    """The agreed frame; `check` says whether it is one."""

    max_subjects: int
    ends_on: date
    metrics: tuple[Metric, ...]

    def check(self, *, today: date) -> None:
        """Raise BadInput (E_SANDBOX) unless capped, ending and watched."""
        if not 1 <= self.max_subjects <= MOST_SUBJECTS:
            raise _bad(f"沙盒人数应在 1 到 {MOST_SUBJECTS:,} 之间", f"a sandbox takes 1 to {MOST_SUBJECTS:,} subjects")
        if not 0 <= (self.ends_on - today).days <= LONGEST_DAYS:
            raise _bad(f"沙盒到期日应在今后 {LONGEST_DAYS} 天之内", f"a sandbox ends within {LONGEST_DAYS} days from today")
        if not self.metrics or len({m.name for m in self.metrics}) < len(self.metrics):
            raise _bad("沙盒至少要有一个自己的指标，名称不重复", "a sandbox needs at least one metric of its own, each name once")


def harmful(metrics: Sequence[Metric], values: Mapping[str, float]) -> list[Metric]:
    """The metrics whose newest value is past its limit."""
    return [m for m in metrics if m.name in values and m.does_harm(values[m.name])]


def _bad(zh: str, en: str) -> BadInput:
    return BadInput(zh, en=en, remedy_zh="写明人数上限、到期日和指标", remedy_en="give the cap, the end and the metrics", code="E_SANDBOX")
