"""The indicator store: worked cases, refusals with their rows, writers that die or meet."""

import multiprocessing
import os
import signal
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from leye.kernel.errors import BadInput, NotFound
from leye.lake.observations import Dimension, ObservationStore, read_key
from leye.lake.observations.panel import panel_of

MAY, JUNE, JULY = (datetime(2025, m, 20, 9, tzinfo=UTC) for m in (5, 6, 7))
KEY = read_key("claims/440600/all/all/all/M/nsa/hr")


def published(at: datetime, *values: tuple[date, float | None], **other: str) -> pl.DataFrame:
    plain = {"indicator": "claims", "region": "440600", "freq": "M", "unit": "person", "source": "hr"} | other
    schema = {"period_start": pl.Date, "value": pl.Float64}
    return pl.DataFrame(values, schema=schema, orient="row").with_columns(
        pl.lit(at, dtype=pl.Datetime("us", "UTC")).alias("vintage_ts"), **{k: pl.lit(v) for k, v in plain.items()}
    )


APRIL, MAY_1, JUNE_1 = date(2025, 4, 1), date(2025, 5, 1), date(2025, 6, 1)


@pytest.fixture
def store(tmp_path: Path) -> ObservationStore:
    made = ObservationStore(tmp_path / "observations")
    made.append(published(MAY, (APRIL, 100.0)))
    made.append(published(JUNE, (APRIL, 104.0), (MAY_1, 90.0)))
    made.append(published(JULY, (APRIL, 104.0), (MAY_1, None), (JUNE_1, 95.0)))
    return made


AS_OF = [
    (datetime(2025, 5, 1, tzinfo=UTC), [], "nothing was published yet"),
    (MAY, [(APRIL, 100.0)], "at the very instant it is known"),
    (datetime(2025, 6, 1, tzinfo=UTC), [(APRIL, 100.0)], "the revision lies ahead"),
    (JUNE, [(APRIL, 104.0), (MAY_1, 90.0)], "revised, and a new month"),
    (JULY, [(APRIL, 104.0), (MAY_1, None), (JUNE_1, 95.0)], "a figure taken back is a null, not a gap"),
]


@pytest.mark.parametrize(("ts", "known", "why"), AS_OF, ids=[a[-1] for a in AS_OF])
def test_as_of_answers(store: ObservationStore, ts: datetime, known: list, why: str) -> None:
    assert store.as_of(ts).select("period_start", "value").rows() == known


def test_revisions_of_each_period(store: ObservationStore) -> None:
    rows = store.revisions(KEY)
    assert rows.select("period_start", "first_value", "value", "change", "days", "versions").rows() == [
        (APRIL, 100.0, 104.0, 4.0, 31, 2),  # said again in July: no third version
        (MAY_1, 90.0, None, None, 30, 2),
        (JUNE_1, 95.0, 95.0, 0.0, 0, 1),
    ]
    assert store.revisions(KEY, only_revised=True)["period_start"].to_list() == [APRIL, MAY_1]


def test_the_list_says_newest_value_and_what_was_revised(store: ObservationStore) -> None:
    row = store.list_series().row(0, named=True)
    assert (row["period_start"], row["value"], row["periods"], row["withdrawn"], row["revised"]) == (JUNE_1, 95.0, 2, 1, 2)
    assert store.vintages() == [MAY, JUNE, JULY]


def test_survey_and_registered_are_two_series_and_so_are_two_sources(store: ObservationStore) -> None:
    store.append(published(JULY, (APRIL, 7.0), source="statistics"))
    store.append(published(JULY, (APRIL, 5.0), indicator="survey"))
    assert store.as_of(JULY).filter(pl.col("period_start") == APRIL)["value"].to_list() == [104.0, 7.0, 5.0]


REFUSED = [
    (published(JULY, (APRIL, 105.0)), "E_VINTAGE_CONFLICT", "a vintage is never changed"),
    (published(JULY, (APRIL, 1.0), (APRIL, 2.0), region="x"), "E_DUP_KEY", "two values at once"),
    (published(JULY, (date(2025, 4, 2), 1.0)), "E_PERIOD_START", "a month begins on the first"),
    (published(JULY, (APRIL, 1.0), freq="fortnight"), "E_WORD", "an unknown frequency"),
    (published(JULY, (APRIL, 1.0), unit="10k persons"), "E_UNIT_CHANGED", "another unit is another series"),
    (published(JULY, (APRIL, float("inf")), region="x"), "E_NUMBER", "infinity is no figure"),
    (published(JULY, (APRIL, 1.0), region="a/b"), "E_KEY", "a slash would blur the key"),
    (published(JULY, (APRIL, 1.0), region=""), "E_REQUIRED", "an empty code"),
    (published(JULY, (APRIL, 1.0)).drop("unit"), "E_COLUMN_MISSING", "a missing column"),
    (published(JULY, (APRIL, 1.0)).with_columns(vintage_ts=pl.lit("2025-07-20 soon")), "E_COLUMN_TYPE", "no instant"),
    (published(JULY, (APRIL, 1.0)).with_columns(vintage_ts=pl.lit(datetime(2025, 7, 20))), "E_COLUMN_TYPE", "an instant without a zone"),
]


@pytest.mark.parametrize(("frame", "code", "why"), REFUSED, ids=[r[-1] for r in REFUSED])
def test_refusals_leave_the_store_as_it_was(store: ObservationStore, frame: pl.DataFrame, code: str, why: str) -> None:
    before = store.as_of(JULY)
    with pytest.raises(BadInput) as refused:
        store.append(frame)
    assert refused.value.code == code and refused.value.remedy_zh
    if code != "E_COLUMN_MISSING":
        assert refused.value.places[0].column
    assert store.as_of(JULY).equals(before)


def test_a_nan_is_a_missing_value_not_a_number(store: ObservationStore) -> None:
    store.append(published(JULY, (JUNE_1, float("nan")), region="x"))
    assert store.as_of(JULY).filter(pl.col("region") == "x")["value"].to_list() == [None]


def test_an_unknown_key_is_named_and_a_bad_one_refused(store: ObservationStore) -> None:
    with pytest.raises(NotFound):
        store.history(read_key("claims/110000/all/all/all/M/nsa/hr"))
    with pytest.raises(BadInput, match="E_KEY"):
        read_key("claims/440600")


def test_a_whole_publication_withdraws_what_it_lacks_and_cannot_go_below_a_newer_one(store: ObservationStore) -> None:
    later = datetime(2025, 8, 20, tzinfo=UTC)
    done = store.append_snapshot(published(later, (APRIL, 104.0)).drop("vintage_ts"), vintage_ts=later)
    assert (done.rows_in, done.added, done.unchanged, done.withdrawn) == (1, 1, 1, 1)
    assert store.as_of(later).filter(pl.col("value").is_not_null()).height == 1
    with pytest.raises(BadInput, match="E_VINTAGE_ORDER"):
        store.append_snapshot(published(MAY, (APRIL, 1.0)).drop("vintage_ts"), vintage_ts=MAY)


def test_a_break_ends_one_code_and_begins_another(store: ObservationStore) -> None:
    codes = [("grp", "young", None, 0, None, date(2025, 3, 31)), ("grp", "young_new", None, 0, date(2025, 4, 1), None)]
    columns = ("dimension", "code", "parent", "level", "valid_from", "valid_to")
    store.put_dimension(Dimension.of(pl.DataFrame(codes, schema=columns, orient="row")))
    store.append(published(JULY, (APRIL, 14.0), grp="young_new"))
    with pytest.raises(BadInput, match="E_CODE_INVALID"):
        store.append(published(JULY, (APRIL, 15.0), grp="young"))
    ended = [("grp", "young_new", None, 0, date(2025, 5, 1), None)]
    with pytest.raises(BadInput, match="E_CODE_INVALID"):
        store.put_dimension(Dimension.of(pl.DataFrame(ended, schema=columns, orient="row")))


BAD_CODES = [
    ([("place", "a", None, 0, None, None)], "no such dimension"),
    ([("grp", "a", None, 0, None, None)] * 2, "twice"),
    ([("grp", "a", "b", 1, None, None)], "no parent of that name"),
    ([("grp", "a", None, 1, None, None)], "a root is level 0"),
    ([("grp", "a", None, 0, date(2025, 2, 1), date(2025, 1, 1))], "ends before it begins"),
    ([("grp", "b", None, 0, None, date(2025, 1, 1)), ("grp", "a", "b", 1, None, None)], "outlives its parent"),
]


@pytest.mark.parametrize(("rows", "why"), BAD_CODES, ids=[b[-1] for b in BAD_CODES])
def test_a_damaged_table_of_codes_is_refused(rows: list, why: str) -> None:
    schema = {"dimension": pl.String, "code": pl.String, "parent": pl.String, "level": pl.Int32, "valid_from": pl.Date, "valid_to": pl.Date}
    with pytest.raises(BadInput, match="E_DIMENSION"):
        Dimension.of(pl.DataFrame(rows, schema=schema, orient="row"))


def test_a_panel_has_one_step_and_short_ids(store: ObservationStore) -> None:
    assert panel_of(store.as_of(JULY))["unique_id"].unique().to_list() == ["claims"]
    store.append(published(JULY, (date(2025, 4, 7), 1.0), freq="W"))
    with pytest.raises(BadInput, match="E_PANEL_MIXED"):
        panel_of(store.as_of(JULY))


def _die(root: Path, act: str) -> None:
    def step(name: str) -> None:
        if name == act:
            os.kill(os.getpid(), signal.SIGKILL)

    ObservationStore(root, step=step).append(published(datetime(2025, 8, 20, tzinfo=UTC), (APRIL, 999.0), region="new"))


@pytest.mark.parametrize("act", ["write series", "name series", "write parts", "name parts", "publish"])
def test_a_writer_that_is_killed_leaves_the_old_state(store: ObservationStore, act: str) -> None:
    root, before = store.folder.root, store.as_of(datetime(2030, 1, 1, tzinfo=UTC))
    manifest = (root / "manifest.json").read_bytes()
    dying = multiprocessing.get_context("spawn").Process(target=_die, args=(root, act))
    dying.start()
    dying.join()
    assert dying.exitcode == -signal.SIGKILL
    assert (root / "manifest.json").read_bytes() == manifest
    assert store.as_of(datetime(2030, 1, 1, tzinfo=UTC)).equals(before)
    store.append(published(JULY, (APRIL, 1.0), region="x"))
    named = {p.file for p in store.folder.manifest().parts}
    assert {f"parts/{f.name}" for f in (root / "parts").glob("*.parquet")} == named, "what the dead writer left is swept"


def _write(root: Path, region: str) -> None:
    store = ObservationStore(root)
    for day in range(1, 6):
        store.append(published(datetime(2025, 9, day, tzinfo=UTC), (APRIL, float(day)), region=region))


def test_two_writers_lose_nothing(store: ObservationStore) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(store.folder.root, region)) for region in ("one", "two", "three")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    rows = store.list_series()
    assert rows.height == 4 and set(rows["region"]) == {"440600", "one", "two", "three"}
    for region in ("one", "two", "three"):
        history = store.history(("claims", region, "all", "all", "all", "M", "nsa", "hr"))
        assert history["value"].to_list() == [1.0, 2.0, 3.0, 4.0, 5.0]
