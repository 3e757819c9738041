"""Names, addresses, phones, identity numbers and credit codes: well formed, and nobody's.

Phones use the prefix 154, which fits the form of a mobile number and is not assigned to a carrier. Identity numbers carry order numbers counted
down from 999, and credit codes an organisation part that starts with YY, so that they rarely meet one in real use.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import polars as pl
import yaml

from leye.city.dice import Array, chance, pick, stream
from leye.city.firms import KINDS, Firms
from leye.city.frames import words
from leye.city.marginals import districts, sections
from leye.city.panel import CITY_NAME
from leye.city.population import Households, Residents
from leye.kernel.codes import current_regions, region_name
from leye.packs import open_pack

HOME_PROVINCES = ("43", "44", "45", "36", "42", "51", "52", "41")
"""Provinces that people registered elsewhere come from: Hunan, Guangdong, Guangxi, Jiangxi, Hubei, Sichuan, Guizhou, Henan; chosen by us."""
_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])  # GB 11643-1999, 4.2
_ID_CHECK = np.array(list("10X98765432"))
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, table 1
_CREDIT_WEIGHTS = np.array([3**k % 31 for k in range(17)])
_ORG_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])  # GB 11714-1997


@cache
def lexicon() -> dict[str, Any]:
    """The word lists of `packs/city/words.yaml`."""
    with open_pack("city/words.yaml").open(encoding="utf-8") as file:
        return dict(yaml.safe_load(file))


def word_list(name: str) -> list[str]:
    """One list of the lexicon."""
    return str(lexicon()[name]).split()


def names_of(residents: Residents, *, seed: int) -> pl.Series:
    """Names; children bear the surname of the household's first adult, and the commonest surnames are common here too."""
    rng = stream(seed, "names")
    n = residents.n
    surnames = word_list("surnames")
    surname = pick(rng, n, 1.0 / (3.0 + np.arange(len(surnames))))
    heads = np.full(int(residents.household.max()) + 1, -1)
    adults = np.flatnonzero(residents.age >= 18)[::-1]
    heads[residents.household[adults]] = adults
    child = (residents.age < 18) & (heads[residents.household] >= 0)
    surname[child] = surname[heads[residents.household[child]]]
    return words(surnames, surname) + _given(rng, residents.male) + _given(rng, residents.male, lone=0.14)


def _given(rng: np.random.Generator, male: Array, *, lone: float = 0.0) -> pl.Series:
    """One character of a given name; with `lone` it is missing that often."""
    boys, girls = word_list("given_male"), word_list("given_female")
    code = np.where(male, rng.integers(0, len(boys), male.size), len(boys) + rng.integers(0, len(girls), male.size))
    return words([*boys, *girls, ""], np.where(chance(rng, lone, male.size), len(boys) + len(girls), code))


def addresses_of(homes: Households, *, seed: int) -> pl.Series:
    """One address a household: district, town, street, number, block and room, all of them invented below the district."""
    rng = stream(seed, "addresses")
    n = homes.district.size
    towns = {d: str(t).split() for d, t in lexicon()["town_of"].items()}
    flat = [CITY_NAME + region_name(d) + t for d in districts() for t in towns[d]]
    first = np.cumsum([0, *[len(towns[d]) for d in districts()]])
    town = first[homes.district] + homes.grid % np.array([len(towns[d]) for d in districts()])[homes.district]
    streets = word_list("streets")
    parts = (
        words(flat, town), words(streets, (homes.grid * 3 + rng.integers(0, 4, n)) % len(streets)), _number(rng.integers(1, 180, n)), "号",
        _number(rng.integers(1, 30, n)), "栋", _number(rng.integers(1, 30, n) * 100 + rng.integers(1, 9, n)), "房",
    )  # fmt: skip
    return pl.select(pl.concat_str([pl.lit(p) for p in parts])).to_series()


def _number(values: Array) -> pl.Series:
    return pl.Series(values).cast(pl.String)


def phones_of(rows: Array) -> pl.Series:
    """Eleven digits, all different: 154 and a bijection of the row number on eight digits."""
    return "154" + pl.Series((rows * 61_803_399 + 20_250_831) % 100_000_000).cast(pl.String).str.zfill(8)


def identity_numbers(residents: Residents, *, seed: int) -> pl.Series:
    """Eighteen characters after GB 11643: place of registration, birth, order number (odd for men), check character."""
    rng = stream(seed, "identity")
    elsewhere = (c for c, s in current_regions().items() if s.level == "county" and c[:2] in HOME_PROVINCES and c[:4] != "4406")
    away = np.array(sorted(elsewhere), dtype=np.int64)
    here = np.array(districts(), dtype=np.int64)
    home = np.where(residents.is_local, here[residents.district], away[rng.integers(0, away.size, residents.n)])
    year = residents.birth.astype("datetime64[Y]").astype(np.int64) + 1970
    month = residents.birth.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (residents.birth - residents.birth.astype("datetime64[M]")).astype(np.int64) + 1
    born = year * 10_000 + month * 100 + day
    order = 998 - 2 * _rank_within(home * 100_000_000 + born, residents.male) + residents.male
    body = (home * 100_000_000 + born) * 1000 + order
    digits = body[:, None] // 10 ** np.arange(16, -1, -1) % 10
    return pl.Series(body).cast(pl.String) + words(list(_ID_CHECK), digits @ _ID_WEIGHTS % 11)


def _rank_within(place_and_birth: Array, male: Array) -> Array:
    """0, 1, 2 … among those of equal place, birth and sex."""
    key = place_and_birth * 2 + male
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    first = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    place = np.arange(key.size)
    rank = np.empty(key.size, dtype=np.int64)
    rank[order] = place - np.maximum.accumulate(np.where(first, place, 0))
    return rank


def firm_names(firms: Firms, *, seed: int) -> pl.Series:
    """City, brand, trade, suffix by kind; a repeated name gets the number of its branch."""
    rng = stream(seed, "firm_names")
    first, second = word_list("brand_first"), word_list("brand_second")
    trades = {s: str(w).split() for s, w in lexicon()["firm_words"].items()}
    flat = [w for s in sections() for w in trades[s]]
    start = np.cumsum([0, *[len(trades[s]) for s in sections()]])[:-1]
    many = np.array([len(trades[s]) for s in sections()])
    trade = start[firms.section] + np.floor(rng.random(firms.n) * many[firms.section]).astype(np.int64)
    suffix = [_suffix(kind, s) for s in sections() for kind in KINDS]
    brand = words(first, rng.integers(0, len(first), firms.n)) + words(second, rng.integers(0, len(second), firms.n))
    plain = CITY_NAME + brand + words(flat, trade) + words(suffix, firms.section * len(KINDS) + firms.kind)
    again = plain.to_frame("name").select(pl.int_range(pl.len()).over("name")).to_series()
    branch = pl.select(pl.when(again == 0).then(pl.lit("")).otherwise(pl.concat_str(pl.lit("第"), again + 1, pl.lit("分店")))).to_series()
    return plain + branch


def _suffix(kind: str, section: str) -> str:
    """What a name ends in; sole traders are called after their trade."""
    by_trade = lexicon()["individual_suffix"] if kind == "individual_business" else {}
    return str(by_trade.get(section, lexicon()["firm_suffix"][kind]))


def credit_codes(firms: Firms) -> pl.Series:
    """Unified social credit codes after GB 32100: authority, place, organisation code with its own check, check character."""
    authority = np.array([[9, 1], [9, 2], [5, 2], [1, 2]])[firms.kind]
    place = _digits(np.array(districts(), dtype=np.int64)[firms.district], 6)
    organisation = np.hstack([np.full((firms.n, 2), _CREDIT_ALPHABET.index("Y")), _digits(np.arange(firms.n), 6)])
    letters = np.where(organisation == _CREDIT_ALPHABET.index("Y"), 34, organisation)  # GB 11714 counts Y as 34
    check = (11 - letters @ _ORG_WEIGHTS % 11) % 11
    check = np.where(check == 10, _CREDIT_ALPHABET.index("X"), check)
    body = np.hstack([authority, place, organisation, check[:, None]])
    last = (31 - body @ _CREDIT_WEIGHTS % 31) % 31
    table = np.array(list(_CREDIT_ALPHABET))[np.hstack([body, last[:, None]])]
    return pl.Series(["".join(row) for row in table.tolist()])


def _digits(values: Array, width: int) -> Array:
    return np.asarray(values[:, None] // 10 ** np.arange(width - 1, -1, -1) % 10)
