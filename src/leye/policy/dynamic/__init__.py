"""Subsidies that follow an indicator: a parameter that rises by steps with hysteresis, a least stay, a cap and an end, tried on history first.

Written as data (`dynamic:`), simulated with `simulate`; what the rule would have done by mistake is in `false_switches`.
"""

from leye.policy.dynamic.false_switches import FalseSwitches, false_switches
from leye.policy.dynamic.machine import Path, simulate
from leye.policy.dynamic.rule import DynamicRule, read_rule
from leye.policy.dynamic.series import Observed, observe
from leye.policy.dynamic.steps import Step

__all__ = ["DynamicRule", "FalseSwitches", "Observed", "Path", "Step", "false_switches", "observe", "read_rule", "simulate"]
