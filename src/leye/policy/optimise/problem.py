"""The allocation problem: at most one option a person, money by fund, floors, caps and quotas over groups, all in whole numbers.

maximise  sum_ij gain_ij x_ij   subject to   sum_j x_ij <= 1,   sum_ij cost_ijk x_ij <= budget_k,   sum_ij a_r(group of i, j) x_ij <= bound_r
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from leye.kernel.errors import BadInput
from leye.policy.optimise.arrays import Bools, Floats, Ints

NONE = -1
"""In a choice: no option."""


@dataclass(frozen=True, slots=True)
class Option:
    """A programme, or a compatible set of them. pays: fund -> fen a person, one number for all or (n,) of each."""

    name: str
    pays: Mapping[str, int | Ints]


@dataclass(frozen=True, slots=True)
class Row:
    """One rule over counts of people: sum over `options` of (inside for members of the group, outside for the others) <= bound.

    kind: floor_share | cap_share | places | at_least | at_most · group: None is everybody · unit: what one head counts in the row, so that a price
    of the row divided by it is a price a head.
    """

    name: str
    kind: str
    group: str | None
    options: tuple[str, ...]
    inside: int
    outside: int
    bound: int
    unit: int = 1


def floor_share(group: str, share: float | Fraction, options: Sequence[str]) -> Row:
    """At least this share of those who get one of the options belong to the group."""
    part = _fraction(share)
    return Row(
        f"{group}>={float(part):g}", "floor_share", group, tuple(options), part.numerator - part.denominator, part.numerator, 0, part.denominator
    )


def cap_share(group: str, share: float | Fraction, options: Sequence[str]) -> Row:
    """At most this share of those who get one of the options belong to the group."""
    part = _fraction(share)
    return Row(
        f"{group}<={float(part):g}", "cap_share", group, tuple(options), part.denominator - part.numerator, -part.numerator, 0, part.denominator
    )


def places(options: Sequence[str], count: int) -> Row:
    """At most so many people in these options together."""
    return Row(f"{'+'.join(options)}<={count}", "places", None, tuple(options), 1, 1, count)


def at_least(group: str, count: int, options: Sequence[str]) -> Row:
    """At least so many of the group."""
    return Row(f"{group}>={count}", "at_least", group, tuple(options), -1, 0, -count)


def at_most(group: str, count: int, options: Sequence[str]) -> Row:
    """At most so many of the group."""
    return Row(f"{group}<={count}", "at_most", group, tuple(options), 1, 0, count)


def _fraction(share: float | Fraction) -> Fraction:
    """An exact share: 0.08 is 2/25."""
    part = share if isinstance(share, Fraction) else Fraction(repr(share))
    if not 0 <= part <= 1:
        raise BadInput(f"比例 {float(part)} 不在 0 到 1 之间", en=f"a share of {float(part)} is not within 0 and 1", remedy_zh="8% 写作 0.08",
                       remedy_en="write 8% as 0.08", code="E_SHARE")  # fmt: skip
    return part


@dataclass(frozen=True, slots=True)
class Problem:
    """gain: (m, n) change of the outcome, options first; -inf where a person may not have the option, and where it does not help them ·
    code: (n,) which set of groups a person is in · kinds: (C, m + 1, R) what one head of code c with option j (last: none) counts in each row ·
    cost: [m][k] fen of fund k, a number or (n,)."""

    options: tuple[Option, ...]
    funds: tuple[str, ...]
    budgets: Ints
    rows: tuple[Row, ...]
    gain: Floats
    cost: tuple[tuple[int | Ints, ...], ...]
    code: Ints
    kinds: Ints

    @property
    def people(self) -> int:
        """n."""
        return int(self.gain.shape[1])

    @property
    def bounds(self) -> Floats:
        """(K + R,) right sides: budgets, then rows."""
        return np.concatenate([self.budgets, [r.bound for r in self.rows]]).astype(np.float64)

    @property
    def names(self) -> tuple[str, ...]:
        """(K + R,) of the constraints."""
        return (*self.funds, *(r.name for r in self.rows))

    def only(self, who: Ints) -> Problem:
        """The same problem for some of the people, budgets and bounds as they were."""
        cost = tuple(tuple(c if isinstance(c, int) else c[who] for c in per) for per in self.cost)
        return Problem(self.options, self.funds, self.budgets, self.rows, np.ascontiguousarray(self.gain[:, who]), cost, self.code[who], self.kinds)

    def rest(self, who: Ints, choice: Ints) -> Problem:
        """The problem of some of the people when the choices of the others stand: the bounds are what those leave."""
        left = self.bounds - self.usage(np.where(_among(who, self.people), NONE, choice))
        budgets, bounds = left[: len(self.funds)].astype(np.int64), left[len(self.funds) :]
        rows = tuple(replace(row, bound=int(bound)) for row, bound in zip(self.rows, bounds, strict=True))
        return replace(self.only(who), budgets=budgets, rows=rows)

    def usage(self, choice: Ints) -> Ints:
        """(K + R,) what a choice uses of each constraint, exact. choice: (n,) number of the option or NONE."""
        used = [sum(self.spent(j, k, choice) for j in range(len(self.options))) for k in range(len(self.funds))]
        m = len(self.options)
        heads = np.bincount(self.code * (m + 1) + np.where(choice == NONE, m, choice), minlength=len(self.kinds) * (m + 1))
        counted = np.einsum("cj,cjr->r", heads.reshape(len(self.kinds), m + 1), self.kinds)
        return np.concatenate([np.array(used, dtype=np.int64), counted.astype(np.int64)])

    def spent(self, j: int, k: int, choice: Ints) -> int:
        """Fen of fund k that option j costs under a choice."""
        cost = self.cost[j][k]
        if isinstance(cost, int):
            return cost * int(np.count_nonzero(choice == j)) if cost else 0
        return int(cost[choice == j].sum())

    def value(self, choice: Ints) -> float:
        """Sum of the gains of a choice."""
        chosen = np.flatnonzero(choice != NONE)
        return float(self.gain[choice[chosen], chosen].sum())


def _among(who: Ints, people: int) -> Bools:
    inside = np.zeros(people, dtype=bool)
    inside[who] = True
    return inside


def make_problem(
    options: Sequence[Option],
    budgets: Mapping[str, int],
    rows: Sequence[Row],
    *,
    effect: Floats,
    eligible: Bools,
    members: Mapping[str, Bools],
) -> Problem:
    """Check and pack. effect, eligible: (n, m), columns as `options` · members: group -> (n,) · budgets in fen.

    Raises BadInput for unknown groups, options, funds, negative costs and budgets.
    """
    funds = tuple(budgets)
    _check(options, funds, rows, members, budgets)
    names = [o.name for o in options]
    groups = sorted({r.group for r in rows if r.group is not None})
    n = len(effect)
    code = np.zeros(n, dtype=np.int64)
    for i, group in enumerate(groups):
        code += members[group].astype(np.int64) << i
    seen, code = np.unique(code, return_inverse=True)
    kinds = np.zeros((len(seen), len(options) + 1, len(rows)), dtype=np.int64)
    for r, row in enumerate(rows):
        inside = np.ones(len(seen), dtype=bool) if row.group is None else ((seen >> groups.index(row.group)) & 1).astype(bool)
        for name in row.options:
            kinds[:, names.index(name), r] = np.where(inside, row.inside, row.outside)
    gain = np.where(eligible & (effect > 0), effect, -np.inf).T
    cost = tuple(tuple(_cost(o.pays.get(fund, 0)) for fund in funds) for o in options)
    amounts = np.array(list(budgets.values()), dtype=np.int64)
    return Problem(tuple(options), funds, amounts, tuple(rows), np.ascontiguousarray(gain), cost, code.astype(np.int64), kinds)


def _cost(pays: int | Ints) -> int | Ints:
    if isinstance(pays, int):
        return pays
    amounts = np.asarray(pays, dtype=np.int64)
    return int(amounts[0]) if len(amounts) and (amounts == amounts[0]).all() else amounts


def _check(options: Sequence[Option], funds: tuple[str, ...], rows: Sequence[Row], members: Mapping[str, Bools], budgets: Mapping[str, int]) -> None:
    names = {o.name for o in options}
    strange = sorted({g for r in rows if (g := r.group) is not None and g not in members} | {o for r in rows for o in r.options if o not in names})
    if strange:
        raise BadInput(f"不认识：{'、'.join(strange)}", en=f"not known: {', '.join(strange)}", remedy_zh="人群和项目须先定义",
                       remedy_en="define groups and programmes first", code="E_UNKNOWN_NAME")  # fmt: skip
    unpaid = sorted({f for o in options for f in o.pays if f not in funds})
    if unpaid:
        raise BadInput(f"没有给出资金“{'、'.join(unpaid)}”的预算", en=f"no budget for {', '.join(unpaid)}", remedy_zh="加上 --budget 资金=元",
                       remedy_en="add --budget FUND=YUAN", code="E_NO_BUDGET")  # fmt: skip
    if any(b < 0 for b in budgets.values()) or any(np.min(c) < 0 for o in options for c in o.pays.values() if np.size(c)):
        raise BadInput("预算和费用不能为负", en="budgets and costs are not negative", remedy_zh="检查数字的符号", remedy_en="check the signs",
                       code="E_NEGATIVE")  # fmt: skip
