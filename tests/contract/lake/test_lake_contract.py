"""What every engine of the lake has to do: the same cases on each. A new engine joins by its name in ENGINES."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from leye.kernel.errors import BadInput, NotFound
from leye.lake import ENGINES, Lake, open_lake

AT = datetime(2025, 8, 31, 16, 0, tzinfo=UTC)
FIRST, SECOND = "20250831T160000-0000000a", "20250901T160000-0000000b"
PEOPLE = pl.DataFrame({"id": [1, 2, 3], "区县": ["南海区", "顺德区", None], "paid": [1.5, None, 3.0], "on": [date(2025, 8, d) for d in (1, 2, 3)]})


@pytest.fixture(params=ENGINES)
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    return open_lake(tmp_path / "data", engine=request.param)


def publish(lake: Lake, run: str = FIRST, **tables: pl.DataFrame) -> None:
    with lake.begin(run, at=AT, on="2025-08-31", code_hash="c0de") as writing:
        for name, frame in tables.items():
            writing.write(name, frame, step="test", inputs=("file:a.csv@00",))
        writing.publish(AT)


def test_what_was_written_is_read_back(lake: Lake) -> None:
    publish(lake, people=PEOPLE)
    assert_frame_equal(lake.scan("people").collect(), PEOPLE)
    assert lake.has("people") and not lake.has("firms")


def test_equal_tables_give_equal_bytes_on_every_engine(tmp_path: Path) -> None:
    hashes = set()
    for engine in ENGINES:
        lake = open_lake(tmp_path / engine, engine=engine)
        publish(lake, people=PEOPLE)
        published = lake.published()
        assert published is not None
        hashes.add(published.hashes["people"])
    assert len(hashes) == 1


def test_nothing_is_published_before_the_first_run(lake: Lake) -> None:
    assert lake.published() is None and lake.runs() == [] and not lake.has("people")
    with pytest.raises(NotFound, match="还没有发布"):
        lake.scan("people")


@pytest.mark.parametrize("name", ["firms", "../people", "people/../people", ""])
def test_unknown_tables_are_named(lake: Lake, name: str) -> None:
    publish(lake, people=PEOPLE)
    with pytest.raises(NotFound):
        lake.scan(name)


@pytest.mark.parametrize("run", ["20250101T000000-00000000", "../../etc", ".partial-" + FIRST])
def test_unknown_runs_are_named(lake: Lake, run: str) -> None:
    publish(lake, people=PEOPLE)
    with pytest.raises(NotFound):
        lake.scan("people", run)


SQL_ANSWERS = [
    ("SELECT count(*) AS n FROM people", {"n": [3]}, "count"),
    ("SELECT id FROM people WHERE paid > 2", {"id": [3]}, "filter"),
    ("SELECT p.id, f.name FROM people p JOIN firms f ON p.id = f.id ORDER BY p.id", {"id": [1, 2], "name": ["甲", "乙"]}, "join"),
    ("WITH paying AS (SELECT id FROM people WHERE paid IS NOT NULL) SELECT max(id) AS m FROM paying", {"m": [3]}, "with"),
    ('SELECT "区县" AS d FROM people WHERE id = 1', {"d": ["南海区"]}, "Chinese column"),
    ("SELECT id FROM people WHERE \"区县\" = 'read_csv(' OR id = 2", {"id": [2]}, "a text is no function"),
]


@pytest.mark.parametrize(("query", "answer", "_why"), SQL_ANSWERS, ids=[a[-1] for a in SQL_ANSWERS])
def test_sql_answers(lake: Lake, query: str, answer: dict[str, list[object]], _why: str) -> None:
    publish(lake, people=PEOPLE, firms=pl.DataFrame({"id": [1, 2, 9], "name": ["甲", "乙", "丙"]}))
    assert lake.sql(query).to_dict(as_series=False) == answer


@pytest.mark.parametrize(
    "query",
    ["DROP TABLE people", "CREATE TABLE x AS SELECT * FROM people", "DELETE FROM people", "INSERT INTO people VALUES (1)", "SELECT 1; SELECT 2",
     "SET enable_external_access = true", "SELECT nothing FROM people", "SELECT * FROM nowhere", "SELEC", "", "ATTACH 'x.db'"],
)  # fmt: skip
def test_sql_refuses_what_is_no_single_readable_select(lake: Lake, query: str) -> None:
    publish(lake, people=PEOPLE)
    with pytest.raises(BadInput) as refused:
        lake.sql(query)
    assert refused.value.code == "E_SQL"
    assert_frame_equal(lake.scan("people").collect(), PEOPLE)


OUTSIDE = [
    "SELECT * FROM read_csv('{}')",
    "SELECT * FROM \"read_csv\"('{}')",
    "select * from READ_CSV /* hm */ ('{}')",
    "SELECT * FROM people, read_csv('{}')",
    "SELECT * FROM people WHERE 'a' IN (SELECT secret FROM read_csv('{}'))",
    "WITH x AS (SELECT * FROM read_csv('{}')) SELECT * FROM x",
    "SELECT * FROM '{}'",
    'SELECT * FROM "{}"',
    "FROM read_csv('{}')",
    "SELECT * FROM read_parquet('{}')",
    "SELECT * FROM read_text('{}')",
    "SELECT * FROM read_json('{}')",
    "COPY people TO '{}'",
]


@pytest.mark.parametrize("shape", OUTSIDE)
def test_sql_reads_nothing_outside_the_snapshot(lake: Lake, shape: str, tmp_path: Path) -> None:
    publish(lake, people=PEOPLE)
    outside = tmp_path / "outside.csv"
    outside.write_text("secret\nhunter2\n", encoding="utf-8")
    with pytest.raises(BadInput):
        lake.sql(shape.format(outside))
    assert outside.read_text(encoding="utf-8") == "secret\nhunter2\n"


def test_sql_reads_no_table_of_another_run(lake: Lake) -> None:
    publish(lake, FIRST, people=PEOPLE, old=PEOPLE)
    publish(lake, SECOND, people=PEOPLE)
    old = lake.snapshots / FIRST / "old.parquet"
    for query in ("SELECT * FROM old", f"SELECT * FROM read_parquet('{old}')"):
        with pytest.raises(BadInput):
            lake.sql(query)
    assert lake.sql("SELECT count(*) AS n FROM old", FIRST).item() == 3


def test_a_published_snapshot_is_never_written_again(lake: Lake) -> None:
    publish(lake, people=PEOPLE)
    before = {p.name: p.read_bytes() for p in (lake.snapshots / FIRST).iterdir()}
    publish(lake, SECOND, people=PEOPLE.head(1))
    assert {p.name: p.read_bytes() for p in (lake.snapshots / FIRST).iterdir()} == before
    assert lake.scan("people", FIRST).collect().height == 3 and lake.scan("people").collect().height == 1
    with pytest.raises(BadInput, match="已经有了"):
        publish(lake, FIRST, people=PEOPLE.head(1))
    assert {p.name: p.read_bytes() for p in (lake.snapshots / FIRST).iterdir()} == before


def test_a_table_is_written_once_under_a_plain_name(lake: Lake) -> None:
    with lake.begin(FIRST, at=AT, on="2025-08-31", code_hash="c0de") as run:
        run.write("people", PEOPLE, step="test")
        for name in ("people", "../x", "People", "1x", ""):
            with pytest.raises(BadInput):
                run.write(name, PEOPLE, step="test")


def test_a_run_that_fails_leaves_the_published_snapshot(lake: Lake) -> None:
    publish(lake, people=PEOPLE)
    with pytest.raises(RuntimeError, match="boom"), lake.begin(SECOND, at=AT, on="2025-09-01", code_hash="c0de") as run:
        run.write("people", PEOPLE.head(0), step="test")
        raise RuntimeError("boom")
    published = lake.published()
    assert published is not None and published.run_id == FIRST and lake.runs() == [FIRST]
    assert list(lake.snapshots.glob(".partial-*")) == []


def test_lineage_goes_back_to_the_files(lake: Lake) -> None:
    with lake.begin(FIRST, at=AT, on="2025-08-31", code_hash="c0de") as run:
        run.write("loads", PEOPLE, step="intake", inputs=("file:a.csv@00",))
        run.write("panel", PEOPLE, step="panels", inputs=("loads",))
        run.write("forecast", PEOPLE, step="forecast", inputs=("panel", "loads"))
        assert run.scan("panel").collect().height == 3
        run.publish(AT)
    chain = lake.lineage("forecast")
    assert [(e.name, e.step, e.rows) for e in chain] == [("forecast", "forecast", 3), ("panel", "panels", 3), ("loads", "intake", 3)]
    assert chain[-1].inputs == ("file:a.csv@00",) and chain[0].columns == ("id", "区县", "paid", "on")
    with pytest.raises(NotFound):
        lake.lineage("firms")


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
import polars as pl
from leye.lake import open_lake
at = datetime(2025, 9, 1, 16, tzinfo=UTC)
lake = open_lake(Path(sys.argv[1]), engine=sys.argv[2])
with lake.begin(sys.argv[3], at=at, on="2025-09-01", code_hash="c0de") as run:
    run.write("people", pl.DataFrame({"id": [7]}), step="test")
    if sys.argv[4] == "before the pointer":
        import leye.lake.snapshots as snapshots
        whole = snapshots.write_atomically
        def stop(file, text):
            if file == lake.pointer:
                os.kill(os.getpid(), signal.SIGKILL)
            whole(file, text)
        snapshots.write_atomically = stop
        run.publish(at)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("moment", ["while writing", "before the pointer"])
def test_kill_dash_nine_leaves_the_published_snapshot_and_the_next_run_completes(lake: Lake, moment: str) -> None:
    publish(lake, people=PEOPLE)
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(lake.data), lake.engine.name, SECOND, moment]
    died = subprocess.run(command, capture_output=True, timeout=60, env=os.environ | {"PYTHONWARNINGS": "ignore"})
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    published = lake.published()
    assert published is not None and published.run_id == FIRST
    assert_frame_equal(lake.scan("people").collect(), PEOPLE)
    third = "20250902T160000-0000000c"
    publish(lake, third, people=PEOPLE.head(2))
    assert list(lake.snapshots.glob(".partial-*")) == [], "the next run sweeps what the dead one left"
    now = lake.published()
    assert now is not None and now.run_id == third and lake.sql("SELECT count(*) AS n FROM people").item() == 2


def test_an_unknown_engine_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="duckdb、polars"):
        open_lake(tmp_path, engine="oracle")
