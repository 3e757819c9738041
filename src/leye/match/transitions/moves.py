"""Options of another occupation: those that nothing beats in distance, pay, demand and exposure at once, at most five, unlike one another.

There is no winner on purpose: who needs money soon, who cannot stand all day and who fears for the trade choose differently.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from leye.match.transitions.gaps import Gap, Held, gap
from leye.match.transitions.market import Figure, Market
from leye.match.transitions.profiles import Profile, profiles

MOST = 5
FULL_HOURS = 960
"""Hours of training that weigh as much as knowing nothing of the target: six months full-time. # chosen by us: as MOST_HOURS"""
MOST_HOURS = 960
LEAST_COVERAGE = 0.2
MOST_LEVELS = 1
LARGEST_LOSS = 0.25
"""Options beyond these are no suggestion: more than six months of training, next to nothing known, two levels of schooling, a quarter less pay; the
pair itself can still be asked for. # chosen by us"""
LEVEL = 0.35
"""What a missing level of schooling adds to the distance. # chosen by us: about 340 hours, and it may be waived by an employer"""
PAY, DEMAND, EXPOSURE, NO_ADS = 0.5, 0.1, 0.2, 0.1
"""Weights of the edge cost, used for order and for paths, never to drop an option of the front: a tenth more pay is worth about 45 hours of training,
a rising trade 96, full exposure costs 192, a trade without an ad in a year 96. # chosen by us, stated on the page"""
BETTER, EQUAL, OPEN = "better", "equal", "open"
Span = tuple[float, float] | None
ALIKE = 1
"""Options of one minor group (four digits) at most. # chosen by us: five kinds of guard are one choice"""


@dataclass(frozen=True, slots=True)
class Move:
    """An option. distance: 0 up; (1 − coverage) + hours ÷ FULL_HOURS + LEVEL a level of schooling · pay_change: share, None unknown · front: 1 when
    no other occupation is better in all that is known, 2 when only those of front 1 are, … · best_in: of the shown options, what it is best at."""

    target: Profile
    gap: Gap
    figure: Figure
    distance: float
    pay_change: float | None
    cost: float
    front: int
    best_in: tuple[str, ...] = ()

    @property
    def exposure(self) -> float | None:
        """Middle of the range; the range is what pages show."""
        return None if self.figure.exposure is None else sum(self.figure.exposure) / 2


def moves(held: Held, market: Market, *, source: str | None = None, pay_fen: int | None = None, most: int = MOST) -> list[Move]:
    """At most `most` options, nearest first. source: own occupation, never an option · pay_fen: present monthly pay; else the usual pay of the
    source.

    Of the Pareto front, by edge cost, with at most ALIKE of one minor group. A front that is shorter is filled up from the next, for one option is no
    choice; `front` tells, and so does the page.
    """
    now = market.figure(source) if source else Figure()
    before = pay_fen or now.pay_fen
    options = fronts([m for code, p in profiles().items() if code != source and is_suggested(m := move(held, p, market, before))])
    ordered = sorted(options, key=lambda m: (m.front, m.cost, m.target.code))
    chosen: list[Move] = []
    for limit in (ALIKE, most):
        for m in ordered:
            group = m.target.code[:5]
            if len(chosen) < most and m not in chosen and sum(c.target.code[:5] == group for c in chosen) < limit:
                chosen.append(m)
    return named(sorted(chosen, key=lambda m: (m.distance, m.target.code)))


def move(held: Held, target: Profile, market: Market, pay_before: int | None) -> Move:
    """One pair, wherever it stands; front 0."""
    found, figure = gap(held, target), market.figure(target.code)
    distance = 1 - found.coverage + found.hours / FULL_HOURS + LEVEL * (found.levels or 0)
    change = None if not pay_before or figure.pay_fen is None else figure.pay_fen / pay_before - 1
    return Move(target, found, figure, distance, change, edge_cost(distance, change, figure), 0)


def edge_cost(distance: float, change: float | None, figure: Figure) -> float:
    """Cost of an edge of the graph; what is unknown adds nothing. log of the pay ratio, so that there and back cancel."""
    cost = distance
    if change is not None:
        cost -= PAY * math.log1p(max(change, -0.9))
    if figure.trend is not None:
        cost -= DEMAND * figure.trend
    if figure.exposure is not None:
        cost += EXPOSURE * sum(figure.exposure) / 2
    return cost + (NO_ADS if figure.ads == 0 else 0.0)


def is_suggested(m: Move) -> bool:
    """Whether it is within reach and no clear loss."""
    near = m.gap.hours <= MOST_HOURS and m.gap.coverage >= LEAST_COVERAGE and m.gap.levels_at_most <= MOST_LEVELS
    return near and (m.pay_change is None or m.pay_change >= -LARGEST_LOSS)


def beats(a: Move, b: Move) -> bool:
    """a is surely nowhere worse than b and somewhere better. What is unknown of both is left aside; what is unknown of one might speak for either, so
    that no occupation is beaten for want of figures. Exposure is a range: one is lower only when it lies wholly below the other."""
    answers = [_order(x, y) for x, y in zip(_dimensions(a), _dimensions(b), strict=True)]
    return all(x in (BETTER, EQUAL) for x in answers) and BETTER in answers


def fronts(options: list[Move]) -> list[Move]:
    """The same options with their front (non-dominated sorting: Deb et al. 2002, IEEE Trans. Evol. Comput. 6(2))."""
    left, done, front = list(options), [], 1
    while left:
        best = [m for m in left if not any(beats(other, m) for other in left)]
        done += [replace(m, front=front) for m in best]
        left, front = [m for m in left if m not in best], front + 1
    return done


def named(chosen: list[Move]) -> list[Move]:
    """With what each is best at among those shown: distance, pay, demand, exposure (by the middle of its range).

    Nothing where all are alike, or where it is unknown of one: that one might be better.
    """
    best: dict[int, list[str]] = {}
    for place, name in enumerate(("distance", "pay", "demand", "exposure")):
        values = [(sum(span), i) for i, m in enumerate(chosen) if (span := _dimensions(m)[place]) is not None]
        if values and len(values) == len(chosen) and min(values)[0] < max(values)[0]:
            for v, i in values:
                if v == min(values)[0]:
                    best.setdefault(i, []).append(name)
    return [replace(m, best_in=tuple(best.get(i, ()))) for i, m in enumerate(chosen)]


def _dimensions(m: Move) -> tuple[Span, Span, Span, Span]:
    """(lowest, highest) of each; smaller is better."""
    return (
        _point(m.distance),
        None if m.pay_change is None else _point(-m.pay_change),
        None if m.figure.trend is None else _point(-m.figure.trend),
        m.figure.exposure,
    )


def _point(value: float) -> tuple[float, float]:
    return round(value, 6), round(value, 6)


def _order(x: Span, y: Span) -> str:
    if x is None and y is None:
        return EQUAL
    if x is None or y is None:
        return OPEN
    return EQUAL if x == y else BETTER if x[1] <= y[0] else OPEN
