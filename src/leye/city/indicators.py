"""Sixty months of indicators whose last month agrees with the tables of the city to the unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.city.dice import Array, stream
from leye.city.marginals import districts, job_families, marginals, sections
from leye.city.openings import Openings
from leye.city.panel import PLATFORMS, Key, Panel
from leye.city.plants import CLAIMS_RISE, GRADUATES_EFFECT, INSURED_PATH, LEAVING_RISE, SHOCK_SECTION, TREATED, TREATED_MONTHS_BEFORE
from leye.city.series import Calendar, Shape, anchored, paths
from leye.city.social import GROUPS


@dataclass(frozen=True, slots=True)
class Counts:
    """What the tables say on the day, as whole numbers: (districts, sections), (districts, groups), (districts,), (platforms,), and a ratio."""

    insured: Array
    registered: Array
    claims: Array
    monthly_orders: Array
    jobless_rate: float


def build_panel(people: int, counts: Counts, openings: Openings, calendar: Calendar, cycle: Array, *, seed: int) -> Panel:
    """All series. Each indicator has its own stream of dice."""
    panel = Panel(calendar)
    _insured(panel, counts.insured, cycle, seed)
    _postings(panel, openings)
    _registered(panel, counts.registered, cycle, seed)
    _claims(panel, counts.claims, cycle, seed)
    _leaving(panel, counts.insured, cycle, seed)
    _calls(panel, people, cycle, seed)
    _orders(panel, counts.monthly_orders, cycle, seed)
    _jobless_rate(panel, counts.jobless_rate, cycle, seed)
    return panel


def _insured(panel: Panel, now: Array, cycle: Array, seed: int) -> None:
    trend = {"I": 0.04, "C": -0.005, "K": -0.03, "E": -0.02, "G": 0.03, "Q": 0.03}
    wave = {"C": 0.03, "E": 0.03, "H": 0.02}
    shapes = [Shape(trend.get(s, 0.01), 0.006, 10, wave.get(s, 0.01), 0.0, 0.6, noise=0.006, keeps=0.8) for _ in districts() for s in sections()]
    logs = paths(stream(seed, "insured"), panel.calendar, shapes, cycle)
    shocked = np.tile(np.array(sections()) == SHOCK_SECTION, len(districts()))
    logs[shocked, -len(INSURED_PATH) :] += np.log1p(INSURED_PATH)
    keys = [Key("insured", d, s) for d in districts() for s in sections()]
    panel.add_leaves(keys, anchored(now.ravel(), logs))


def _postings(panel: Panel, openings: Openings) -> None:
    shape = (len(districts()), len(sections()), panel.calendar.size)
    cell = np.ravel_multi_index((openings.district, openings.section, openings.month), shape)
    posts = np.bincount(cell, weights=openings.heads, minlength=int(np.prod(shape))).reshape(-1, panel.calendar.size)
    panel.add_leaves([Key("postings", d, s) for d in districts() for s in sections()], posts)
    middle = sorted({f.code[:3] + "0000" for f in job_families()})
    of_family = np.array([middle.index(f.code[:3] + "0000") for f in job_families()])
    cell = of_family[openings.family] * panel.calendar.size + openings.month
    posts = np.bincount(cell, weights=openings.heads, minlength=len(middle) * panel.calendar.size).reshape(len(middle), -1)
    panel.add_leaves([Key("postings_occ", str(marginals()["city"]), occupation=m) for m in middle], posts)


def _registered(panel: Panel, now: Array, cycle: Array, seed: int) -> None:
    """Graduates register in July and August, migrant workers after the festival; the trainee scheme works in the treated districts."""
    own = {"graduates": Shape(0.02, 0.09, 8, 0, 0.02, -1.0, 0.025, 0.3), "migrant_workers": Shape(0.01, 0.03, 3, -0.05, 0.10, -1.5, 0.025, 0.3)}
    shapes = [own.get(g, Shape(0.01, 0.02, 3, 0.03, 0.05, -1.0, 0.02, 0.5)) for _ in districts() for g in GROUPS]
    logs = paths(stream(seed, "registered"), panel.calendar, shapes, cycle)
    treated = np.array([d in TREATED and g == "graduates" for d in districts() for g in GROUPS])
    logs[treated, -1 - TREATED_MONTHS_BEFORE :] += np.log1p(GRADUATES_EFFECT)
    panel.add_leaves([Key("registered", d, grp=g) for d in districts() for g in GROUPS], anchored(now.ravel(), logs))


def _claims(panel: Panel, now: Array, cycle: Array, seed: int) -> None:
    shapes = [Shape(0.02, 0.03, 4, 0.04, 0.06, -1.5, 0.012, 0.4)] * len(districts())
    logs = paths(stream(seed, "claims"), panel.calendar, shapes, cycle)
    logs[:, -len(INSURED_PATH) :] += np.log1p(CLAIMS_RISE)
    panel.add_leaves([Key("claims", d) for d in districts()], anchored(now, logs))


def _leaving(panel: Panel, insured: Array, cycle: Array, seed: int) -> None:
    """People who leave insurance in a month: about two in a hundred of the insured, many before the festival."""
    shapes = [Shape(0.01, 0.03, 6, -0.5 if s in "CEH" else -0.3, 0.1, -1.0, 0.02, 0.3) for s in sections()]
    logs = paths(stream(seed, "leaving"), panel.calendar, shapes, cycle)
    logs[sections().index(SHOCK_SECTION), -len(INSURED_PATH) :] += np.log1p(LEAVING_RISE)
    now = insured.sum(axis=0) * np.where(np.isin(np.array(sections()), ("C", "E", "H")), 0.028, 0.018)
    panel.add_leaves([Key("leaving", str(marginals()["city"]), s) for s in sections()], anchored(now, logs))


def _calls(panel: Panel, people: int, cycle: Array, seed: int) -> None:
    share = np.array(list(marginals()["districts"].values()))
    shapes = [Shape(0.04, 0.04, 3, 0.45, 0.25, -1.0, 0.03, 0.3)] * share.size
    logs = paths(stream(seed, "calls"), panel.calendar, shapes, cycle)
    panel.add_leaves([Key("calls", d) for d in districts()], anchored(people * 0.03 * share, logs))


def _orders(panel: Panel, now: Array, cycle: Array, seed: int) -> None:
    shapes = [Shape(trend, 0.04, 7, dip, 0.0, 1.0, 0.02, 0.4) for trend, dip in ((0.08, 0.5), (0.06, 0.6), (0.03, 0.2), (0.02, 0.8))]
    logs = paths(stream(seed, "gig_orders"), panel.calendar, shapes, cycle)
    panel.add_leaves([Key("gig_orders", str(marginals()["city"]), grp=p) for p in PLATFORMS], anchored(now, logs))


def _jobless_rate(panel: Panel, now: float, cycle: Array, seed: int) -> None:
    """Ratio to three decimals; ends in the city's own share of the unemployed in the labour force and stays within 4 to 6 %."""
    shape = Shape(0.0, 0.02, 8, 0.0, 0.05, -2.0, 0.02, 0.7)
    logs = paths(stream(seed, "jobless_rate"), panel.calendar, [shape], cycle)[0]
    rate = np.round(now * np.exp(logs - logs[-1]), 3).clip(0.04, 0.06)
    panel.add_leaves([Key("jobless_rate", str(marginals()["city"]))], rate[None])


def count_cells(district: Array, other: Array, others: int) -> Array:
    """(districts, others) how many rows fall in each cell."""
    shape = (len(districts()), others)
    return np.bincount(np.ravel_multi_index((district, other), shape), minlength=shape[0] * shape[1]).reshape(shape)
