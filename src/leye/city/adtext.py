"""Titles and texts of job ads: blocks from pieces, in one of several orders, with the pay in the form that the trade uses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from leye.city.dice import Array, chance, pick
from leye.city.frames import words
from leye.city.identity import word_list
from leye.city.marginals import districts, job_families
from leye.city.panel import CITY_NAME
from leye.city.pieces import choose, fill, flatten, pieces, some_of
from leye.kernel.codes import region_name

DAYS_PER_MONTH, HOURS_PER_MONTH = 21.75, 174.0
"""Paid days and hours of a month (人社部发〔2025〕2号 and its forerunner of 2008)."""
_ORDERS = (
    "intro duty need pay hour gain place end",
    "intro pay duty need gain hour place end",
    "intro need duty hour pay gain end place",
    "pay intro duty gain need hour place end",
    "intro duty pay gain place need hour end",
    "intro gain pay need duty place hour end",
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What an ad is about, one entry an ad. low, high: monthly fen; phrase: a sentence to slip in, mostly empty."""

    family: Array
    firm_name: pl.Series
    heads: Array
    district: Array
    low: Array
    high: Array
    phrase: pl.Series


def plain_titles(rng: np.random.Generator, family: Array) -> pl.Series:
    """One of the titles of each row's occupation."""
    flat, first, many = flatten([f.titles for f in job_families()])
    return words(flat, first[family] + np.floor(rng.random(family.size) * many[family]).astype(np.int64))


def ad_texts(rng: np.random.Generator, offer: Offer) -> pl.DataFrame:
    """`title`, `text`, and `negotiable` where no wage is named. A title sometimes has a word before or after it, the text has it plain."""
    p, family = pieces("ads"), offer.family
    n, plain = family.size, plain_titles(rng, family)
    titles = choose(rng, n, p["prefixes"]) + plain + choose(rng, n, p["suffixes"])
    pay, negotiable = pay_phrases(rng, family, offer.low, offer.high)
    blocks = {
        "intro": choose(rng, n, p["intros"], firm=offer.firm_name, title=plain, heads=pl.Series(offer.heads).cast(pl.String)),
        "duty": _listed(rng, family, [f.duties for f in job_families()], p["duty_heads"], 2, 4),
        "need": _needs(rng, family) + offer.phrase,
        "pay": choose(rng, n, p["pay_heads"]) + pay + "。",
        "hour": choose(rng, n, p["hours"]),
        "gain": _listed(rng, np.zeros(n, dtype=np.int64), [p["benefits"]], p["benefit_heads"], 2, 5),
        "place": choose(rng, n, p["places"], place=_places(rng, offer.district)),
        "end": choose(rng, n, p["contacts"]),
    }
    frame = pl.DataFrame(blocks).with_columns(order=rng.integers(0, len(_ORDERS), n), gap=words(["", "", "\n"], rng.integers(0, 3, n)))
    text = pl.lit("")
    for k, order in enumerate(_ORDERS):
        line = pl.concat_str([e for name in order.split() for e in (pl.col(name), pl.col("gap"))]).str.strip_chars_end()
        text = pl.when(pl.col("order") == k).then(line).otherwise(text)
    return frame.select(title=titles, text=text, negotiable=pl.Series(negotiable))


def _listed(rng: np.random.Generator, which: Array, lists: list[tuple[str, ...]], heads: list[str], least: int, most: int) -> pl.Series:
    """A head word, then some pieces of each row's list, then a full stop."""
    flat, first, many = flatten(lists)
    count = np.minimum(rng.integers(least, most + 1, which.size), many[which])
    seps = choose(rng, which.size, pieces("ads")["seps"])
    return choose(rng, which.size, heads) + some_of(rng, flat, first[which], many[which], count, seps) + "。"


def _needs(rng: np.random.Generator, family: Array) -> pl.Series:
    """Needs of the occupation and one or two general ones."""
    p, n = pieces("ads"), family.size
    own = _listed(rng, family, [f.needs for f in job_families()], p["need_heads"], 1, 3)
    flat, first, many = flatten([p["more_needs"]])
    zero = np.zeros(n, dtype=np.int64)
    general = some_of(rng, flat, first[zero], many[zero], rng.integers(1, 3, n), pl.Series(["，"]).gather(zero))
    return own.str.head(-1) + "，" + general + "。"


def _places(rng: np.random.Generator, district: Array) -> pl.Series:
    streets = word_list("streets")
    named = words([CITY_NAME + region_name(d) for d in districts()], district)
    street = words(streets, rng.integers(0, len(streets), district.size))
    return named + street + pl.Series(rng.integers(1, 200, district.size)).cast(pl.String) + "号"


def pay_phrases(rng: np.random.Generator, family: Array, low: Array, high: Array) -> tuple[pl.Series, Array]:
    """(how the pay is written, where no amount is named). Day and hour wages are the month's parted by 21.75 and 174."""
    kind = np.array([("month", "day", "hour", "order").index(f.pay) for f in job_families()])[family]
    month_form = pick(rng, family.size, (0.2, 0.16, 0.24, 0.14, 0.1, 0.06, 0.06, 0.04))
    other = np.array([0, 8, 9, 10])[kind]
    form = np.where((kind == 0) | chance(rng, 0.25, family.size), month_form, other)
    least, most = low / 100, high / 100
    slots = {
        "lowk": _short(least / 1000),
        "highk": _short(most / 1000),
        "low": _whole(least),
        "high": _whole(most),
        "base": _whole(np.rint(least * 0.6 / 100) * 100),
        "lowy": _short(least * 12 / 10_000),
        "highy": _short(most * 12 / 10_000),
        "day": _whole(np.rint(least / DAYS_PER_MONTH / 5) * 5),
        "dayhigh": _whole(np.rint(most / DAYS_PER_MONTH / 5) * 5),
        "hour": _whole(np.rint(least / HOURS_PER_MONTH)),
        "each": _short(np.round(least / 1200, 1)),
        "months": _whole(12 + rng.integers(1, 4, family.size)),
    }
    return fill(_PAY_FORMS, form, slots), form == _NEGOTIABLE


_PAY_FORMS = (
    "{lowk}-{highk}K·{months}薪",
    "{lowk}-{highk}K",
    "{low}-{high}元/月",
    "底薪{base}元+提成，综合{low}-{high}元",
    "综合工资{low}到{high}元",
    "年薪{lowy}-{highy}万",
    "试用期八成，转正{low}-{high}元",
    "面议",
    "日结{day}元，熟手{dayhigh}元",
    "时薪{hour}元，月均{low}元以上",
    "每单{each}元起，月收入{low}-{high}元",
)
_NEGOTIABLE = 7


def _whole(values: Array) -> pl.Series:
    return pl.Series(np.rint(values).astype(np.int64)).cast(pl.String)


def _short(values: Array) -> pl.Series:
    """At most one decimal, none when it is zero."""
    return pl.Series(np.round(values, 1)).cast(pl.String).str.strip_suffix(".0")
