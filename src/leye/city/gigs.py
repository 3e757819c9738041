"""Platform workers and two weeks of orders, with a dispatcher that is unfair to women: they wait longer and get fewer premium orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from leye.city.dice import Array, chance, pick, stream
from leye.city.frames import ids, words
from leye.city.marginals import districts
from leye.city.panel import PLATFORMS
from leye.city.plants import PAY_BIAS, WAIT_BIAS, Plant
from leye.city.population import FLEXIBLE, Residents

DAYS_OF_ORDERS = 14
ZONES_PER_DISTRICT = 5
PREMIUM_SHARE = 0.22
_SHARE = (0.5, 0.15, 0.23, 0.12)  # of workers by platform; chosen by us: food delivery is half
_PER_DAY = np.array([15.0, 11.0, 10.0, 4.0])
_PAY_FEN = np.array([620.0, 900.0, 2100.0, 9800.0])
_RIDE_MIN = np.array([24.0, 30.0, 26.0, 75.0])
_HOURS = np.array(
    [
        [1, 1, 0, 0, 0, 0, 1, 3, 3, 3, 6, 14, 12, 6, 3, 3, 4, 10, 13, 9, 5, 4, 3, 2],
        [0, 0, 0, 0, 0, 0, 1, 3, 6, 9, 9, 7, 5, 6, 8, 9, 9, 7, 5, 3, 2, 1, 1, 0],
        [2, 1, 1, 0, 0, 1, 3, 8, 9, 6, 4, 4, 4, 4, 4, 5, 6, 9, 8, 6, 5, 5, 5, 3],
        [0, 0, 0, 0, 1, 3, 6, 9, 10, 9, 8, 6, 4, 6, 8, 8, 7, 5, 3, 2, 1, 1, 0, 0],
    ],
    dtype=np.float64,
)
"""Weight of the hours of the day by platform: meals, office hours, rush hours, mornings; chosen by us."""


@dataclass(slots=True)
class Gigs:
    """Workers (resident and platform number of each) and orders (worker number of each, and its parts). Instants are seconds since 1970, UTC."""

    person: Array
    platform: Array
    order_worker: Array
    zone: Array
    created: Array
    accepted: Array
    done: Array
    pay_fen: Array
    premium: Array
    month_orders: Array


def take_orders(residents: Residents, *, seed: int, on: date) -> Gigs:
    """Draw workers among the flexible and the orders of the fourteen days that end with the day."""
    rng = stream(seed, "workers")
    fits = (residents.status == FLEXIBLE) & (residents.age >= 18) & (residents.age < 60)
    person = np.flatnonzero(fits & chance(rng, np.where(residents.male, 0.45, 0.3), residents.n))
    platform = pick(rng, person.size, _SHARE)
    rng = stream(seed, "orders")
    rate = _PER_DAY[platform] * np.exp(rng.normal(-0.045, 0.3, person.size))
    works = rng.random((person.size, DAYS_OF_ORDERS)) < rng.beta(8, 3, person.size)[:, None]
    count = np.where(works, rng.poisson(rate[:, None].repeat(DAYS_OF_ORDERS, axis=1)), 0)
    owner, day = (np.repeat(axis.ravel(), count.ravel()) for axis in np.indices(count.shape))
    created = _created(rng, platform[owner], day, on)
    woman = ~residents.male[person][owner]
    wait = rng.lognormal(np.log(70), 0.55, owner.size) * np.where(woman, 1 + WAIT_BIAS, 1.0)
    premium = chance(rng, np.where(woman, PREMIUM_SHARE * (1 + PAY_BIAS), PREMIUM_SHARE), owner.size)
    pay = _PAY_FEN[platform[owner]] * rng.lognormal(-0.03, 0.25, owner.size) * np.where(premium, 1.9, 1.0)
    accepted = created + np.rint(wait).astype(np.int64).clip(3)
    done = accepted + np.rint(_RIDE_MIN[platform[owner]] * 60 * rng.lognormal(-0.05, 0.3, owner.size)).astype(np.int64)
    zone = residents.district[person][owner] * ZONES_PER_DISTRICT + rng.integers(0, ZONES_PER_DISTRICT, owner.size)
    order = np.lexsort((owner, created))
    month = _month_orders(count, on)
    return Gigs(
        person, platform, owner[order], zone[order], created[order], accepted[order], done[order],
        (np.rint(pay / 10) * 10).astype(np.int64)[order], premium[order], month,
    )  # fmt: skip


def _created(rng: np.random.Generator, platform: Array, day: Array, on: date) -> Array:
    """Seconds since 1970 UTC; the hour follows the platform's day in Beijing time."""
    hour = np.zeros(day.size, dtype=np.int64)
    for p in range(len(PLATFORMS)):
        rows = np.flatnonzero(platform == p)
        hour[rows] = pick(rng, rows.size, _HOURS[p])
    first = int(np.datetime64(on - timedelta(days=DAYS_OF_ORDERS - 1), "D").astype(np.int64))
    return np.asarray((first + day) * 86_400 + hour * 3600 + rng.integers(0, 3600, day.size) - 8 * 3600)


def _month_orders(count: Array, on: date) -> Array:
    """(workers,) orders of the month so far: those of the days we have, scaled to the days gone by."""
    known = min(DAYS_OF_ORDERS, on.day)
    return np.asarray(np.rint(count[:, -known:].sum(axis=1) * on.day / known).astype(np.int64))


def workers_frame(gigs: Gigs, person_ids: pl.Series) -> pl.DataFrame:
    """One row a platform worker."""
    number = np.arange(gigs.person.size)
    return pl.DataFrame(
        {"worker_id": ids("worker", number), "person_id": person_ids.gather(gigs.person), "platform": words(list(PLATFORMS), gigs.platform)}
    )


def orders_frame(gigs: Gigs) -> pl.DataFrame:
    """One row an order, by time. `zone` is the district and a number within it; pay in fen; instants in UTC."""
    zones = [f"{d}-{k + 1:02d}" for d in districts() for k in range(ZONES_PER_DISTRICT)]
    return pl.DataFrame(
        {
            "order_id": ids("order", np.arange(gigs.order_worker.size)),
            "worker_id": ids("worker", gigs.order_worker),
            "platform": words(list(PLATFORMS), gigs.platform[gigs.order_worker]),
            "zone": words(zones, gigs.zone),
            "created_at": _instants(gigs.created),
            "accepted_at": _instants(gigs.accepted),
            "done_at": _instants(gigs.done),
            "pay_fen": gigs.pay_fen,
            "tier": words(("standard", "premium"), gigs.premium.astype(np.int64)),
        }
    )


def _instants(seconds: Array) -> pl.Series:
    return pl.Series(seconds * 1_000_000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def gig_plants(on: date) -> list[Plant]:
    """The dispatcher's two unfair habits."""
    first = on - timedelta(days=DAYS_OF_ORDERS - 1)
    women = {"sex": "F", "against": {"sex": "M"}, "joined_by": "workers.person_id"}
    return [
        Plant("dispatch_wait", "bias", "orders", {**women, "measure": "accepted_at - created_at"}, first, on, WAIT_BIAS,
              "relative difference of the mean", "women wait longer for an order to be theirs"),
        Plant("dispatch_premium", "bias", "orders", {**women, "measure": "tier == premium"}, first, on, PAY_BIAS, "relative difference of the share",
              "women get fewer orders of the premium tier"),
    ]  # fmt: skip
