"""What holds for every file: nothing is lost, ids hang on content alone, a second run changes nothing, the fast path equals the slow one."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leye.intake import load, why
from leye.intake.convert import Typed, convert
from leye.intake.spec import FieldRule, SourceSpec
from leye.intake.spec_file import read_spec
from leye.intake.units import UNITS

AT = datetime(2025, 8, 31, tzinfo=UTC)
TEXT = """
spec: 1
source: {id: p}
key: [k, m]
fields:
  k: {type: id, from: [k], required: true}
  m: {type: text, from: [m]}
  n: {type: count, unit: 万人, from: [n], required: true, range: [0, 1000000]}
"""
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

keys = st.sampled_from(["a", "b", "c", " a", "甲", "𠮷"])
months = st.sampled_from(["1", "2", ""])
figures = st.sampled_from(["1", "1.0", "2.5", "0.00007", "", "—", "面议", "1.5万", "1,234", "12,34", "999", "#REF!", "１２"])
rows = st.lists(st.tuples(keys, months, figures), max_size=25)


def csv_bytes(lines: list[tuple[str, ...]], encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([("k", "m", "n"), *lines])
    return out.getvalue().encode(encoding)


def write(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def spec_in(folder: Path) -> Path:
    return write(folder, "s.yaml", TEXT.encode())


@quick
@given(st.lists(rows, min_size=1, max_size=3))
def test_every_row_is_loaded_quarantined_or_duplicate(files):
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        paths = [write(root, f"{i}.csv", csv_bytes(lines)) for i, lines in enumerate(files)]
        report = load(spec_in(root), paths, root / "out", recorded_at=AT)
        assert report.total("rows_in") == sum(len(lines) for lines in files)
        assert report.total("rows_in") == report.total("loaded") + report.total("quarantined") + report.total("duplicates")
        quarantine = pl.read_parquet(root / "out" / "quarantine.parquet")
        assert quarantine.select("file", "row").n_unique() == report.total("quarantined")
        current = pl.read_parquet(root / "out" / "loaded.parquet")
        assert current["_row_id"].is_unique().all() and current.select("k", "m").is_unique().all()


@quick
@given(rows, st.randoms(use_true_random=False), st.sampled_from(["gb18030", "utf-8-sig", "utf-16"]))
def test_ids_do_not_hang_on_order_encoding_or_name(lines, dice, encoding):
    mixed = list(lines)
    dice.shuffle(mixed)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        spec = spec_in(root)
        load(spec, [write(root, "a.csv", csv_bytes(lines))], root / "one", recorded_at=AT)
        load(spec, [write(root, "乙.csv", csv_bytes(mixed, encoding))], root / "two", recorded_at=AT)
        ids = [Counter(pl.read_parquet(root / out / "loaded.parquet")["_row_id"]) for out in ("one", "two")]
        assert ids[0] == ids[1]


@quick
@given(rows)
def test_a_second_run_changes_nothing(lines):
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        spec, file = spec_in(root), write(root, "a.csv", csv_bytes(lines))
        load(spec, [file], root / "out", recorded_at=AT)
        before = (root / "out" / "loaded.parquet").read_bytes(), (root / "out" / "history.parquet").read_bytes()
        again = load(spec, [file], root / "out", recorded_at=datetime(2026, 1, 1, tzinfo=UTC))
        assert ((root / "out" / "loaded.parquet").read_bytes(), (root / "out" / "history.parquet").read_bytes()) == before
        assert again.total("new") == again.total("superseded") == 0


@quick
@given(rows)
def test_why_gives_back_what_was_written(lines):
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        load(spec_in(root), [write(root, "a.csv", csv_bytes(lines))], root / "out", recorded_at=AT)
        for row_id, row in pl.read_parquet(root / "out" / "loaded.parquet").select("_row_id", "_row").iter_rows():
            written = lines[row - 2]
            assert [why(root / "out", row_id, c).raw for c in ("k", "m", "n")] == list(written)


def slow_current(files: list[list[tuple[str, str, str]]], spec: SourceSpec) -> dict[tuple[str, str | None], int]:
    """The obvious reading, row by row: what each key holds after the files in order."""
    current: dict[tuple[str, str | None], int] = {}
    for lines in files:
        contents: dict[tuple[str, str | None], set[int]] = defaultdict(set)
        for raw in lines:
            cells = [convert(rule, text, unit=UNITS.get(rule.unit), spec=spec) for rule, text in zip(spec.fields.values(), raw, strict=True)]
            if all(isinstance(c, Typed) for c in cells):
                k, m, n = (c.values[0] for c in cells)
                contents[k, m].add(n)
        current |= {key: next(iter(found)) for key, found in contents.items() if len(found) == 1}
    return current


@quick
@given(st.lists(rows, min_size=1, max_size=3, unique_by=str))
def test_the_table_equals_the_slow_reading(files):
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        spec = read_spec(spec_in(root))
        paths = [write(root, f"{i}.csv", csv_bytes(lines)) for i, lines in enumerate(files)]
        load(spec, paths, root / "out", recorded_at=AT)
        found = {(k, m): n for k, m, n in pl.read_parquet(root / "out" / "loaded.parquet").select("k", "m", "n").iter_rows()}
        assert found == slow_current(files, spec)


@given(st.decimals(min_value=0, max_value=100_000, places=4))
def test_scaling_is_exact_to_the_person(value):
    rule = FieldRule("n", "count", ("n",))
    spec = SourceSpec("p", "", "", "", False, "", "", "", None, (), (), {}, None, None, "")  # type: ignore[arg-type]
    outcome = convert(rule, f"{value:f}", unit=UNITS["万人"], spec=spec)
    assert outcome == Typed((int(Decimal(value) * 10_000),))
