"""The monitoring cube 区域—行业—职业—群体: which cells are watched as they are, which through a larger one, and which may be shown.

`build_cube` makes it from counts of the finest cells; `hide` says what a reader may see so that nothing hidden can be worked out.
"""

from __future__ import annotations

from leye.watch.cube.build import Cube, build_cube
from leye.watch.cube.cells import ALL, AXES, LEAVES, margins
from leye.watch.cube.hide import LEAST, hide
from leye.watch.cube.pool import ORDER, pool

__all__ = ["ALL", "AXES", "LEAST", "LEAVES", "ORDER", "Cube", "build_cube", "hide", "margins", "pool"]
