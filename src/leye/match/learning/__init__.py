"""Weights of the ranking learned from what came of its suggestions: applied after being shown, accepted after having applied.

`learn` fits them, judges them on people and days that it never saw, and returns a pack with its verdict; the product keeps the hand weights unless
every gate holds. Columns, slices and gates: docs/reference/learning.md.
"""

from leye.match.learning.events import EVENTS, Watch, read_events
from leye.match.learning.learn import Learned, learn
from leye.match.learning.steps import from_steps
from leye.match.learning.verdict import Gate, Verdict

__all__ = ["EVENTS", "Gate", "Learned", "Verdict", "Watch", "from_steps", "learn", "read_events"]
