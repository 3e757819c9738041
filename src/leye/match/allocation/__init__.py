"""Placing many people on posts with capacities at once: the best sum, a stable outcome, or a stated way between the two."""

from leye.match.allocation.allocate import MODES, Allocation, allocate
from leye.match.allocation.edges import Edges, edges_of

__all__ = ["MODES", "Allocation", "Edges", "allocate", "edges_of"]
