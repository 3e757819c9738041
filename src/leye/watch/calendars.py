"""Whether a monthly panel moves with the Spring Festival, so that January and February have to be taken together."""

from __future__ import annotations

from typing import Literal

import numpy as np

from leye.kernel.codes import current_regions
from leye.watch.expect import log_level
from leye.watch.grid import Grid
from leye.watch.order import median

Calendar = Literal["auto", "cn", "none"]
RESTLESS = 2.0  # chosen by us: January-to-February steps that change twice as much from year to year as other steps betray a moving holiday


def moves_with_spring_festival(grid: Grid, calendar: Calendar) -> bool:
    """`cn` and `none` answer themselves; `auto` says yes for ids that carry Chinese region codes, or when the calibration data look like it.

    Look: the yearly change of the step from January to February is typically at least twice that of the steps between other months.
    """
    if grid.step.name != "monthly" or calendar == "none":
        return False
    return calendar == "cn" or _has_chinese_ids(grid) or _is_restless(grid)


def _has_chinese_ids(grid: Grid) -> bool:
    regions = current_regions()
    parts = [name.split("/") for name in grid.ids]
    return sum(len(p) == 5 and p[1] in regions for p in parts) * 2 > len(parts)


def _is_restless(grid: Grid) -> bool:
    log_y = log_level(grid.y, grid.calm)[: grid.calm]
    if len(log_y) < 2 * 12 + 2:
        return False
    step = np.abs((log_y[13:] - log_y[12:-1]) - (log_y[1:-12] - log_y[:-13]))
    months = grid.months[13 : grid.calm]
    february, other = median(step[months == 2]), median(step[(months >= 5) & (months <= 11)])
    both = ~np.isnan(february) & ~np.isnan(other) & (other > 0)
    return bool(both.any()) and float(np.median(february[both] / other[both])) > RESTLESS
