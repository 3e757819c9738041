"""Feedback of three months from hotline, chat, mailbox, forum and counter, with a rumour that surges shortly before the day."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from leye.city.dice import Array, quota, stream
from leye.city.frames import ids, regions, words
from leye.city.identity import word_list
from leye.city.marginals import districts, job_families, marginals
from leye.city.pieces import choose, fill, flatten, pieces
from leye.city.plants import RUMOUR, RUMOUR_DAYS, RUMOUR_SIZE, Plant
from leye.kernel.codes import region_name

DAYS_OF_POSTS = 90
POSTS_PER_RESIDENT, LEAST_POSTS = 0.05, 900


def posts_frame(people: int, *, seed: int, on: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(posts by time, their topics). The rumour's daily count in its window is the stated multiple of that on other days."""
    rng = stream(seed, "posts")
    p = pieces("posts")
    usual = max(LEAST_POSTS, round(people * POSTS_PER_RESIDENT))
    plain = round(usual * (1 - p["rumour"]["baseline_share"]))
    calm, loud = _rumour_counts(usual - plain)
    topic = np.concatenate([quota(rng, plain, [t["share"] for t in p["topics"].values()]), np.full(calm + loud, len(p["topics"]))])
    day = np.concatenate([rng.integers(0, DAYS_OF_POSTS, plain), _quiet_days(rng, calm), _loud_days(rng, loud)])
    second = day * 86_400 + rng.integers(7 * 3600, 23 * 3600, day.size)
    order = np.lexsort((topic, second))
    topic, second = topic[order], second[order]
    district = quota(rng, topic.size, list(marginals()["districts"].values()))
    start = int(np.datetime64(on - timedelta(days=DAYS_OF_POSTS - 1), "D").astype(np.int64)) * 86_400 - 8 * 3600
    post_id = ids("post", np.arange(topic.size))
    posts = pl.DataFrame(
        {
            "post_id": post_id,
            "at": pl.Series((second + start) * 1_000_000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
            "channel": words(list(p["channels"]), quota(rng, topic.size, list(p["channels"].values()))),
            "text": _texts(rng, topic, district),
            "region": regions(district),
        }
    )
    return posts, pl.DataFrame({"post_id": post_id, "topic": words([*p["topics"], "rumour"], topic)})


def _rumour_counts(usual: int) -> tuple[int, int]:
    """(posts on calm days, posts in the window) so that the daily count in the window is RUMOUR_SIZE times the calm one."""
    window = RUMOUR_DAYS[0] - RUMOUR_DAYS[1] + 1
    calm = max(1, usual)
    return calm, round(calm / (DAYS_OF_POSTS - window) * window * RUMOUR_SIZE)


def _window() -> Array:
    return np.arange(DAYS_OF_POSTS - 1 - RUMOUR_DAYS[0], DAYS_OF_POSTS - RUMOUR_DAYS[1])


def _quiet_days(rng: np.random.Generator, n: int) -> Array:
    return rng.choice(np.setdiff1d(np.arange(DAYS_OF_POSTS), _window()), n)


def _loud_days(rng: np.random.Generator, n: int) -> Array:
    """Days of the window; the rumour swells quickly and dies down slowly."""
    window = _window()
    shape = np.exp(-np.abs(np.arange(window.size) - 2) / 2.5)
    return window[quota(rng, n, shape)]


def _texts(rng: np.random.Generator, topic: Array, district: Array) -> pl.Series:
    p, n = pieces("posts"), topic.size
    rumours = [b.replace("{rumour}", RUMOUR) for b in p["rumour"]["bodies"]]
    flat, first, many = flatten([*(t["bodies"] for t in p["topics"].values()), rumours])
    body = fill(flat, first[topic] + np.floor(rng.random(n) * many[topic]).astype(np.int64), {})
    streets = word_list("streets")
    titles = [f.titles[0] for f in job_families()]
    start = choose(
        rng, n, p["openings"], district=words([region_name(d) for d in districts()], district),
        street=words(streets, rng.integers(0, len(streets), n)), job=words(titles, rng.integers(0, len(titles), n)),
    )  # fmt: skip
    return start + body + choose(rng, n, ["。", "，", "，", "！"]) + choose(rng, n, p["endings"])


def post_plants(on: date) -> list[Plant]:
    """The rumour."""
    first, last = (on - timedelta(days=d) for d in RUMOUR_DAYS)
    return [Plant("rumour", "surge", "posts", {"text_contains": RUMOUR}, first, last, RUMOUR_SIZE, "times the usual count a day",
                  "a rumour about lost pension years goes round")]  # fmt: skip
