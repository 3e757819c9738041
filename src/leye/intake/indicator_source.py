"""A file of an indicator source, by spec or published form, as observations of one publication: what `leye indicators load` and pages call."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from leye.intake.loading import load
from leye.intake.observing import observations_of
from leye.intake.panel import loaded_source
from leye.intake.published_forms import FORMS, QUARANTINE, read_form
from leye.kernel.clock import BEIJING
from leye.kernel.errors import BadInput
from leye.packs import ROOT

OFFICIAL = ROOT / "sources" / "official"
_DAY = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Publication:
    """observations: OBSERVATION without the key's gaps, `vintage_ts` included · quarantine: as QUARANTINE, one line a bad cell."""

    file: str
    vintage_ts: datetime
    observations: pl.DataFrame
    quarantine: pl.DataFrame


def source_named(name: str) -> Path | str:
    """A spec file, or the name of a published form. Raises BadInput (E_SOURCE_UNKNOWN) listing what there is."""
    if name in FORMS:
        return name
    official = {file.stem: file for file in sorted(OFFICIAL.glob("*.yaml"))}
    shipped = official | {file.stem: file for file in sorted((ROOT / "sources").glob("*.yaml"))}
    found = shipped.get(name) or (Path(name) if name.endswith((".yaml", ".yml")) else None)
    if found is None or not found.exists():
        raise BadInput(
            f"没有来源“{name}”", en=f"no source {name!r}", code="E_SOURCE_UNKNOWN",
            remedy_zh=f"可选：{'、'.join([*official, *FORMS])}，或自己的说明文件 .yaml",
            remedy_en=f"one of: {', '.join([*official, *FORMS])}, or a spec file of your own",
        )  # fmt: skip
    return found


def publication_day(file: Path) -> datetime | None:
    """The day in a file's name, midnight in Beijing: publishers date their files. None when the name holds none.

    >>> publication_day(Path("2024-05-08.parquet")).isoformat()
    '2024-05-08T00:00:00+08:00'
    """
    match = _DAY.search(file.stem)
    if match is None:
        return None
    try:
        year, month, day = (int(g) for g in match.groups())
        return datetime(year, month, day, tzinfo=BEIJING)
    except ValueError:
        return None


def publication(source: Path | str, file: Path, *, vintage_ts: datetime, recorded_at: datetime, loads: Path) -> Publication:
    """Read one file as what was published at `vintage_ts`. Bad cells are in the quarantine, the other rows go on.

    loads: where the load of a spec's source is kept, one folder a source and publication, so that `leye intake why` finds each cell.
    Raises BadInput when the file as a whole cannot be taken.
    """
    if isinstance(source, str):
        read = read_form(source, file)
        return Publication(file.name, vintage_ts, _dated(read.observations, vintage_ts), read.quarantine)
    out = loads / source.stem / f"{vintage_ts.astimezone(BEIJING):%Y%m%dT%H%M%S}"
    report = load(source, [file], out, recorded_at=recorded_at)
    if report.refused:
        raise report.refused[0]
    loaded = loaded_source(source, out)
    assert loaded is not None  # a load that was not refused leaves a state
    rows, left_out = observations_of(loaded)
    bad = report.quarantine.select(*(c for c in QUARANTINE if c in report.quarantine.columns))
    said = left_out.select(
        pl.lit(file.name).alias("file"), pl.col("row").cast(pl.Int64), "column", "raw", pl.lit("E_PERIOD_KIND").alias("code"),
        pl.lit("没有可用的时期或地区 no usable period or place").alias("reason"), pl.lit("补上后重新装入 fill it and load again").alias("suggestion"),
    )  # fmt: skip
    quarantine = pl.concat([bad.with_columns(pl.col("row").cast(pl.Int64)), said], how="vertical_relaxed")
    return Publication(file.name, vintage_ts, _dated(rows, vintage_ts), quarantine)


def _dated(rows: pl.DataFrame, vintage_ts: datetime) -> pl.DataFrame:
    return rows.with_columns(pl.lit(vintage_ts.astimezone(UTC), dtype=pl.Datetime("us", "UTC")).alias("vintage_ts"))
