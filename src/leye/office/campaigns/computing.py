"""A campaign computed: people ranked for the chosen posts, all modes of allocation with their accounts. Reads tables, writes nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from leye.kernel.errors import BadInput
from leye.match.allocation import MODES, Edges, allocate, edges_of
from leye.match.columns import JOBS, PEOPLE
from leye.office.campaigns import refusals
from leye.office.campaigns.asked import Asked
from leye.office.campaigns.seekers import seekers_of
from leye.office.fairness.shield import shield
from leye.office.matches.auditing import GROUPS, grouped_people
from leye.office.searches.bank import Bank, bank_now
from leye.trust.audit import audit, check_decisions
from leye.trust.audit.clusters import LEAST_PERSONS
from leye.trust.record import canonical_json

TOP = 30
"""Posts of a person that become edges. # chosen by us: further down nobody wants to go, and the flow stays small"""
RATES = ("grouping", "group", "n", "selected", "selection_rate", "impact_ratio", "impact_lo", "impact_hi", "verdict", "is_shielded")


@dataclass(frozen=True, slots=True)
class Computed:
    """posts, body: as `Campaign` keeps them · outcomes: `{"seekers": [person], "fits": {person: posts}, "placed": {mode: {person: [job_id, p_person,
    p_employer, place among own posts]}}}`."""

    posts: list[dict[str, Any]]
    body: dict[str, Any]
    outcomes: dict[str, Any]


def compute(asked: Asked, user: Any) -> Computed:
    """Place the people asked for on the posts asked for, in every mode. Raises Conflict (E_CAMPAIGN_POSTS), CheckFailed (E_CAMPAIGN_EMPTY), BadInput
    (E_CAMPAIGN_SIZE)."""
    from leye.match.ranking import pairs

    bank = bank_now()
    jobs = posts_of(asked, bank)
    people = seekers_of(asked, user, bank.on)
    ranked = pairs(people.select(list(PEOPLE)), jobs.select(list(JOBS)), on=bank.on, top=TOP)
    if not ranked.height:
        raise refusals.nobody_fits()
    capacities = pl.DataFrame({"job_id": list(asked.places), "capacity": list(asked.places.values())})
    edges = edges_of(ranked.select("person_id", "job_id", "p_person", "p_employer"), capacities)
    order = {(p, j): n for p, j, n in ranked.select("person_id", "job_id", "rank").iter_rows()}
    modes: dict[str, Any] = {}
    placed: dict[str, dict[str, list[Any]]] = {}
    grouped = grouped_people(Path(settings.LEYE_DATA), people, bank.on)
    for mode in MODES:
        found = _mode(edges, mode)
        if found is None:
            continue
        account, table = found
        placed[mode] = {p: [j, x, y, order[p, j]] for p, j, x, y in table.iter_rows()}
        modes[mode] = {"account": account, "groups": group_rates(grouped, set(placed[mode]))}
    fits = dict(ranked.group_by("person_id", maintain_order=True).len().iter_rows())
    counts = {"seekers": people.height, "with_posts": len(fits), "edges": ranked.height}
    body = {"on": bank.on.isoformat(), "run_id": bank.run_id, **counts, "modes": modes}
    return Computed(_posts(jobs, asked), body, {"seekers": people["person_id"].to_list(), "fits": fits, "placed": placed})


def posts_of(asked: Asked, bank: Bank) -> pl.DataFrame:
    """Rows of the posts, by job_id, all of which stand open. Raises Conflict (E_CAMPAIGN_POSTS)."""
    found = bank.jobs.jobs.filter(pl.col("job_id").is_in(list(asked.places))).sort("job_id")
    if gone := sorted(set(asked.places) - set(found["job_id"])):
        raise refusals.posts_closed(gone)
    return found


def group_rates(grouped: pl.DataFrame, placed: set[str]) -> list[dict[str, Any]]:
    """Share of each group's people that was placed, against the best group (four fifths), groups of fewer than ten without figures. grouped:
    `person_id` and GROUPS, which no step of the allocation reads."""
    is_placed = pl.col("person_id").is_in(sorted(placed)).cast(pl.Int64)
    rows = grouped.with_columns(is_placed.alias("selected"), is_placed.cast(pl.Float64).alias("score"))
    made = audit(check_decisions(rows, GROUPS, cluster="person_id", name="campaign")).rates.filter(pl.col("grouping").is_in(list(GROUPS)))
    small = pl.col("persons") < LEAST_PERSONS
    single = shield(made, small | (small.sum().over("grouping") == 1))  # one hidden group alone is the total less the others
    return single.select(c for c in RATES if c in single.columns).to_dicts()


def content_sha256(asked: dict[str, Any], posts: Any, body: Any, outcomes: Any) -> str:
    """Fingerprint of all that somebody signs."""
    return hashlib.sha256(canonical_json({"asked": asked, "posts": posts, "body": body, "outcomes": outcomes})).hexdigest()


def asked_parts(name: str, on: date, kind: str, who: str, region: str) -> dict[str, str]:
    """What was asked for, as the fingerprint holds it."""
    return {"name": name, "on": on.isoformat(), "kind": kind, "who": who, "region": region}


def _mode(edges: Edges, mode: str) -> tuple[dict[str, Any], pl.DataFrame] | None:
    """Account and table; None where OR-tools is not installed and the mode needs it: the page then says so."""
    try:
        made = allocate(edges, mode)
    except BadInput as error:
        if error.code != "E_EXTRA":
            raise
        return None
    return made.account(), made.table()


def _posts(jobs: pl.DataFrame, asked: Asked) -> list[dict[str, Any]]:
    return [
        {"job_id": job_id, "title": title, "firm_name": firm or "", "places": asked.places[job_id]}
        for job_id, title, firm in jobs.select("job_id", "title", "firm_name").iter_rows()
    ]
