"""Facts of learning, own business and platform work."""

from __future__ import annotations

import numpy as np

from leye.city.careers import Careers
from leye.city.dice import Array, chance, pick, stream
from leye.city.factsheet import Facts, enum_codes, masked
from leye.city.gigs import Gigs
from leye.city.population import EMPLOYED, SELF_EMPLOYED, STUDENT, UNEMPLOYED, Residents
from leye.city.social import Standing
from leye.city.spells import NO_DAY

YUAN = 100


def learning(residents: Residents, careers: Careers, standing: Standing, *, seed: int) -> Facts:
    """Loans and subsidies of students, certificates and courses. A certificate is never older than adulthood nor younger than the day."""
    rng = stream(seed, "facts_learning")
    r, n = residents, residents.n
    today = np.datetime64(r.on, "D")
    needy = standing.dibao | standing.alleviated | (standing.grade > 0)
    loan = (r.is_graduate | (r.status == STUDENT) & (r.age >= 18)) & chance(rng, np.where(r.is_rural, 0.16, 0.05) + 0.3 * needy, n)
    recent = r.is_graduate & (r.graduated > today - np.timedelta64(800, "D"))
    has = (r.age >= 18) & (r.age < 63) & chance(rng, np.where(r.status == EMPLOYED, 0.16, 0.09), n)
    level = np.where(has, np.array([5, 4, 3, 2, 1])[pick(rng, n, (0.34, 0.36, 0.22, 0.06, 0.02))], 0)
    adult = r.birth + np.timedelta64(18 * 366, "D")
    room = (today - np.maximum(adult, np.datetime64("2000-01-01"))).astype(np.int64).clip(1)
    age_of = np.minimum(np.floor(rng.exponential(900, n)).astype(np.int64), room - 1)
    cert_on = np.where(has, today - age_of.astype("timedelta64[D]"), NO_DAY)
    paid = np.where(has & (age_of > 30), pick(rng, n, (0.62, 0.26, 0.12)), 0)
    this_year = has & (cert_on >= np.datetime64(f"{r.on.year}-01-01", "D"))
    worse = has & (level < 5) & (paid == 0) & chance(rng, 0.12, n)
    in_course = (r.age >= 18) & chance(rng, np.where(r.status == UNEMPLOYED, 0.07, np.where(r.status == EMPLOYED, 0.01, 0.0)), n)
    return {
        "student_loan": loan,
        "job_seek_received": recent & (needy | loan) & chance(rng, 0.5, n),
        "cert_level": level,
        "cert_on": cert_on,
        "cert_shortage": has & chance(rng, 0.2, n),
        "cert_paid_by": paid,
        "cert_best_paid_level": np.where(paid > 0, level, np.where(worse, 5, 0)),
        "skill_up_times_year": ((paid == 1) & this_year).astype(np.int64),
        "training_times_year": ((paid == 2) & this_year).astype(np.int64),
        "in_training": in_course,
        "training_days": np.where(in_course, rng.integers(1, 61, n), 0),
    }


def business(residents: Residents, careers: Careers, *, seed: int) -> Facts:
    """The own business of the self-employed and the loan they ask for."""
    rng = stream(seed, "facts_business")
    n = residents.n
    has = (residents.status == SELF_EMPLOYED) & chance(rng, 0.94, n)
    year_old = has & ((np.datetime64(residents.on, "D") - careers.since).astype(np.int64) > 365)
    asks = has & chance(rng, 0.09, n)
    paying = year_old & chance(rng, 0.06, n)
    kinds = enum_codes("business_kind", "self_employed", "partnership", "small_firm")
    return {
        "business_registered": has,
        "business_registered_on": np.where(has, careers.since, NO_DAY),
        "business_kind": np.where(has, kinds[pick(rng, n, (0.74, 0.06, 0.2))], -1),
        "business_first": has & chance(rng, 0.84, n),
        "business_operating": has & chance(rng, 0.93, n),
        "startup_once_received": year_old & chance(rng, 0.14, n),
        "loan_applied_fen": np.where(asks, rng.integers(5, 41, n) * 10_000 * YUAN, 0),
        "loan_term_months": masked(np.array([12, 24, 36])[pick(rng, n, (0.2, 0.35, 0.45))], asks),
        "other_business_loan": has & chance(rng, 0.12, n),
        "loan_interest_paid_fen": np.where(paying, rng.integers(3, 90, n) * 100 * YUAN, 0),
        "tax_due_fen": np.where(has, np.rint(rng.lognormal(8.2, 0.9, n) / 10) * 10 * YUAN, 0).clip(0, 10**9).astype(np.int64),
    }


def platform_work(residents: Residents, gigs: Gigs, *, seed: int) -> Facts:
    """Who takes orders on a platform, and how many this month; food and parcel platforms are in the injury-protection pilot."""
    worker = np.zeros(residents.n, dtype=bool)
    worker[gigs.person] = True
    pilot, orders = worker.copy(), np.zeros(residents.n, dtype=np.int64)
    pilot[gigs.person] = gigs.platform <= 1
    orders[gigs.person] = gigs.month_orders
    return {"gig_worker": worker, "gig_platform_pilot": pilot, "gig_orders_month": orders}


def worker_numbers(residents: Residents, gigs: Gigs) -> Array:
    """(n,) number in the workers table, -1 for who is no platform worker."""
    number = np.full(residents.n, -1)
    number[gigs.person] = np.arange(gigs.person.size)
    return number
