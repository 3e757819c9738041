"""The synthetic city in memory: every table of data.md from a number of people, a seed and a day."""

from __future__ import annotations

from datetime import date

import numpy as np

from leye.city.benefits import Benefits, draw_benefits
from leye.city.careers import Careers, live
from leye.city.dice import stream
from leye.city.facts_place import firm_columns, firm_facts
from leye.city.firms import Firms, found_firms
from leye.city.frames import firms_frame, grids_frame, households_frame, ids, insurance_frame, unemployment_frame, words
from leye.city.gigs import Gigs, gig_plants, orders_frame, take_orders, workers_frame
from leye.city.identity import credit_codes, firm_names
from leye.city.indicators import Counts, build_panel, count_cells
from leye.city.insurance import InsuranceMonths, pay_in
from leye.city.jobs import job_plants, jobs_frame
from leye.city.marginals import districts, marginals, sections
from leye.city.moves import move_plants, moves_frame
from leye.city.notices import notice_plants, notices_frames
from leye.city.openings import open_posts
from leye.city.panel import PLATFORMS
from leye.city.payments import payment_plants, payments_frames
from leye.city.people import Lives, people_frame
from leye.city.plants import person_plants, series_plants
from leye.city.population import UNEMPLOYED, Residents, settle
from leye.city.posts import post_plants, posts_frame
from leye.city.programmes import programme_plants, programmes_frame
from leye.city.seekers import seekers_frame
from leye.city.series import calendar_to, common_cycle
from leye.city.social import GROUPS, Standing, stand
from leye.city.store import City, Progress, say, write_city
from leye.kernel.errors import BadInput

__all__ = ["City", "Progress", "build_city", "write_city"]

STEPS = 4
LEAST_PEOPLE, MOST_PEOPLE = 500, 2_000_000


def check(people: int, *, seed: int, on: date) -> None:
    """Raise BadInput when a city cannot be made of these parameters."""
    if not LEAST_PEOPLE <= people <= MOST_PEOPLE:
        zh, en = f"人口 {people} 不在 {LEAST_PEOPLE}–{MOST_PEOPLE} 之间", f"people must lie in {LEAST_PEOPLE}..{MOST_PEOPLE}"
        raise BadInput(zh, en=en, remedy_zh="例如 --people 20000")
    if seed < 0:
        raise BadInput(f"种子 {seed} 不能为负", en="the seed must not be negative", remedy_zh="例如 --seed 7")
    if not date(2017, 1, 1) <= on <= date(2030, 12, 31):
        raise BadInput(f"日期 {on} 不在 2017-01-01 至 2030-12-31 之间", en="the day must lie in 2017..2030", remedy_zh="例如 --on 2025-08-31")


def build_city(people: int, *, seed: int, on: date, progress: Progress | None = None) -> City:
    """All tables and planted truths. Equal arguments give equal tables. Raises BadInput on parameters out of range."""
    check(people, seed=seed, on=on)
    say(progress, "居民与住户", 0, STEPS)
    residents, homes = settle(people, seed=seed, on=on)
    firms, employer = found_firms(residents, seed=seed, on=on)
    careers = live(residents, firms, employer, seed=seed, on=on)
    standing = stand(residents, homes, careers, seed=seed)
    benefits = draw_benefits(residents, careers, seed=seed)
    say(progress, "参保与指标", 1, STEPS)
    months = pay_in(residents, careers, on=on)
    calendar = calendar_to(on, int(marginals()["months"]))
    cycle = common_cycle(stream(seed, "cycle"), calendar.size)
    openings = open_posts(people, calendar, cycle, seed=seed)
    gigs = take_orders(residents, seed=seed, on=on)
    counts = _counts(residents, firms, careers, standing, benefits, months, gigs)
    panel = build_panel(people, counts, openings, calendar, cycle, seed=seed)
    city = City(people, seed, on, str(marginals()["city"]))
    person_ids = ids("person", residents.row)
    say(progress, "居民的九十六项事实", 2, STEPS)
    facts = firm_facts(residents, careers, firms, seed=seed, on=on)
    lives = Lives(residents, homes, firms, careers, standing, benefits, gigs, facts)
    city.tables["people"], city.truth["duplicates"] = people_frame(lives, seed=seed)
    names = firm_names(firms, seed=seed)
    city.tables["households"] = households_frame(homes, standing.home_dibao)
    city.tables["grids"] = grids_frame(homes)
    city.tables["firms"] = firms_frame(firms, firm_columns(facts), names, credit_codes(firms))
    say(progress, "招聘、求职与诉求", 3, STEPS)
    city.tables["jobs"], city.truth["discriminatory_ads"] = jobs_frame(openings, firms, names, calendar, seed=seed, on=on)
    city.tables["seekers"] = seekers_frame(residents, careers, standing, person_ids, seed=seed)
    city.tables["unemployment"] = unemployment_frame(residents, careers, words(GROUPS, standing.group), person_ids)
    window = [m.first for m in calendar.months[-months.window :]]
    city.tables["insurance_months"] = insurance_frame(months, person_ids, window)
    city.tables["workers"], city.tables["orders"] = workers_frame(gigs, person_ids), orders_frame(gigs)
    city.tables["indicators"], city.tables["indicator_keys"] = panel.frames()
    city.tables["posts"], city.truth["post_topics"] = posts_frame(people, seed=seed, on=on)
    city.tables["programmes"] = programmes_frame(residents, careers, person_ids, seed=seed)
    city.tables["notices"], city.tables["eligible"] = notices_frames(residents, homes, person_ids, seed=seed)
    city.tables["payments"], city.truth["double_payments"] = payments_frames(city.tables["people"], seed=seed, on=on)
    city.tables["moves"] = moves_frame(people, calendar, seed=seed)
    plants = [*series_plants(on), *gig_plants(on), *job_plants(calendar, on), *post_plants(on), *person_plants(on)]
    city.plants = [p.as_dict() for p in [*plants, *programme_plants(on), *notice_plants(on), *payment_plants(on), *move_plants(on)]]
    return city


def _counts(r: Residents, firms: Firms, careers: Careers, standing: Standing, benefits: Benefits, months: InsuranceMonths, gigs: Gigs) -> Counts:
    """What the last month of the indicators has to say."""
    now = (months.month == months.window - 1) & (months.kind == 0)
    insured = count_cells(r.district[months.person[now]], firms.section[months.firm[now]], len(sections()))
    registered = count_cells(r.district[careers.is_registered], standing.group[careers.is_registered], len(GROUPS))
    claims = np.bincount(r.district[benefits.claiming], minlength=len(districts()))
    states = np.bincount(r.status, minlength=6)
    orders = np.bincount(gigs.platform, weights=gigs.month_orders, minlength=len(PLATFORMS))
    return Counts(insured, registered, claims, orders, float(states[UNEMPLOYED] / states[: UNEMPLOYED + 1].sum()))
