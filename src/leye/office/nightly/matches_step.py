"""岗位匹配: seekers against every open job, the best of each in a table of the run, and the tables by which the matching is judged.

Equal people, jobs, day and code give the table of the night before, which is then taken over as it is; the manifest says so.
"""

from __future__ import annotations

import hashlib
import io
from datetime import date
from pathlib import Path

import polars as pl

from leye.lake import Run
from leye.office.matches.auditing import audit_tables
from leye.office.matches.listing import jobs_frame, matched
from leye.office.matches.people import people_frame

NOTE = "matches"
"""Name of the manifest's note: `{"key", "reused_from" or "people", "jobs"}`, or `{"skipped": why}`."""


def write_matches(data: Path, run: Run, on: date) -> bool:
    """Match a data folder into the run: `matches`, `match_jobs`, the audit's tables. False, with the reason noted, when there is nothing to match."""
    people, jobs = people_frame(data, on), jobs_frame(data, on)
    if not people.height or not jobs.height:
        run.notes[NOTE] = {"skipped": "no seekers" if not people.height else "no open jobs"}
        return False
    key = _key(people, jobs, on, run.code_hash)
    before = _same_night(run, key)
    inputs = tuple(f"table:{name}@{_sha256(frame)}" for name, frame in (("people", people), ("jobs", jobs)))
    if before:
        for name in ("matches", "match_jobs", "match_rates", "match_means", "match_flips", "match_probe"):
            if run.lake.has(name, before):
                run.write(name, run.lake.scan(name, before).collect(), step="matches", inputs=(*inputs, f"run:{before}"))
        run.notes[NOTE] = {"key": key, "reused_from": before}
        return True
    found = matched(people, jobs, on)
    run.write("matches", found, step="matches", inputs=inputs)
    run.write("match_jobs", _audience(jobs, found), step="matches", inputs=("matches",))
    for name, table in audit_tables(data, people, jobs, found, on).items():
        run.write(f"match_{name}", table, step="matches", inputs=("matches", "file:city/people.parquet"))
    run.notes[NOTE] = {"key": key, "people": people.height, "jobs": jobs.height}
    return True


def _audience(jobs: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """One row an open job: in how many lists it stands, and how high its best mutual score is; those with few come first."""
    seen = found.group_by("job_id").agg(pl.len().alias("lists"), pl.col("score").max().alias("best"))
    kept = jobs.select("job_id", "title", "firm_id", "firm_name", "region", "headcount", "posted_on", "closes_on", "source")
    joined = kept.join(seen, on="job_id", how="left", maintain_order="left").with_columns(pl.col("lists").fill_null(0).cast(pl.Int64))
    return joined.sort("lists", "job_id", maintain_order=True)


def _same_night(run: Run, key: str) -> str:
    """The last published run whose matches were made of the same; empty when there is none."""
    last = run.lake.published()
    if last is None or not run.lake.has("matches", last.run_id):
        return ""
    notes = dict(run.lake.manifest(last.run_id).get("notes") or {})  # type: ignore[call-overload]
    return last.run_id if notes.get(NOTE, {}).get("key") == key else ""


def _key(people: pl.DataFrame, jobs: pl.DataFrame, on: date, code: str) -> str:
    from django.conf import settings

    said = f"{on.isoformat()}|{code}|{_sha256(people)}|{_sha256(jobs)}|{getattr(settings, 'MATCH_FAIR_EXPOSURE', False)}"
    return hashlib.sha256(said.encode()).hexdigest()


def _sha256(frame: pl.DataFrame) -> str:
    file = io.BytesIO()
    frame.rechunk().write_ipc(file)
    return hashlib.sha256(file.getvalue()).hexdigest()
