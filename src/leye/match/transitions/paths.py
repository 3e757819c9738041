"""The way to an occupation: straight, or by way of another one that pays and teaches while one is on the way."""

from __future__ import annotations

from dataclasses import dataclass

from leye.match.transitions.gaps import Gap, Held, gap, joined
from leye.match.transitions.market import Market
from leye.match.transitions.profiles import Profile, profiles

STEP_HOURS = 160
"""Training up to which a step needs no stop on the way. # chosen by us: a month full-time, or half a year of evenings"""
LEAST_PAY = 0.9
"""Of the present pay, that the occupation on the way must reach."""
WORTH = 0.75
"""A way round must leave at most this share of the direct hours for its longest step. # chosen by us: a change of job costs more than a few hours"""


@dataclass(frozen=True, slots=True)
class Step:
    """One occupation of the way, with what is missing when one stands before it."""

    to: Profile
    gap: Gap


@dataclass(frozen=True, slots=True)
class Path:
    """steps: one, or two · hours: of all steps · longest: hours of the longest."""

    steps: tuple[Step, ...]

    @property
    def hours(self) -> int:
        """Training of all steps."""
        return sum(s.gap.hours for s in self.steps)

    @property
    def longest(self) -> int:
        """Training of the longest step."""
        return max(s.gap.hours for s in self.steps)


def path_to(held: Held, target: Profile, market: Market, *, source: str | None = None, pay_fen: int | None = None) -> Path:
    """The straight way when it needs STEP_HOURS or less; else the two-step way with the shortest longest step (bottleneck path, then total, then
    code),
    if it is WORTH it and the pay on the way is known to hold. Certificates and schooling count: a stop may not ask for more schooling than there
    is."""
    direct = Path((Step(target, gap(held, target)),))
    before = pay_fen or (market.figure(source).pay_fen if source else None)
    if direct.hours <= STEP_HOURS:
        return direct
    found = [p for code, stop in profiles().items() if code not in (source, target.code) and (p := _by_way_of(held, stop, target, market, before))]
    best = min(found, key=lambda p: (p.longest, p.hours, p.steps[0].to.code), default=None)
    return best if best is not None and best.longest <= WORTH * direct.hours else direct


def _by_way_of(held: Held, stop: Profile, target: Profile, market: Market, before: int | None) -> Path | None:
    first = gap(held, stop)
    if first.hours > STEP_HOURS or first.levels_at_most > 1:
        return None
    pay = market.figure(stop.code).pay_fen
    if before is not None and (pay is None or pay < LEAST_PAY * before):
        return None
    return Path((Step(stop, first), Step(target, gap(joined(held, stop), target))))
