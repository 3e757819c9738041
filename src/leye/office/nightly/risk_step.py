"""失业风险: the city's registers into the forecast room's hazards, and its tables into the run; nobody who opted out is in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from leye.forecast.hazard import Profile, profile
from leye.forecast.hazard.profiling import NOTICES
from leye.kernel.decision import Subject
from leye.kernel.errors import BadInput
from leye.lake import Run
from leye.lake.snapshots import file_sha256
from leye.office.decisions.subjects import subject_key
from leye.office.nightly.registers import FILES, register_of
from leye.office.prospects.models import OptOut


def write_risk(data: Path, run: Run, on: date) -> bool:
    """Profile the city of a data folder into the run; False when it has not all registers. What cannot be said stands in `risk_notices`."""
    files = [data / "city" / f"{name}.parquet" for name in FILES]
    if not all(file.exists() for file in files):
        return False
    inputs = tuple(f"file:city/{file.name}@{file_sha256(file)}" for file in files)
    try:
        found = profile(register_of(data), on)
    except BadInput as error:
        said = pl.DataFrame([("", error.code, error.zh, error.en)], schema=NOTICES, orient="row")
        run.write("risk_notices", said, step="risk", inputs=inputs)
        return False
    run.write("risk", _willing(found.risk), step="risk", inputs=inputs)
    for name, table in judged_by(found).items():
        run.write(f"risk_{name}", table, step="risk", inputs=inputs)
    return True


def judged_by(found: Profile) -> dict[str, pl.DataFrame]:
    """The tables that speak of no single person."""
    return {name: getattr(found, name) for name in ("figures", "bins", "gaps", "model", "learned", "drift", "notices")}


def _willing(risk: pl.DataFrame) -> pl.DataFrame:
    out = set(OptOut.objects.filter(back_at=None).values_list("subject_key", flat=True))
    if not out:
        return risk
    people = risk["person_id"].unique().to_list()
    gone = [name for name in people if subject_key(Subject("person", name)) in out]
    return risk.filter(~pl.col("person_id").is_in(gone))
