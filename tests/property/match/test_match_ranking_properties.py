"""What must hold of every ranking: the fast scan is the slow sum, nothing rests on order or company, evidence counts, nothing protected does."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import polars as pl
import pytest

from leye.match.columns import EDUCATION, JOBS, PEOPLE
from leye.match.ranking import passes, rank, rank_for_jobs, read_jobs, read_people, scan, told
from leye.match.ranking.profile import Advert, Profile
from leye.match.ranking.reasons import units_of
from leye.match.ranking.weights import weights
from tests_support.ranking_world import ON, SKILLS, world

PER_MONTH = {"hour": 174.0, "day": 21.75, "month": 1.0, "year": 1 / 12}
COLUMNS = {
    "target_codes": ["target_codes"], "current_code": ["current_code"], "occupation_distance": ["target_codes", "current_code"], "skills": ["skills"],
    "skill_levels": ["skill_levels"], "certificates": ["certificates"], "certificate_until": ["certificate_until"], "skill_grade": ["skill_grade"],
    "project_skills": ["project_skills"], "industries": ["industries"], "relevant_years": ["relevant_years"], "total_years": ["total_years"],
    "education": ["education"], "major": ["major"], "trainings": ["trainings"], "languages": ["languages"], "location": ["lat", "lon"],
    "commute": ["commute_max_km", "commute_mode"], "cities": ["cities"], "pay": ["pay_min_fen", "pay_max_fen"],
    "form": ["forms"], "shift": ["shifts"],
    "available_from": ["available_from"], "digital": ["digital_level", "equipment"], "record": ["record_score"], "needs": ["needs"], "text": ["text"],
}  # fmt: skip


@pytest.fixture(scope="module", params=[(11, 0.05), (12, 0.4)], ids=["few gaps", "many gaps"])
def tables(request: pytest.FixtureRequest) -> tuple[pl.DataFrame, pl.DataFrame]:
    seed, gaps = request.param
    return world(12, 150, seed=seed, gaps=gaps)


@pytest.fixture(scope="module")
def matches(tables: tuple[pl.DataFrame, pl.DataFrame]) -> pl.DataFrame:
    return rank(*tables, on=ON, top=10)


def gate_of_the_notes(p: dict[str, Any], j: dict[str, Any]) -> bool:
    """The hard conditions written out once more from their wording; True when none is known to fail."""

    def monthly(fen: int | None, period: str | None) -> float | None:
        return None if fen is None or period is None else fen * PER_MONTH[period]

    if j["closes_on"] is not None and j["closes_on"] < ON:
        return False
    if None not in (p["cities"], j["city"]) and j["city"] not in p["cities"] and j["remote"] is False and p["relocate"] is False:
        return False
    offer, wish = monthly(j["pay_max_fen"], j["pay_period"]), monthly(p["pay_min_fen"], p["pay_period"])
    if offer is not None and wish is not None and offer < wish:
        return False
    if p["forms"] is not None and j["form"] is not None and j["form"] not in p["forms"]:
        return False
    if set(p["limits"] or []) & set(j["environment"] or []):
        return False
    return not any(_named_fails(name, p, j) for name in j["hard"] or [])


def _named_fails(name: str, p: dict[str, Any], j: dict[str, Any]) -> bool:
    mine = {"shift": "shifts", "education_min": "education", "relevant_years_min": "relevant_years", "skill_grade_min": "skill_grade"}
    wanted, held = j[name], p[mine.get(name, name.removesuffix("_required"))]
    if wanted is None or held is None:
        return False
    if name == "shift":
        return wanted not in held
    if name == "education_min":
        return wanted != "none" and EDUCATION.index(held) < EDUCATION.index(wanted)
    if name == "languages_required":
        return not set(wanted) <= set(held)
    if name == "certificates_required":
        ends = p["certificate_until"] or [None] * len(held)
        return any(not any(h == c and (e is None or e >= ON) for h, e in zip(held, ends, strict=True)) for c in wanted)
    return bool(held < wanted)


def test_the_scan_is_the_slow_sum_over_all_that_passes(tables: Any, matches: pl.DataFrame) -> None:
    people, jobs = (t.to_dicts() for t in tables)
    w, wanted = weights(), []
    for p in people:
        scored = []
        for j in (j for j in jobs if gate_of_the_notes(p, j)):
            assert passes(Profile(p, ON), Advert(j))
            mine, theirs = units_of(Profile(p, ON), Advert(j))
            scored.append((-w.person.probability(mine) * w.employer.probability(theirs), j["job_id"]))
        wanted += [(p["person_id"], job, k, -s) for k, (s, job) in enumerate(sorted(scored)[:10], 1)]
    assert matches.select("person_id", "job_id", "rank", "score").rows() == wanted


def test_order_company_and_exact_change_nothing(tables: Any, matches: pl.DataFrame) -> None:
    people, jobs = tables
    mixed = rank(people.sample(fraction=1, shuffle=True, seed=5), jobs.sample(fraction=1, shuffle=True, seed=6), on=ON, top=10)
    assert mixed.equals(matches)
    assert rank(people, jobs, on=ON, top=10, exact=True).equals(matches)
    alone = rank(people[4:5], jobs, on=ON, top=10)
    assert alone.equals(matches.filter(pl.col("person_id") == people["person_id"][4]))


@pytest.mark.parametrize("in_one", [10**9, 0], ids=["row by row", "cell by cell"])
def test_leaving_blocks_and_rows_out_changes_nothing(tables: Any, matches: pl.DataFrame, monkeypatch: pytest.MonkeyPatch, in_one: int) -> None:
    """With small steps nearly every post is judged by its bound, which tables of this size else never are."""
    for name, small in (("AT_ONCE", 4), ("FIRST", 2), ("GROWTH", 2), ("IN_ONE", in_one)):
        monkeypatch.setattr(scan, name, small)
    assert rank(*tables, on=ON, top=10).equals(matches)
    assert rank(*tables, on=ON, top=2).equals(matches.filter(pl.col("rank") <= 2))


def test_reasons_add_up_and_p_follows_the_logit(matches: pl.DataFrame) -> None:
    for side in ("person", "employer"):
        points = []
        for text, p in matches.select("reasons", f"p_{side}").rows():
            part = json.loads(text)[side]
            assert abs(part["base"] + sum(i["contribution"] for i in part["items"]) - part["logit"]) < 1e-6
            points.append((part["logit"], p))
        ordered = [p for _, p in sorted(points)]
        assert ordered == sorted(ordered)
    assert (matches["score"] - matches["p_person"] * matches["p_employer"]).abs().max() == 0


def test_every_sentence_cites_something_in_both_languages(matches: pl.DataFrame) -> None:
    for text in matches["reasons"]:
        reasons = json.loads(text)
        for side in ("person", "employer"):
            assert all(i["feature"] in {*COLUMNS, "text"} and "【" in i["text"] and "【】" not in i["text"] for i in reasons[side]["items"]), text
        for lang in ("zh", "en"):
            said = told(text, lang)  # type: ignore[arg-type]
            assert said and not any("{" in s for s in said)


def test_taking_cited_evidence_away_lowers_that_side(tables: Any, matches: pl.DataFrame) -> None:
    people, jobs = tables
    by_person, by_job = ({r[k]: r for r in t.to_dicts()} for t, k in ((people, "person_id"), (jobs, "job_id")))
    tried = 0
    for row in matches.iter_rows(named=True):
        person, job, reasons = by_person[row["person_id"]], Advert(by_job[row["job_id"]]), json.loads(row["reasons"])
        for place, side in enumerate(("person", "employer")):
            for item in (i for i in reasons[side]["items"] if i["contribution"] > 0):
                less = person | {c: [] if isinstance(person[c], list) else None for c in COLUMNS[item["feature"]]}
                now = units_of(Profile(less, ON), job)[place]
                assert now < round(reasons[side]["logit"] * 10_000), (side, item)
                tried += 1
    assert tried > 300


PROTECTED = {"name": ("张伟", "李娜"), "sex": ("男", "女"), "birth": ("1970-01-01", "2001-05-06"), "ethnicity": ("汉", "回"), 
             "hukou": ("农业", "非农业"),              "marital": ("已婚", "未婚"), "children": ("2", "0"), "health": ("良好", "慢性病")}  # fmt: skip
TOLD = (
    "姓名：张伟，性别：男，35岁，汉族，已婚，农村户口，1990年3月出生，",
    "姓名：李雪梅，性别：女，五十二岁，回族，未婚，城镇户口，1973年11月出生，",
    "我叫王小明，女，28 周岁，户籍：河南，已育，有孩，",
)


def test_who_somebody_is_changes_not_one_byte(tables: Any) -> None:
    people, jobs = tables
    made = []
    for k, said in enumerate(TOLD):
        columns = [pl.lit(v[k % 2]).alias(c) for c, v in PROTECTED.items()]
        made.append(rank(people.with_columns(pl.lit(said) + pl.col("text").fill_null(""), *columns), jobs, on=ON, top=10))
    assert made[0].equals(made[1]) and made[0].equals(made[2])


def _better(row: dict[str, Any], job: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Changes of a person that may not lower p_employer."""
    held = row["skills"] or []
    more = [x for x in job["skills_required"] or [] if x not in held]
    changes: list[tuple[str, dict[str, Any]]] = []
    if row["skills"] is not None and more:
        levels = None if row["skill_levels"] is None else [*row["skill_levels"], None]
        changes.append(("skill", {"skills": [*held, more[0]], "skill_levels": levels if held or levels is None else None}))
    if row["skill_levels"]:
        changes.append(("level", {"skill_levels": [None if x is None else min(x + 1, 5) for x in row["skill_levels"]]}))
    if row["relevant_years"] is not None:
        changes.append(("years", {"relevant_years": row["relevant_years"] + 1}))
    if row["education"] not in (None, "doctor"):
        changes.append(("schooling", {"education": EDUCATION[EDUCATION.index(row["education"]) + 1]}))
    if row["certificate_until"]:
        changes.append(("valid", {"certificate_until": [date(2099, 1, 1)] * len(row["certificate_until"])}))
    return changes


def test_more_of_what_is_asked_never_lowers(tables: Any) -> None:
    people, jobs = (t.to_dicts() for t in tables)
    for p in people:
        for j in jobs[:60]:
            before = units_of(Profile(p, ON), Advert(j))
            for what, change in _better(p, j):
                assert units_of(Profile(p | change, ON), Advert(j))[1] >= before[1], (what, p["person_id"], j["job_id"])
            nearer = j | {"lat": p["lat"], "lon": p["lon"]} if None not in (p["lat"], p["lon"], j["lat"], j["lon"]) else j
            richer = j | {c: None if j[c] is None else int(j[c] * 1.2) for c in ("pay_min_fen", "pay_max_fen")}
            kinder = j | {"benefits": None if j["benefits"] is None else sorted({*j["benefits"], *(p["needs"] or [])})}
            for better in (nearer, richer, kinder):
                assert units_of(Profile(p, ON), Advert(better))[0] >= before[0]


@pytest.mark.parametrize("asked", [1, 2, 3, 5])
def test_listing_a_skill_that_a_project_shows_never_lowers_whatever_its_level(tables: Any, asked: int) -> None:
    """A level far below the one asked for once cost more than the list gained over the project."""
    people, jobs = (t.row(0, named=True) for t in tables)
    names = [s.label for s in SKILLS[:asked]]
    job = jobs | {"skills_required": names, "skill_level_min": [5] * asked, "skills_preferred": None, "project_skills": None}
    plain = people | {"skills": [SKILLS[9].label], "skill_levels": [3], "project_skills": names, "text": None}
    plain |= dict.fromkeys(("cities", "forms", "limits", "pay_min_fen"))  # nothing of the gate stands between them
    for level in (0, 1, 2, 3, 4, 5, None):
        more = plain | {"skills": [SKILLS[9].label, names[0]], "skill_levels": [3, level]}
        assert units_of(Profile(more, ON), Advert(job))[1] >= units_of(Profile(plain, ON), Advert(job))[1], level
        open_job = pl.DataFrame([job | {"hard": None, "closes_on": None}], schema=JOBS)
        assert len(rank(pl.DataFrame([more], schema=PEOPLE), open_job, on=ON)) == 1, "the scan adds up to the same, else it refuses"


def test_a_skill_that_no_post_asks_for_changes_nothing(tables: Any, matches: pl.DataFrame) -> None:
    people, jobs = tables
    longer = people.with_columns(
        pl.col("skills").list.concat(pl.lit(["吹糖人"], dtype=pl.List(pl.String))),
        pl.when(pl.col("skill_levels").list.len() > 0)
        .then(pl.col("skill_levels").list.concat(pl.lit([5], dtype=pl.List(pl.Int64))))
        .otherwise("skill_levels"),
    )
    with_levels = people.filter(pl.col("skill_levels").list.len() > 0)["person_id"].to_list()
    only = pl.col("person_id").is_in(with_levels)
    assert rank(longer.filter(only), jobs, on=ON, top=10).equals(matches.filter(only))


def test_the_employers_list_has_the_same_scores(tables: Any, matches: pl.DataFrame) -> None:
    people, jobs = tables
    candidates = rank_for_jobs(people, jobs, on=ON, top=len(people))
    both = matches.join(candidates, on=["person_id", "job_id"])
    assert len(both) == len(matches) and both["score"].equals(both["score_right"]) and both["reasons"].equals(both["reasons_right"])
    assert candidates.sort("job_id", "rank").equals(candidates)


def test_fair_exposure_keeps_lists_full_and_shows_more_posts(tables: Any, matches: pl.DataFrame) -> None:
    fair = rank(*tables, on=ON, top=10, fair_exposure=True)
    assert fair.group_by("person_id").len().sort("person_id").equals(matches.group_by("person_id").len().sort("person_id"))
    assert fair["job_id"].n_unique() >= matches["job_id"].n_unique()
    assert fair.filter(pl.struct("person_id", "job_id").is_duplicated()).is_empty()


def test_tables_of_the_contract_come_back_as_they_are(tables: Any) -> None:
    people, jobs = tables
    assert read_people(people).equals(people) and read_jobs(jobs).equals(jobs)
