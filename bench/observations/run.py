"""The indicator store beside a plain DuckDB query: 1 million observations in 8 vintages, appended one by one, then read as of three instants.

python bench/observations/run.py [--series 2500]   (no data needed; writes README.md beside itself)
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from leye.lake.observations import KEY, OBSERVATION, ObservationStore

PERIODS, VINTAGES, REPEATS = 400, 8, 3
START = datetime(2024, 5, 1, tzinfo=UTC)
QUERY = """SELECT * FROM read_parquet('{file}') WHERE vintage_ts <= TIMESTAMPTZ '{ts}'
QUALIFY row_number() OVER (PARTITION BY {key}, period_start ORDER BY vintage_ts DESC) = 1 ORDER BY {key}, period_start"""


def vintage(series: int, number: int) -> pl.DataFrame:
    """One whole publication: `series` series of PERIODS months and `number` more; one figure in ten of the last two years revised at random."""
    dice = np.random.default_rng(11)
    values = dice.normal(100, 10, (series, PERIODS + VINTAGES)).round(2)
    for past in range(1, number + 1):
        values[:, -24:] += (dice.random((series, 24)) < 0.1) * np.random.default_rng(past).normal(0, 1, (series, 24)).round(2)
    periods = PERIODS + number
    months = [date(1991 + i // 12, i % 12 + 1, 1) for i in range(periods)]
    nth = np.repeat(np.arange(series), periods)
    return pl.DataFrame({"nth": nth, "period_start": months * series, "value": values[:, :periods].ravel()}).select(
        pl.concat_str(pl.lit("indicator_"), pl.col("nth") % 10).alias("indicator"),
        pl.concat_str(pl.lit("44"), (pl.col("nth") // 10 % 25).cast(pl.String).str.zfill(4)).alias("region"),
        pl.concat_str(pl.lit("C"), (pl.col("nth") // 250).cast(pl.String).str.zfill(3)).alias("industry"),
        pl.lit("all").alias("occupation"), pl.lit("all").alias("grp"), pl.lit("M").alias("freq"), "period_start", "value",
        pl.lit("person").alias("unit"), pl.lit("nsa").alias("sa_flag"),
        pl.lit(START + timedelta(weeks=number), dtype=pl.Datetime("us", "UTC")).alias("vintage_ts"),
        pl.lit("bench").alias("source"), pl.lit("made").alias("quality"),
    )  # fmt: skip


def timed(act: Callable[[], object]) -> float:
    """CPU seconds, median of REPEATS."""
    spent = []
    for _ in range(REPEATS):
        began = time.process_time()
        act()
        spent.append(time.process_time() - began)
    return statistics.median(spent)


def plain(file: Path, ts: datetime) -> pl.DataFrame:
    """The peer: one query over the wide file with all vintages."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET threads = 2; SET TimeZone = 'UTC'")
        answer = connection.sql(QUERY.format(file=file, ts=ts.isoformat(), key=", ".join(KEY))).to_arrow_table()
    found = pl.from_arrow(answer)
    assert isinstance(found, pl.DataFrame)
    return found.select(list(OBSERVATION))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--series", type=int, default=2500)
    series = parser.parse_args().series
    with tempfile.TemporaryDirectory() as folder:
        store, wide, append_s, rows = ObservationStore(Path(folder) / "store"), Path(folder) / "wide.parquet", [], 0
        frames = [vintage(series, n) for n in range(VINTAGES)]
        for frame in frames:
            began = time.process_time()
            rows += store.append(frame).added
            append_s.append(time.process_time() - began)
        whole = pl.concat(frames)
        began = time.process_time()
        whole.write_parquet(wide, compression="zstd")
        wide_s = time.process_time() - began
        digest = hashlib.sha256(whole.select("value").write_csv().encode()).hexdigest()
        del frames, whole
        lines = []
        for number, what in ((0, "the first vintage"), (3, "the fourth"), (7, "the newest")):
            ts = START + timedelta(weeks=number)
            same = store.as_of(ts).equals(plain(wide, ts).with_columns(pl.col("vintage_ts").dt.convert_time_zone("UTC")))
            ours, peer = timed(lambda ts=ts: store.as_of(ts)), timed(lambda ts=ts: plain(wide, ts))
            lines.append(f"| as of {what} | {ours:.2f} | {peer:.2f} | {ours / peer:.2f} | {'yes' if same else 'NO'} |")
        key = ("indicator_1", "440001", "C001", "all", "all", "M", "nsa", "bench")
        lines.append(f"| revisions of one series | {timed(lambda: store.revisions(key)):.3f} | — | — | — |")
        size = sum(f.stat().st_size for f in (Path(folder) / "store").rglob("*.parquet")) / 2**20
        write(series, rows, append_s, wide_s, lines, digest, size, wide.stat().st_size / 2**20)


def write(series: int, rows: int, append_s: list[float], wide_s: float, lines: list[str], digest: str, size: float, wide_size: float) -> None:
    """README.md beside this file, and the same on the screen."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    text = f"""# The indicator store beside a plain query

Command: `leye bench observations`. {series} monthly series of {PERIODS} to {PERIODS + VINTAGES - 1} periods in {VINTAGES} whole vintages:
{rows:,} rows. Made data (seed 11, sha256 of the values {digest[:16]}…). CPU seconds, median of {REPEATS}; DuckDB {duckdb.__version__} with two
threads, `QUALIFY row_number()` over one wide Parquet file with all vintages, answers ordered alike. Run on {datetime.now(UTC):%Y-%m-%d}.

| | Leye | DuckDB | ratio | equal rows |
|---|---|---|---|---|
{chr(10).join(lines)}

Append, CPU s a vintage of about {rows // VINTAGES:,} rows: median {statistics.median(append_s):.2f}, first {append_s[0]:.2f}, last
{append_s[-1]:.2f}. The peer's wide file is written once, without any check, in {wide_s:.2f}. On disk {size:.1f} MiB against {wide_size:.1f}.
Peak memory of the process, data generator and peer included, {peak:.1f} GiB.

Not like for like: the append checks every row (form, period, unit, codes, a vintage stored before) and is
durable before it returns; the peer does neither.
"""
    (Path(__file__).parent / "README.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
