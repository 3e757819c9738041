"""A question to the cube: which indicator, which axes are opened, and inside which cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from leye.kernel.errors import BadInput
from leye.office.nightly.cube_step import AXES_OF
from leye.watch.cube import ALL, AXES


@dataclass(frozen=True, slots=True)
class Question:
    """indicator: a key of AXES_OF · axes: the ones opened, in the order of the cube · within: axis to the value that is held, in the order in which
    they were chosen (the trail of the page). An axis is opened or held, never both."""

    indicator: str
    axes: tuple[str, ...]
    within: Mapping[str, str] = field(default_factory=dict)

    @property
    def left(self) -> tuple[str, ...]:
        """Axes of the indicator that are neither opened nor held: the next ones to open inside a cell of the answer."""
        return tuple(a for a in AXES_OF[self.indicator] if a not in self.axes and a not in self.within)

    def inside(self, cell: Mapping[str, str]) -> Question | None:
        """The same inside one cell of the answer, with the next axis opened; None where no axis is left."""
        if not self.left:
            return None
        return Question(self.indicator, self.left[:1], {**self.within, **{a: cell[a] for a in self.axes}})

    @property
    def whole(self) -> Question:
        """The cell itself in which axes are opened: its answer is one row, or none."""
        return Question(self.indicator, (), self.within)

    def trail(self) -> list[Question]:
        """From the whole indicator down to this question's cell: each holds one axis more, and opens that next one."""
        held = list(self.within.items())
        steps = [Question(self.indicator, (axis,), dict(held[:at])) for at, (axis, _) in enumerate(held)]
        assert all(len(b.within) == len(a.within) + 1 for a, b in pairwise(steps))
        return steps


def ask(indicator: str, axes: Sequence[str] = (), within: Mapping[str, str] | None = None) -> Question:
    """A question from outside; without axes the first two free ones (one inside a cell). Raises BadInput (E_CUBE_INDICATOR, E_CUBE_AXIS)."""
    if indicator not in AXES_OF:
        raise BadInput(
            f"立方体里没有指标 {indicator}", en=f"the cube has no indicator {indicator}", remedy_zh=f"可选：{'、'.join(AXES_OF)}",
            remedy_en=f"one of: {', '.join(AXES_OF)}", code="E_CUBE_INDICATOR",
        )  # fmt: skip
    held = {a: v for a, v in (within or {}).items() if v and v != ALL}
    own = AXES_OF[indicator]
    wrong = [a for a in (*axes, *held) if a not in own] or [a for a in axes if a in held]
    if wrong:
        raise BadInput(
            f"{indicator} 不能按 {wrong[0]} 展开", en=f"{indicator} cannot be opened by {wrong[0]}",
            remedy_zh=f"它的维度是 {'、'.join(own)}，已经选定值的维度不再展开", remedy_en=f"its axes: {', '.join(own)}, less the ones held",
            code="E_CUBE_AXIS",
        )  # fmt: skip
    free = [a for a in own if a not in held]
    opened = axes or free[: 1 if held else 2]
    return Question(indicator, tuple(a for a in AXES if a in opened), held)


def nearest(indicator: str, axes: Sequence[str], within: Mapping[str, str]) -> Question:
    """The same for an address that somebody typed: what does not exist is left out."""
    known = indicator if indicator in AXES_OF else next(iter(AXES_OF))
    held = {a: v for a, v in within.items() if a in AXES_OF[known] and v and v != ALL}
    return ask(known, [a for a in axes if a in AXES_OF[known] and a not in held], held)


def question_of(cell: Mapping[str, str]) -> Question:
    """What leads into a cell: its values held in the order of the axes, and the next free axis opened; where none is left, its last one."""
    held = {a: cell[a] for a in AXES if cell[a] != ALL}
    if len(held) == len(AXES_OF[cell["indicator"]]):
        held.popitem()
    return ask(cell["indicator"], (), held)
