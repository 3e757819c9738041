"""The store against a slow obvious version: all rows ever appended in a list, and a loop that looks for the newest."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.lake.observations import KEY, OBSERVATION, ObservationStore

few = settings(max_examples=25, deadline=None)
START = datetime(2025, 1, 1, tzinfo=UTC)
STARTS = {"D": [date(2025, 1, d) for d in (1, 2, 5)], "W": [date(2025, 1, 6), date(2025, 1, 13)], "M": [date(2024, 12, 1), date(2025, 1, 1)],
          "Q": [date(1969, 10, 1), date(2025, 1, 1)]}  # fmt: skip
Row = tuple[str, str, date, float | None, datetime]


@st.composite
def rows(draw: st.DrawFn) -> Row:
    freq = draw(st.sampled_from(sorted(STARTS)))
    value = draw(st.none() | st.sampled_from([0.0, 1.0, 2.5, -3.0]))
    return draw(st.sampled_from("abc")), freq, draw(st.sampled_from(STARTS[freq])), value, START + timedelta(days=draw(st.integers(0, 4)))


@st.composite
def appends(draw: st.DrawFn) -> list[list[Row]]:
    """Publications in any order of time; of one series, period and vintage there is one value only."""
    batches, told = [], {}
    for batch in draw(st.lists(st.lists(rows(), min_size=1, max_size=8), min_size=1, max_size=5)):
        kept: dict[tuple, Row] = {}
        for region, freq, day, value, at in batch:
            value = told.setdefault((region, freq, day, at), value)
            kept[region, freq, day, at] = (region, freq, day, value, at)
        batches.append(list(kept.values()))
    return batches


def frame(batch: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(
        batch, schema={"region": pl.String, "freq": pl.String, "period_start": pl.Date, "value": pl.Float64, "vintage_ts": pl.Datetime("us", "UTC")},
        orient="row",
    ).with_columns(indicator=pl.lit("calls"), unit=pl.lit("call"), source=pl.lit("test"))  # fmt: skip


def slow_as_of(batches: list[list[Row]], ts: datetime) -> list[tuple]:
    newest: dict[tuple, tuple[datetime, float | None]] = {}
    for region, freq, day, value, at in (r for b in batches for r in b):
        place = (region, freq, day)
        if at <= ts and (place not in newest or at >= newest[place][0]):
            newest[place] = (at, value)
    return sorted((*place, value, at) for place, (at, value) in newest.items())


def told(known: pl.DataFrame) -> list[tuple]:
    return sorted(known.select("region", "freq", "period_start", "value", "vintage_ts").rows())


@few
@given(appends(), st.integers(-1, 5))
def test_as_of_is_what_a_loop_over_all_rows_finds(batches: list[list[Row]], day: int) -> None:
    with TemporaryDirectory() as folder:
        store = ObservationStore(Path(folder))
        for batch in batches:
            store.append(frame(batch))
        ts = START + timedelta(days=day)
        known = store.as_of(ts)
        assert told(known) == slow_as_of(batches, ts)
        assert list(known.columns) == list(OBSERVATION)
        assert known.select(*KEY, "period_start").rows() == sorted(known.select(*KEY, "period_start").rows())


@few
@given(appends())
def test_later_vintages_leave_every_earlier_answer_as_it_was_byte_for_byte(batches: list[list[Row]]) -> None:
    with TemporaryDirectory() as folder:
        store = ObservationStore(Path(folder))
        in_time = sorted((r for b in batches for r in b), key=lambda r: r[-1])
        answers: dict[datetime, bytes] = {}
        for at in sorted({r[-1] for r in in_time}):
            store.append(frame(list(dict.fromkeys(r for r in in_time if r[-1] == at))))
            for ts in [START + timedelta(days=d) for d in range(-1, 6) if START + timedelta(days=d) <= at]:
                said = store.as_of(ts).write_parquet
                file = Path(folder) / "answer.parquet"
                said(file)
                assert answers.setdefault(ts, file.read_bytes()) == file.read_bytes()


@few
@given(appends())
def test_the_same_publication_twice_changes_nothing(batches: list[list[Row]]) -> None:
    with TemporaryDirectory() as folder:
        store = ObservationStore(Path(folder))
        for batch in batches:
            store.append(frame(batch))
        before = (Path(folder) / "manifest.json").read_bytes()
        for batch in batches:
            done = store.append(frame(batch))
            assert (done.added, done.unchanged, done.new_series) == (0, len(batch), 0)
        assert (Path(folder) / "manifest.json").read_bytes() == before


@few
@given(appends())
def test_the_order_of_appends_does_not_matter(batches: list[list[Row]]) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        forward, backward = ObservationStore(Path(one)), ObservationStore(Path(two))
        for batch in batches:
            forward.append(frame(batch))
        for batch in reversed(batches):
            backward.append(frame(batch))
        for day in range(-1, 6):
            ts = START + timedelta(days=day)
            assert forward.as_of(ts).equals(backward.as_of(ts))
        assert forward.list_series().equals(backward.list_series())


@st.composite
def snapshots(draw: st.DrawFn) -> list[dict[tuple[str, str, date], float | None]]:
    """Whole publications, one a day."""
    places = [(region, freq, day) for region in "ab" for freq in STARTS for day in STARTS[freq]]
    value = st.sampled_from([0.0, 1.0, 2.5]) | st.none()
    return draw(st.lists(st.dictionaries(st.sampled_from(places), value, min_size=1, max_size=6), min_size=1, max_size=5))


@few
@given(snapshots())
def test_whole_publications_stored_as_changes_read_back_whole(publications: list[dict[tuple[str, str, date], float | None]]) -> None:
    with TemporaryDirectory() as folder:
        store = ObservationStore(Path(folder))
        for day, whole in enumerate(publications):
            at = START + timedelta(days=day)
            batch = frame([(*place, value, at) for place, value in whole.items()]).drop("vintage_ts")
            store.append_snapshot(batch, vintage_ts=at)
            assert store.append_snapshot(batch, vintage_ts=at).added == 0, "again changes nothing"
        for day, whole in enumerate(publications):
            known = store.as_of(START + timedelta(days=day)).filter(pl.col("value").is_not_null())
            said = {(r, f, d): v for r, f, d, v in known.select("region", "freq", "period_start", "value").rows()}
            assert said == {place: value for place, value in whole.items() if value is not None}
