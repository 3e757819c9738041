"""Flows between regions three months ahead, against the same month last year. `leye bench flows`.

Planted months: the demo city's moves carry a Spring Festival wave of known size (`plants.json`, `festival_home`, `festival_return`); the model's
festival windows are not those that the city was made with. There are no real flow data in the development folder: none are reported.
"""

# ruff: noqa: E402  the number of threads must be set before numpy loads
from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import hashlib
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import seeds

KEY = ["origin", "dest", "month", "grp"]
FESTIVAL_MONTHS = (1, 2, 3)


def moves(seed: int) -> pl.DataFrame:
    """The moves of one city, made as `leye demo` makes them."""
    from leye.city.marginals import marginals
    from leye.city.moves import moves_frame
    from leye.city.series import calendar_to

    return moves_frame(seeds.PEOPLE, calendar_to(seeds.ON, int(marginals()["months"])), seed=seed)


def rows_of(seed: int, origins: tuple[date, ...]) -> tuple[pl.DataFrame, float]:
    """`KEY, n, mean, lo-80, …, last_year` of every forecast month, and our CPU seconds."""
    from leye.forecast.flows import forecast_flows

    table, parts, cpu = moves(seed), [], 0.0
    last_year = table.select("origin", "dest", pl.col("month").dt.offset_by("1y").alias("month"), "grp", last_year="n")
    for origin in origins:
        known = table.filter(pl.col("month") <= origin)
        began = time.process_time()
        made = forecast_flows(known, horizon=seeds.HORIZON).forecast
        cpu += time.process_time() - began
        parts.append(made.join(table, on=KEY).join(last_year, on=KEY).with_columns(pl.lit(origin).alias("from")))
    return pl.concat(parts), cpu


def wape(rows: pl.DataFrame, said: str) -> float:
    """Sum of absolute errors over the sum of what came."""
    return float((rows[said] - rows["n"]).abs().sum() / rows["n"].sum())


def table_of(rows: pl.DataFrame) -> list[str]:
    planted = pl.col("month").dt.month().is_in(FESTIVAL_MONTHS)
    migrant = pl.col("grp") == "migrant_workers"
    whole = rows.group_by("from", "month", "grp", "way").agg(pl.col("n", "mean", "last_year").sum())
    lines = ["| months | cases | WAPE, Leye | same month last year | ratio | 80 % covers | 95 % covers |", "|---|---|---|---|---|---|---|"]
    for name, part in (
        ("planted: January to March, migrant workers, pair by pair", rows.filter(planted, migrant)),
        ("the same, all pairs of a way together", whole.filter(planted, migrant)),
        ("all months and groups, pair by pair", rows),
        ("April to December", rows.filter(~planted)),
    ):
        a, b = wape(part, "mean"), wape(part, "last_year")
        cover = (
            [f"{((part['n'] >= part[f'lo-{v}']) & (part['n'] <= part[f'hi-{v}'])).mean():.3f}" for v in (80, 95)]
            if "lo-80" in part.columns
            else ["", ""]
        )
        lines.append(f"| {name} | {part.height} | {a:.3f} | {b:.3f} | **{a / b:.3f}** | {' | '.join(cover)} |")
    return lines


def main(*, report: bool) -> None:
    from leye.forecast.flows.ahead import way_of

    parts, cpu, digest = [], 0.0, hashlib.sha256()
    for seed in seeds.REPORT if report else seeds.DEVELOPMENT:
        rows, spent = rows_of(seed, seeds.ORIGINS)
        parts.append(rows)
        cpu += spent
        digest.update(moves(seed).write_csv().encode())
    rows = pl.concat(parts)
    rows = rows.with_columns(pl.Series("way", [way_of(a, b, "4406") for a, b in rows.select("origin", "dest").iter_rows()]))
    text = written(rows, cpu, digest.hexdigest(), report)
    print(text)
    if report:
        (HERE / "README.md").write_text(text, encoding="utf-8")


def written(rows: pl.DataFrame, cpu: float, digest: str, report: bool) -> str:
    split = "seeds other than those it was tuned on" if report else "THESE ARE THE DEVELOPMENT SEEDS"
    lines = ["# Flows between regions, one to three months ahead, against the same month last year", "",
             f"Command: `leye bench flows`. Demo cities of {seeds.PEOPLE} people, seeds {seeds.REPORT if report else seeds.DEVELOPMENT} ({split}), "
             f"{len(seeds.ORIGINS)} origins each.", "", *table_of(rows), "",
             "The Spring Festival wave was planted by us, in other windows than the model's; a pair of six moves a month is mostly chance, and no",
             "forecast can do much better there. No real flow data lie in the development folder: no real months stand here.", ""]  # fmt: skip
    ways = rows.filter(pl.col("month").dt.month().is_in(FESTIVAL_MONTHS)).group_by("grp", "way", "month").agg(pl.col("n", "mean", "last_year").sum())
    lines += ["| group | way | month | came | Leye | last year |", "|---|---|---|---|---|---|"]
    lines += [f"| {g} | {w} | {m:%Y-%m} | {n} | {a:.0f} | {b} |" for g, w, m, n, a, b in ways.sort("grp", "way", "month").iter_rows()]
    runs = len(seeds.ORIGINS) * len(seeds.REPORT if report else seeds.DEVELOPMENT)
    lines += ["", f"CPU: {1000 * cpu / runs:.0f} ms a forecast of all pairs.",
              f"Measured {datetime.now(UTC):%Y-%m-%d}, one thread; sha256 of the moves {digest[:16]}….", ""]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    main(report="--development" not in sys.argv)
