"""The people table: the facts of everyone, who they are and where, and the second records that some people have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from leye.city.benefits import Benefits
from leye.city.careers import Careers
from leye.city.dice import Array, chance, pick, stream
from leye.city.facts_growth import business, learning, platform_work, worker_numbers
from leye.city.facts_person import insurance_facts, standing_facts, subsidies, who, work
from leye.city.facts_place import joined, place_facts
from leye.city.factsheet import Facts, fact_columns
from leye.city.firms import Firms, divisions
from leye.city.frames import days, ids, words
from leye.city.gigs import Gigs
from leye.city.identity import addresses_of, identity_numbers, names_of, phones_of, word_list
from leye.city.marginals import districts, job_families
from leye.city.population import FLEXIBLE, INACTIVE, STUDENT, Households, Residents
from leye.city.social import Standing
from leye.kernel.codes import region_prefix


@dataclass(frozen=True, slots=True)
class Lives:
    """Everything drawn about residents that the people table is made of."""

    residents: Residents
    homes: Households
    firms: Firms
    careers: Careers
    standing: Standing
    benefits: Benefits
    gigs: Gigs
    firm_facts: Facts


def people_frame(lives: Lives, *, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(people ordered by person_id, pairs of duplicates). Rows of second records stand between the others, under ids of their own."""
    table = _residents_frame(lives, seed=seed)
    second, pairs = _second_records(lives.residents, table, seed=seed)
    return pl.concat([table, second]).sort("person_id"), pairs


def _residents_frame(lives: Lives, *, seed: int) -> pl.DataFrame:
    r, c = lives.residents, lives.careers
    facts: Facts = {"person_id": np.arange(r.n), "region": r.district}
    facts |= who(r) | standing_facts(lives.standing) | work(r, c, lives.benefits, seed=seed) | insurance_facts(r, c, lives.benefits)
    facts |= subsidies(r, c, lives.standing, seed=seed) | learning(r, c, lives.standing, seed=seed) | business(r, c, seed=seed)
    facts |= platform_work(r, lives.gigs, seed=seed) | joined(lives.firm_facts, c.firm) | place_facts(r)
    columns = fact_columns(facts, seed=seed)
    columns["person_id"] = ids("person", r.row)
    columns["region"] = words([region_prefix(d) for d in districts()], r.district)
    division = np.where(c.firm >= 0, lives.firms.division[c.firm], -1)
    return pl.DataFrame(
        {
            **columns,
            "household_id": ids("household", r.household),
            "grid_id": ids("grid", lives.homes.grid[r.household]),
            "name": names_of(r, seed=seed),
            "phone": _adults_only(phones_of(r.row), r),
            "address": addresses_of(lives.homes, seed=seed).gather(r.household),
            "id_number": identity_numbers(r, seed=seed),
            "occupation": words([f.code for f in job_families()], c.family),
            "industry": words(divisions(), division),
            "firm_id": ids("firm", c.firm),
            "worker_id": ids("worker", worker_numbers(r, lives.gigs)),
        }
    )


def _adults_only(phones: pl.Series, residents: Residents) -> pl.Series:
    return phones.set(pl.Series(residents.age < 14), None)


def _second_records(residents: Residents, table: pl.DataFrame, *, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Copies of people outside firms and registers, with the errors that a second desk makes; no sum over jobs or claims counts them twice.

    Four in ten keep the identity number and err in the name or the phone; the others lack the number and may err in birth, name or phone.
    """
    rng = stream(seed, "duplicates")
    missing = np.setdiff1d(np.arange(residents.rows_in_all), residents.row)
    plain = np.isin(residents.status, (INACTIVE, FLEXIBLE, STUDENT)) & (residents.age >= 16)
    worker = ~table["worker_id"].is_null().to_numpy()
    source = rng.permutation(np.flatnonzero(plain & ~worker & table["birth"].is_not_null().to_numpy()))[: missing.size]
    n = source.size
    keeps_number = chance(rng, 0.4, n)
    wrong = pick(rng, n, (0.35, 0.25, 0.25, 0.15))  # what differs: name, phone, birth, name and phone
    wrong = np.where(keeps_number & (wrong == 2), 0, wrong)
    copy = table[source].with_columns(
        ids("person", missing[:n]).alias("person_id"),
        pl.when(pl.Series(keeps_number)).then(pl.col("id_number")).alias("id_number"),
        _misnamed(rng, table["name"].gather(source), np.isin(wrong, (0, 3))).alias("name"),
        _misdialled(rng, table["phone"].gather(source), np.isin(wrong, (1, 3))).alias("phone"),
        _misdated(residents.birth[source], residents.on.isoformat(), wrong == 2).alias("birth"),
    )
    pairs = pl.DataFrame({"id_a": table["person_id"].gather(source), "id_b": copy["person_id"]})
    return copy, pairs.sort("id_a", "id_b")


def _misnamed(rng: np.random.Generator, names: pl.Series, rows: Array) -> pl.Series:
    """The last character is replaced by another one of the lists."""
    letters = sorted(set("".join(word_list("given_male") + word_list("given_female"))))
    last = words(letters, rng.integers(0, len(letters), len(names)))
    changed = names.str.head(-1) + pl.select(pl.when(names.str.tail(1) == last).then(pl.lit("一")).otherwise(last)).to_series()
    return pl.select(pl.when(pl.Series(rows)).then(changed).otherwise(names)).to_series()


def _misdialled(rng: np.random.Generator, phones: pl.Series, rows: Array) -> pl.Series:
    """Another number: people change it, desks mistype it. The last four digits move on by a random step."""
    step = pl.Series(rng.integers(1, 9999, len(phones)))
    changed = phones.str.head(7) + ((phones.str.tail(4).cast(pl.Int64) + step) % 10_000).cast(pl.String).str.zfill(4)
    return pl.select(pl.when(pl.Series(rows)).then(changed).otherwise(phones)).to_series()


def _misdated(birth: Array, today: str, rows: Array) -> pl.Series:
    """Day and month change places where that is a day of the past; otherwise the year is one too early."""
    month = birth.astype("datetime64[M]")
    day = (birth - month).astype(np.int64) + 1
    year = birth.astype("datetime64[Y]")
    swapped = (year.astype("datetime64[M]") + (np.minimum(day, 12) - 1).astype("timedelta64[M]")).astype("datetime64[D]")
    swapped = swapped + (month.astype(np.int64) % 12).astype("timedelta64[D]")
    sensible = (day <= 12) & (day != month.astype(np.int64) % 12 + 1) & (swapped <= np.datetime64(today))
    year_before = (month - np.timedelta64(12, "M")).astype("datetime64[D]")
    earlier = year_before + np.minimum(day - 1, 27).astype("timedelta64[D]")
    return days(np.where(rows, np.where(sensible, swapped, earlier), birth))
