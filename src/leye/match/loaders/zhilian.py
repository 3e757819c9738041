"""The three tables of 天池“人岗智能匹配” (智联招聘, 2019): people, posts and what came of browsing, in the columns of PEOPLE, JOBS and EVENTS.

No such file was at hand: columns and codes are as public descriptions, and public programs that read them, say. docs/reference/learning.md lists what
of it is unverified.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from leye.kernel.errors import BadInput, Place
from leye.match.adverts.masking import masked
from leye.match.columns import JOBS, PEOPLE
from leye.match.learning.events import EVENTS, start_of
from leye.match.learning.fairness import age_band
from leye.match.loaders import zhilian_cells as form
from leye.match.loaders.tabbed import Kept, Tabbed, read_tabbed
from leye.match.loaders.zhilian_cells import Row

USER = (
    "user_id", "live_city_id", "desire_jd_city_id", "desire_jd_industry_id", "desire_jd_type_id", "desire_jd_salary_id", "cur_industry_id",
    "cur_jd_type", "cur_salary_id", "cur_degree_id", "birthday", "start_work_date", "experience",
)  # fmt: skip
JD = (
    "jd_no", "jd_title", "company_name", "city", "jd_sub_type", "require_nums", "max_salary", "min_salary", "start_date", "end_date", "is_travel",
    "min_years", "key", "min_edu_level", "max_edu_level", "is_mangerial", "resume_language_required", "job_description",
)  # fmt: skip
ACTION = ("user_id", "jd_no", "browsed", "delivered", "satisfied")
USERS, POSTS, ACTIONS = "table1_user", "table2_jd", "table3_action"
ENDINGS = ("", ".csv", ".tsv", ".txt")
COLLECTED = date(2019, 7, 16)
"""Day in the names of the published archives: years of work are counted from it."""
MORE_PEOPLE = {"desired_types": pl.List(pl.String), "current_type": pl.String(), "desired_industries": pl.List(pl.String)}
"""Words of occupation and industry as they stand, for `leye match code`: the source has no code of 职业分类大典."""
MORE_JOBS = {"job_type": pl.String()}
GROUPS = {"person_id": pl.String(), "age_band": pl.String()}


@dataclass(frozen=True)
class Loaded:
    """groups: for audits, never features · kept: lines apart · report: counts by table, unknown columns, cells of no known form."""

    people: pl.DataFrame
    jobs: pl.DataFrame
    events: pl.DataFrame
    groups: pl.DataFrame
    kept: list[Kept]
    report: dict[str, Any]


def load_zhilian(folder: Path) -> Loaded:
    """All three tables. Raises BadInput: E_ZHILIAN_FILE for a table that is not there, E_ZHILIAN_KEY, E_FILE_UNREADABLE."""
    users, posts = (read_tabbed(_file(folder, n), c, (c[0],), is_unique=True) for n, c in ((USERS, USER), (POSTS, JD)))
    actions = read_tabbed(_file(folder, ACTIONS), ACTION, ACTION[:2], is_unique=False)
    odd: Counter[str] = Counter()
    people = [_person(Row(USERS, cells, odd)) for _, _, cells in users.rows]
    jobs = [_job(Row(POSTS, cells, odd)) for _, _, cells in posts.rows]
    events, kept = _events(actions, {p["person_id"] for p in people}, {j["job_id"]: j["posted_on"] for j in jobs}, odd)
    every = [*users.kept, *posts.kept, *actions.kept, *kept]
    report = {
        "tables": {n: _counts(t, every) for n, t in ((USERS, users), (POSTS, posts), (ACTIONS, actions))},
        "odd_cells": dict(sorted(odd.items())), "time_of_events": "start_date of the post; the source has no times",
    }  # fmt: skip
    return Loaded(
        pl.DataFrame(people, schema=_schema(people, PEOPLE | MORE_PEOPLE)), pl.DataFrame(jobs, schema=_schema(jobs, JOBS | MORE_JOBS)),
        pl.DataFrame(events, schema=EVENTS, orient="row"), pl.DataFrame([{k: p[k] for k in GROUPS} for p in people], schema=GROUPS), every, report,
    )  # fmt: skip


def _file(folder: Path, name: str) -> Path:
    found = next((folder / f"{name}{e}" for e in ENDINGS if (folder / f"{name}{e}").is_file()), None)
    if found is None:
        raise BadInput(
            f"文件夹里没有 {name}", en=f"no {name} in the folder", places=(Place(str(folder)),), code="E_ZHILIAN_FILE",
            remedy_zh=f"放进 {USERS}、{POSTS}、{ACTIONS}（不带扩展名，或 .csv、.tsv、.txt）",
            remedy_en=f"put {USERS}, {POSTS} and {ACTIONS} there (no ending, or .csv, .tsv, .txt)",
        )  # fmt: skip
    return found


def _person(row: Row) -> dict[str, Any]:
    low, high = row.read("desire_jd_salary_id", form.band_yuan) or (None, None)
    began, years_old = row.read("start_work_date", form.year), row.read("birthday", form.age)
    return {
        "person_id": row.said("user_id"), "cities": _cities(row.words("desire_jd_city_id")),
        "pay_min_fen": _fen(low), "pay_max_fen": _fen(high), "pay_period": "month" if low or high else None,
        "education": row.read("cur_degree_id", form.degree), "total_years": None if began is None else float(max(COLLECTED.year - began, 0)),
        "skills": row.skills("experience"), "text": "、".join(row.words("experience")) or None,
        "desired_types": row.words("desire_jd_type_id") or None, "current_type": row.said("cur_jd_type"),
        "desired_industries": row.words("desire_jd_industry_id") or None,
        "age_band": None if years_old is None else age_band(years_old),
    }  # fmt: skip


def _job(row: Row) -> dict[str, Any]:
    low, high = row.read("min_salary", form.yuan), row.read("max_salary", form.yuan)
    heads, city = row.read("require_nums", form.whole), row.said("city")
    text = row.said("job_description")
    return {
        "job_id": row.said("jd_no"), "title": row.said("jd_title"), "text": None if text is None else masked(text),
        "headcount": heads if heads and heads > 0 else None, "city": None if city is None else _city(city),
        "pay_min_fen": _fen(low), "pay_max_fen": _fen(high), "pay_period": "month" if low or high else None,
        "total_years_min": row.read("min_years", form.least_years), "education_min": row.read("min_edu_level", form.degree),
        "skills_preferred": row.skills("key"), "posted_on": row.read("start_date", form.day), "closes_on": row.read("end_date", form.day),
        "job_type": row.said("jd_sub_type"),
    }  # fmt: skip


def _events(table: Tabbed, people: set[str], posted: dict[str, date | None], odd: Counter[str]) -> tuple[list[tuple[Any, ...]], list[Kept]]:
    """A row an action. The source has no times: the showing, and with it every step, stands on the first day on which it can have been."""
    made: list[tuple[Any, ...]] = []
    kept: list[Kept] = []
    for number, line, cells in table.rows:
        row = Row(ACTIONS, cells, odd)
        person, job = row.said("user_id") or "", row.said("jd_no") or ""
        delivered, satisfied = row.read("delivered", form.flag), row.read("satisfied", form.flag)
        why = "PERSON_UNKNOWN" if person not in people else "JOB_UNKNOWN" if job not in posted else "NO_DAY" if posted[job] is None else ""
        why = why or ("NO_ANSWER" if delivered is None or satisfied is None else "SATISFIED_UNASKED" if satisfied and not delivered else "")
        if why:
            kept.append(Kept(table.file, number, why, line))
            continue
        at = start_of(posted[job] or COLLECTED)
        made.append((person, job, at, at if delivered else None, at if satisfied else None, at if satisfied else None, None))
    return made, kept


def _counts(table: Tabbed, kept: list[Kept]) -> dict[str, Any]:
    apart = Counter(k.why for k in kept if k.file == table.file)
    return {
        "lines": table.lines, "loaded": table.lines - apart.total(), "quarantined": apart.total(), "why": dict(sorted(apart.items())),
        "unknown_columns": list(table.unknown), "missing_columns": list(table.missing),
    }  # fmt: skip


def _schema(rows: list[dict[str, Any]], columns: dict[str, pl.DataType]) -> dict[str, pl.DataType]:
    """Columns that this source can fill."""
    filled = set().union(*rows) if rows else set()
    return {c: t for c, t in columns.items() if c in filled or c in ("person_id", "job_id")}


def _cities(ids: list[str]) -> list[str] | None:
    return [_city(c) for c in ids] or None


def _city(number: str) -> str:
    """Cities are numbers of the source's own: marked, so that none is taken for a code of GB/T 2260."""
    return f"zhilian:{number}"


def _fen(yuan: int | None) -> int | None:
    return None if yuan is None else yuan * 100
