"""Working lives: present job, the job before, spells of registered unemployment, insurance. Dates of one person never contradict each other.

Someone who found work again entered the present job on the day the spell of unemployment ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from leye.city.dice import Array, chance, pick, quota, stream
from leye.city.firms import Firms
from leye.city.marginals import by_section, family_weights, job_families, marginals
from leye.city.population import DAYS_PER_MONTH, DAYS_PER_YEAR, EMPLOYED, FLEXIBLE, INACTIVE, SELF_EMPLOYED, UNEMPLOYED, Residents
from leye.city.spells import NO_DAY, draw_spells

REASONS = (
    "contract_end", "dismissed", "firm_closed", "agreed_employer_proposed", "forced_resignation", "other_involuntary", "resigned", "never_employed",
)  # fmt: skip
NEVER, UNKNOWN_REASON = 7, -1
_REASON_WEIGHTS = (0.2, 0.12, 0.08, 0.15, 0.03, 0.05, 0.37)  # chosen by us: a little over a third leave by their own will


@dataclass(slots=True)
class Careers:
    """One entry a resident; numbers are -1 and days NaT where there is none.

    `family`, `prev_family` index `job_families()`. `since` is the first day of the present job, flexible work or business. The job before ran
    from `prev_from` to `prev_to`. `usual_wage_fen` is the wage of the present work, or what somebody without work is used to. A spell of
    registered unemployment runs from `spell_from` to `spell_to`, open (NaT) for who is registered now.
    `older_months` are insured months before the job before.
    """

    firm: Array
    family: Array
    wage_fen: Array
    usual_wage_fen: Array
    since: Array
    is_insured: Array
    pays_alone: Array
    prev_firm: Array
    prev_from: Array
    prev_to: Array
    prev_insured: Array
    spell_from: Array
    spell_to: Array
    is_registered: Array
    left_reason: Array
    older_months: Array
    start: Array


def live(residents: Residents, firms: Firms, employer: Array, *, seed: int, on: date) -> Careers:
    """Draw the working lives of all residents; fills `firms.staff` with the insured of each firm."""
    rng = stream(seed, "careers")
    n, today = residents.n, np.datetime64(on, "D")
    start = _work_starts(rng, residents)
    family = _families(rng, residents, firms, employer)
    registered = (residents.status == UNEMPLOYED) & _exactly(rng, residents.status == UNEMPLOYED, marginals()["registered_of_unemployed"])
    spell_from, spell_to = draw_spells(rng, residents, registered, start, seed=seed)
    since = _since(rng, residents, start, spell_to, today)
    prev_from, prev_to = _jobs_before(rng, residents, start, since, spell_from, today)
    has_prev = ~np.isnat(prev_to)
    insured = (employer >= 0) & chance(rng, marginals()["insured_of_employed"], n)
    insured[_first_of_each(employer)] = True
    reason = np.where(has_prev, pick(rng, n, _REASON_WEIGHTS), np.where((employer >= 0) & np.isnat(spell_from), UNKNOWN_REASON, NEVER))
    early = np.minimum(prev_from, _window_start(today)) - np.timedelta64(31, "D")  # the months of the window all stand in insurance_months
    before = np.where(has_prev, (early - start).astype(np.int64), 0) / DAYS_PER_MONTH
    older = np.floor(before.clip(0, 300) * rng.random(n) * 0.7).astype(np.int64)
    firms.staff[:] = np.bincount(employer[insured], minlength=firms.n)
    wage, usual = _wages(rng, residents, firms, employer, family)
    return Careers(
        firm=employer,
        family=family,
        wage_fen=wage,
        usual_wage_fen=usual,
        since=since,
        is_insured=insured,
        pays_alone=(residents.status == FLEXIBLE) & chance(rng, 0.45, n) & (residents.age >= 18),
        prev_firm=np.where(has_prev, _other_firms(rng, residents, firms, employer), -1),
        prev_from=prev_from,
        prev_to=prev_to,
        prev_insured=has_prev & chance(rng, 0.88, n),
        spell_from=spell_from,
        spell_to=spell_to,
        is_registered=registered,
        left_reason=reason,
        older_months=older,
        start=start,
    )


def _window_start(today: np.datetime64) -> np.datetime64:
    """First day of the window of insurance months."""
    return np.datetime64(today.astype("datetime64[M]") - (int(marginals()["insurance_window"]) - 1), "D")


def _exactly(rng: np.random.Generator, among: Array, share: float) -> Array:
    rows = np.flatnonzero(among)
    chosen = np.zeros(among.size, dtype=bool)
    chosen[rng.permutation(rows)[: round(rows.size * share)]] = True
    return chosen


def _work_starts(rng: np.random.Generator, residents: Residents) -> Array:
    """First day on the labour market: the day after graduation, else at 17 to 20, or between 16 and the day for those who are younger than that."""
    sixteen = residents.birth + np.timedelta64(5844, "D")
    room = (np.datetime64(residents.on, "D") - sixteen).astype(np.int64)
    late = np.floor((1 + 3 * rng.random(residents.n)) * DAYS_PER_YEAR)
    young = sixteen + np.where(late < room, late, np.floor(rng.random(residents.n) * room.clip(1))).astype("timedelta64[D]")
    return np.asarray(np.where(residents.is_graduate, residents.graduated + np.timedelta64(1, "D"), young))


def _families(rng: np.random.Generator, residents: Residents, firms: Firms, employer: Array) -> Array:
    """Occupation of the present (or, unemployed, the usual) work; who has a diploma leans to work that asks for one."""
    section = np.where(employer >= 0, firms.section[employer], quota(rng, residents.n, by_section("staff")))
    asks = np.array([f.graduate for f in job_families()])
    family = np.zeros(residents.n, dtype=np.int64)
    for graduate, lean in ((True, 0.05 + asks), (False, 1.05 - asks)):
        edges = np.cumsum(family_weights() * lean, axis=1)
        rows = np.flatnonzero(residents.is_graduate == graduate)
        draw = rng.random(rows.size) * edges[section[rows], -1]
        for s in np.unique(section[rows]):
            here = section[rows] == s
            family[rows[here]] = np.searchsorted(edges[s], draw[here], side="right")
    idle = np.isin(residents.status, (EMPLOYED, FLEXIBLE, SELF_EMPLOYED, UNEMPLOYED), invert=True)
    return np.where(idle, -1, family.clip(0, len(asks) - 1))


def _since(rng: np.random.Generator, residents: Residents, start: Array, spell_to: Array, today: np.datetime64) -> Array:
    """First day of the present work; the day a closed spell ended where there is one."""
    room = (today - start).astype(np.int64).clip(1)
    days = np.ceil(rng.exponential(1300, residents.n)).astype(np.int64)
    soon = np.ceil(room * (1 - 0.8 * rng.random(residents.n) ** 1.5)).astype(np.int64)  # newcomers: most start soon after they could
    days = np.where(days > room, soon, days).clip(1)
    works = np.isin(residents.status, (EMPLOYED, FLEXIBLE, SELF_EMPLOYED))
    since = np.where(works, today - (days - 1).astype("timedelta64[D]"), NO_DAY)
    return np.where(np.isnat(spell_to), since, spell_to)


def _jobs_before(
    rng: np.random.Generator, residents: Residents, start: Array, since: Array, spell_from: Array, today: np.datetime64
) -> tuple[Array, Array]:
    """The job before the present state: it ends shortly before a spell, a new job, or some time ago; nobody works before the own start."""
    n = residents.n
    gap = np.floor(3 + rng.random(n) * 42).astype(np.int64)
    long_gap = np.where(residents.age >= 60, (residents.age - 59) * 365, 400)
    away = np.where(np.isnat(since), np.floor(rng.random(n) * long_gap).astype(np.int64) + gap, gap)
    next_state = np.where(np.isnat(since), today, since)
    end = np.where(np.isnat(spell_from), next_state - away.astype("timedelta64[D]"), spell_from - gap.astype("timedelta64[D]"))
    room = (end - start).astype(np.int64)
    days = np.minimum(np.ceil(rng.exponential(1100, n)).astype(np.int64) + 45, room)
    jobless = (residents.status == UNEMPLOYED) | ~np.isnat(spell_from)
    share = np.select([residents.status == INACTIVE, jobless], [0.7, 0.92], 0.8)  # of who found work again as of who has not
    asked = np.where(np.isnat(spell_from), today, spell_from)
    fresh = residents.is_graduate & jobless & ((asked - start).astype(np.int64) < 730)
    has = (room > 90) & (residents.age >= 18) & chance(rng, share, n) & ~(fresh & chance(rng, 0.7, n))
    return np.where(has, end - days.astype("timedelta64[D]"), NO_DAY), np.where(has, end, NO_DAY)


def _first_of_each(employer: Array) -> Array:
    firms, first = np.unique(employer, return_index=True)
    return np.asarray(first[firms >= 0])


def _other_firms(rng: np.random.Generator, residents: Residents, firms: Firms, employer: Array) -> Array:
    """A firm of the own district for everyone, as the employer of the job before; never the present one."""
    order = np.argsort(firms.district, kind="stable")
    place = np.empty(firms.n, dtype=np.int64)
    place[order] = np.arange(firms.n)
    count = np.bincount(firms.district)
    first = (np.cumsum(count) - count)[residents.district]
    here = count[residents.district]
    own = np.where(employer >= 0, place[employer] - first, rng.integers(0, here))
    step = 1 + np.floor(rng.random(residents.n) * (here - 1)).astype(np.int64)
    return np.asarray(order[first + (own + step) % here])


def _wages(rng: np.random.Generator, residents: Residents, firms: Firms, employer: Array, family: Array) -> tuple[Array, Array]:
    """Monthly wage in fen, whole fifty yuan, lognormal around occupation times industry, at least the minimum wage: (of the present work and 0
    without it, what everybody is used to).

    Who has no work now had wages like others before: a past that gave away the present would let a forecast look ahead.
    """
    m = marginals()
    yuan = np.array([f.wage_yuan for f in job_families()])[family]
    level = np.where(employer >= 0, 0.5 + 0.5 * by_section("wage")[firms.section[employer]], 0.72)
    experience = 0.86 + 0.24 * ((residents.age - 20) / 20).clip(0, 1)
    women = np.where(residents.male, 1.0, m["women_wage"])
    wage = yuan * level * experience * women * np.exp(rng.normal(-(m["wage_sd"] ** 2) / 2, m["wage_sd"], residents.n))
    least = np.where(employer >= 0, m["local"]["min_wage_fen"] // 5000 + 1, 10)
    works = np.isin(residents.status, (EMPLOYED, FLEXIBLE))
    usual = (np.maximum(np.rint(wage / 50), least) * 5000).astype(np.int64)
    return np.where(works, usual, 0), usual
