"""A plan computed over the residents of the data folder: reads tables, writes one file of outcomes, touches no row."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from leye.lake.snapshots import file_sha256
from leye.office.entitlements.files import packs_here, rules_day
from leye.office.programmes import refusals
from leye.office.programmes.asked import Asked
from leye.trust.record import canonical_json

Progress = Callable[[str, float], None]
FOLDER = Path("reports") / "programmes"


@dataclass(frozen=True, slots=True)
class Computed:
    """body: report.json · report: Markdown · drafts: programme -> rule text · outcomes_sha256: of the file under DATA/reports/programmes/."""

    asked: Asked
    on: date
    body: dict[str, Any]
    report: str
    drafts: dict[str, str]
    sources: dict[str, str]
    outcomes_sha256: str


def compute(asked: Asked, progress: Progress = lambda step, share: None) -> Computed:
    """The plan of today's residents. Raises BadInput with the line of the text, CheckFailed where no programme can be evaluated or a floor kept."""
    from leye.policy.located import parse_located
    from leye.policy.optimise.candidates import gather, typed_people
    from leye.policy.optimise.figures import figures
    from leye.policy.optimise.history import make_history
    from leye.policy.optimise.outcomes import outcomes
    from leye.policy.optimise.programmes import Rule, read_plan, share_of
    from leye.policy.optimise.proposals import propose
    from leye.policy.optimise.report_zh import report_zh
    from leye.policy.optimise.run import optimise

    packs, on = packs_here(), rules_day()
    plan = read_plan(parse_located(asked.text, file="项目表"), packs).with_rules(Rule("floor_share", g, share_of(s)) for g, s in asked.floors.items())
    files = {name: table(name) for name in ("people", "programmes")}
    progress("读表", 0.1)
    people = typed_people(pl.read_parquet(files["people"]), packs, file="people")
    history = make_history(pl.read_parquet(files["programmes"]), people, on, known=plan.in_history, file="programmes")
    progress("标注谁符合哪个项目", 0.3)
    candidates = gather(people, plan, packs, on, wanted=tuple(history.covariates.columns))
    progress("估计效果，安排名额", 0.5)
    run = optimise(plan, history, candidates, asked.budgets, on=on, seed=asked.seed)
    progress("学规则，写报告", 0.8)
    proposals = propose(run, packs)
    sha256 = _kept(outcomes(run))
    return Computed(
        asked, on, figures(run, proposals), report_zh(run, proposals), {p.programme.id: p.text for p in proposals if p.text},
        {name: file_sha256(file) for name, file in files.items()}, sha256,
    )  # fmt: skip


def _kept(rows: pl.DataFrame) -> str:
    """Put the outcomes in place under their own hash, whole or not at all; returns the hash."""
    folder = Path(settings.LEYE_DATA) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as beside:
        rows.write_parquet(beside, compression="zstd")
    sha256 = file_sha256(Path(beside.name))
    Path(beside.name).replace(outcomes_file(sha256))
    return sha256


def table(name: str) -> Path:
    """A table of the city. Raises BadInput (E_NO_TABLE)."""
    file = Path(settings.LEYE_DATA) / "city" / f"{name}.parquet"
    if not file.exists():
        raise refusals.no_table(name)
    return file


def outcomes_file(sha256: str) -> Path:
    """Where the outcomes of a plan lie, named by what is in it."""
    return Path(settings.LEYE_DATA) / FOLDER / f"outcomes-{sha256[:16]}.parquet"


def content_sha256(asked: dict[str, Any], body: dict[str, Any], sources: dict[str, str], outcomes_sha256: str) -> str:
    """Hash of everything that is signed. Fractions go in as text: the log's form of JSON has whole numbers only."""
    return hashlib.sha256(canonical_json(_whole({"asked": asked, "body": body, "sources": sources, "outcomes": outcomes_sha256}))).hexdigest()


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _whole(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(v) for v in value]
    return repr(value) if isinstance(value, float) else value
