"""Chances of a fall three months on, against climatology, on US employment and FRED-MD. `leye bench direction`.

Climatology is what a careful reader would say without a model: the share of falls from the same calendar month, known at the origin. The
origins were committed before tuning; `--development` shows the ones that everything was tuned on and writes nothing.
"""

# ruff: noqa: E402  the number of threads must be set before numpy loads
from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import gzip
import hashlib
import importlib.util
import io
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import numpy as np
import polars as pl

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("LEYE_SHARED", HERE.parents[1].parent / "shared"))
DATA = SHARED / "data" / "forecast"
EMPLOYMENT, FRED = DATA / "us_employment" / "panel.parquet", DATA / "fred_md" / "fred_md_to_2012.csv.gz"
HORIZON = 3


def origins(folder: str) -> ModuleType:
    """The fixed origins of a benchmark (a bench folder is not a package)."""
    spec = importlib.util.spec_from_file_location(f"{folder}_origins", HERE.parent / folder / "origins.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def employment() -> tuple[pl.DataFrame, pl.DataFrame]:
    panel = pl.read_parquet(EMPLOYMENT).with_columns(pl.col("ds").cast(pl.Date))
    return panel, pl.read_csv(DATA / "us_employment" / "tags.csv")


def fred() -> pl.DataFrame:
    """`unique_id, ds, y` of every series; the row of transformation codes is left out."""
    wide = pl.read_csv(io.BytesIO(gzip.decompress(FRED.read_bytes())), infer_schema_length=2000)
    wide = wide.filter(~pl.col("sasdate").str.starts_with("Transform")).with_columns(pl.col("sasdate").str.to_date("%m/%d/%Y"))
    long = wide.rename({"sasdate": "ds"}).unpivot(index="ds", variable_name="unique_id", value_name="y")
    return long.with_columns(pl.col("y").cast(pl.Float64, strict=False)).drop_nulls("y").select("unique_id", "ds", "y")


def rows_of(panel: pl.DataFrame, tags: pl.DataFrame | None, days: tuple[date, ...], *, since: date) -> tuple[pl.DataFrame, float]:
    """One row a series and origin: chance of a fall and of a turn, climatology, what came; and our CPU seconds."""
    from leye.forecast.direction import direction

    parts, cpu = [], 0.0
    truth = panel.select("unique_id", "ds", "y")
    for day in days:
        known = panel.filter(pl.col("ds").is_between(since, day))
        began = time.process_time()
        table = direction(known, tags, horizon=HORIZON).table
        cpu += time.process_time() - began
        later = truth.rename({"y": "later"})
        now = truth.filter(pl.col("ds") == table["origin"][0]).select("unique_id", now="y")
        season_ago = truth.select("unique_id", pl.col("ds").dt.offset_by("1y").alias("ds"), before="y")
        held = table.join(later, on=["unique_id", "ds"], how="left").join(now, on="unique_id", how="left")
        held = held.join(season_ago, on=["unique_id", "ds"], how="left")
        parts.append(
            held.with_columns(
                (pl.col("later") < pl.col("now")).alias("fell"), ((pl.col("later") > pl.col("before")) != pl.col("rising")).alias("turned")
            )
        )
        sys.stderr.write(f"{day} {cpu:.1f}s\n")
    return pl.concat(parts), cpu


def brier(rows: pl.DataFrame, chance: str, came: str = "fell") -> float:
    held = rows.drop_nulls([chance, came, "p_fall", "climatology"])
    return float(((held[chance] - held[came].cast(pl.Float64)) ** 2).mean())  # type: ignore[arg-type]


def main(*, report: bool) -> None:
    panel, tags = employment()
    us, mine = origins("forecast_us_employment"), origins("direction")
    sets = {
        "US employment, 107 series, not adjusted": rows_of(panel, tags, us.REPORT if report else us.DEVELOPMENT, since=date(1990, 1, 1)),
        "FRED-MD to 2012, adjusted": rows_of(fred(), None, mine.REPORT if report else mine.DEVELOPMENT, since=date(1959, 1, 1)),
    }
    text = written(sets, report)
    print(text)
    if report:
        (HERE / "README.md").write_text(text, encoding="utf-8")


def written(sets: dict[str, tuple[pl.DataFrame, float]], report: bool) -> str:
    """The README, from the measured rows alone."""
    lines = ["# How likely is a fall in three months: against climatology", "",
             "Command: `leye bench direction`. Climatology: the share of falls from the same calendar month, known at the origin; no model.",
             "Brier score: mean of (chance − outcome)², smaller is better. Origins were committed before tuning" + (
                 "; tuning used others (`--development`)." if report else "; THESE ARE THE DEVELOPMENT ORIGINS."), "",
             "| panel | cases | falls | Brier, Leye | before calibration | climatology | smoothed climatology | Leye / climatology | CPU s |",
             "|---|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for name, (rows, cpu) in sets.items():
        held = rows.drop_nulls(["p_fall", "fell", "climatology"])
        ours, plain = brier(rows, "p_fall"), brier(rows, "climatology")
        lines.append(f"| {name} | {held.height} | {held['fell'].mean():.2f} | {ours:.4f} | {brier(rows, 'p_fall_forecast'):.4f} | {plain:.4f} | "
                     f"{smoothed(held):.4f} | **{ours / plain:.3f}** | {cpu:.1f} |")  # fmt: skip
    lines += ["", "Smoothed climatology draws the share in by half a case on either side; it is the stronger of the two naive ones.", ""]
    for name, (rows, _) in sets.items():
        lines += [f"## {name}", "", *by_origin(rows), "", *reliability(rows, "p_fall", "fell", "a fall"), "", *turning(rows), ""]
    digests = [f"`{f.name}` {hashlib.sha256(f.read_bytes()).hexdigest()[:16]}…" for f in (EMPLOYMENT, FRED)]
    lines.append(
        f"Measured {datetime.now(UTC):%Y-%m-%d}, one thread, today's vintage of the data (revisions not undone). sha256: {', '.join(digests)}."
    )
    return "\n".join([*lines, ""])


def smoothed(held: pl.DataFrame) -> float:
    chance = (held["climatology"] * held["climatology_cases"] + 0.5) / (held["climatology_cases"] + 1)
    return float(((chance - held["fell"].cast(pl.Float64)) ** 2).mean())  # type: ignore[arg-type]


def by_origin(rows: pl.DataFrame) -> list[str]:
    lines = ["| origin | falls | Leye | climatology | ratio |", "|---|---|---|---|---|"]
    for (day,), part in rows.group_by("origin", maintain_order=True):
        held = part.drop_nulls(["p_fall", "fell", "climatology"])
        a, b = brier(part, "p_fall"), brier(part, "climatology")
        lines.append(f"| {day:%Y-%m} | {held['fell'].mean():.2f} | {a:.4f} | {b:.4f} | {a / b:.2f} |")
    return lines


def reliability(rows: pl.DataFrame, chance: str, came: str, what: str) -> list[str]:
    held = rows.drop_nulls([chance, came])
    lines = [f"| said chance of {what} | cases | mean said | came |", "|---|---|---|---|"]
    at = np.minimum((held[chance].to_numpy() * 10).astype(int), 9)
    for b in range(10):
        here = held.filter(pl.Series(at == b))
        if here.height:
            lines.append(
                f"| {b / 10:.1f}–{(b + 1) / 10:.1f} | {here.height} | {here[chance].mean():.3f} | {here[came].cast(pl.Float64).mean():.3f} |"
            )
    return lines


def turning(rows: pl.DataFrame) -> list[str]:
    held = rows.drop_nulls(["p_turn", "turned"])
    base = float(held["turned"].cast(pl.Float64).mean())  # type: ignore[arg-type]
    score = float(((held["p_turn"] - held["turned"].cast(pl.Float64)) ** 2).mean())  # type: ignore[arg-type]
    text = (f"Turning points (the year-on-year course has the other sign three months on): {held.height} cases, {base:.3f} turned. Brier "
            f"{score:.4f} against "
            f"{base * (1 - base):.4f} for always saying that share (which is known only afterwards).")  # fmt: skip
    return [text, "", *reliability(rows, "p_turn", "turned", "a turn")]


if __name__ == "__main__":
    main(report="--development" not in sys.argv)
