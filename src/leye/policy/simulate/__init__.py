"""What a reform would do: a YAML patch over the law, compared over a table of people; cost by month, reach, winners and losers, take-up, margins."""

from leye.policy.simulate.reform import Reform, apply, read_reform
from leye.policy.simulate.run import Simulation, changed_people, simulate, write
from leye.policy.simulate.take_up import TakeUp, fitted, take_up

__all__ = ["Reform", "Simulation", "TakeUp", "apply", "changed_people", "fitted", "read_reform", "simulate", "take_up", "write"]
