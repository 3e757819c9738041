"""Early warning: a panel in, calibrated lamps out, each with its evidence, a response plan and a projected cost.

`scan` finds alarms; `plans`, `match_plans` and `advise` answer them from the policy reserve;
`replay` shows what they would have said of a past shock; `states` is the machine of an alarm's handling.
"""

from leye.watch.advice import advise, match_plans
from leye.watch.replay import Replay, replay
from leye.watch.reserve import Plan, check_cases, plans, read_plan
from leye.watch.scanning import ScanResult, scan, scan_panel

__all__ = ["Plan", "Replay", "ScanResult", "advise", "check_cases", "match_plans", "plans", "read_plan", "replay", "scan", "scan_panel"]
