"""The rule run through time, knowing at each period only what was known then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from leye.policy.dynamic.rule import DynamicRule
from leye.policy.dynamic.series import Observed
from leye.policy.optimise.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Switch:
    """A change of level in a period. why: rose | fell | ended | spent (the budget is used up) · x: the value that decided, None where none did."""

    at: date
    before: int
    after: int
    why: str
    x: float | None


@dataclass(frozen=True, slots=True)
class Path:
    """(periods,) level and value of the parameter, cost in fen (NaN unknown), and the switches."""

    observed: Observed
    level: Ints
    value: Ints
    cost_fen: Floats
    switches: tuple[Switch, ...]

    @property
    def total_fen(self) -> float:
        """Known cost above the base, all periods."""
        return float(np.nansum(self.cost_fen))


def simulate(rule: DynamicRule, observed: Observed) -> Path:
    """Levels period by period: up to the highest step that `confirm` known values in a row reach, down when as many lie beyond `leave`, never
    within `dwell` periods of the last change. An unknown value changes nothing and breaks the row. Cost is what is paid above the base."""
    days = observed.ds.to_list()
    inside = np.array([rule.start <= d <= rule.end for d in days])
    seen = _known(observed.x, rule.lag) * (1.0 if rule.direction == "up" else -1.0)
    up, down = (_asked(rule, seen, rising=r) for r in (True, False))
    n = len(days)
    level, cost = np.zeros(n, dtype=np.int64), np.zeros(n)
    switches: list[Switch] = []
    now, since, spent = 0, rule.dwell, 0.0
    is_spent = False
    for t in range(n):
        wanted, why = _next(now, since, int(up[t]), int(down[t]), rule)
        if not inside[t]:
            wanted, why = 0, "ended"
        elif is_spent:
            wanted, why = 0, "spent"
        if wanted != now:
            value = observed.x[t - rule.lag] if t >= rule.lag and why in ("rose", "fell") else None
            switches.append(Switch(days[t], now, wanted, why, None if value is None else float(value)))
            now, since = wanted, 0
        since += 1
        level[t] = now
        cost[t] = (rule.value_of(now) - rule.base) * observed.heads[t] if now else 0.0
        spent += 0.0 if np.isnan(cost[t]) else cost[t]
        is_spent = rule.cost is not None and rule.cost.budget_fen is not None and spent >= rule.cost.budget_fen
    values = np.array([rule.value_of(int(s)) for s in level], dtype=np.int64)
    return Path(observed, level, values, cost, tuple(switches))


def _next(now: int, since: int, up: int, down: int, rule: DynamicRule) -> tuple[int, str]:
    """The level wanted, given the one that is confirmed upwards and the one that may be kept."""
    if since < rule.dwell:
        return now, ""
    if up > now:
        return up, "rose"
    return (down, "fell") if down < now else (now, "")


def _known(x: Floats, lag: int) -> Floats:
    """What was known in each period of the indicator's last value: that of `lag` periods before."""
    known = np.full(len(x), np.nan)
    known[lag:] = x[: max(len(x) - lag, 0)]
    return known


def _asked(rule: DynamicRule, seen: Floats, *, rising: bool) -> Ints:
    """(periods,) the level that the last `confirm` values all reach (rising), or that at least one of them still keeps (falling)."""
    sign = 1.0 if rule.direction == "up" else -1.0
    edges = np.array([sign * (s.enter if rising else s.leave) for s in rule.steps])
    unknown = np.isnan(seen)
    reached = np.where(unknown, 0, (np.where(unknown, -np.inf, seen)[:, None] >= edges[None, :]).sum(axis=1))
    highest = len(rule.steps)
    kept = np.where(unknown, 0 if rising else highest, reached)  # an unknown neither asks for more nor gives leave to go
    before = np.concatenate([np.full(rule.confirm - 1, 0 if rising else highest), kept])
    rows = np.stack([before[k : k + len(kept)] for k in range(rule.confirm)])
    found: Ints = (rows.min(axis=0) if rising else rows.max(axis=0)).astype(np.int64)
    return found
