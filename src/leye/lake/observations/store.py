"""`ObservationStore`: append vintages, read the panel as of an instant, look at revisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from leye.kernel.errors import BadInput, NotFound
from leye.lake.observations.appending import ROW, changes_against, new_rows
from leye.lake.observations.dictionary import known_series, numbered
from leye.lake.observations.dimension import Dimension, refuse_invalid
from leye.lake.observations.folder import Manifest, Part, Step, StoreFolder, instant, with_part
from leye.lake.observations.form import INSTANT, KEY, OBSERVATION, checked, key_text
from leye.lake.observations.merging import latest_rows, rows_of
from leye.lake.observations.revising import revisions_of, summary_of


@dataclass(frozen=True, slots=True)
class Appended:
    """What an append did. rows_in = added + unchanged; `withdrawn` of the added are nulls that a complete publication brought."""

    rows_in: int
    added: int
    unchanged: int
    withdrawn: int = 0
    new_series: int = 0


class ObservationStore:
    """The store of one folder. Cheap to make; every call reads the manifest anew, so that a reader sees whole states only."""

    def __init__(self, root: Path, *, step: Step | None = None) -> None:
        self.folder = StoreFolder(root) if step is None else StoreFolder(root, step)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever appended."""
        return not self.folder.manifest().parts

    def append(self, frame: pl.DataFrame, *, name: str = "") -> Appended:
        """Add observations (columns of OBSERVATION) of one or more vintages; rows that are there already are left out.

        Raises BadInput with rows and column: a malformed row, a period given twice in one vintage, another unit (E_UNIT_CHANGED), a code
        outside its validity (E_CODE_INVALID), or another value for a vintage that is stored (E_VINTAGE_CONFLICT): a vintage is never changed.
        """
        rows = checked(frame, name=name)
        with self.folder.writing():
            manifest = self.folder.manifest()
            refuse_invalid(rows, self._dimension(manifest), name=name)
            known = known_series(self.folder, manifest)
            numbers, fresh = numbered(rows, known, name=name)
            added = new_rows(self.folder, manifest, numbers, name=name)
            self._write(manifest, added, fresh)
        return Appended(rows.height, added.height, rows.height - added.height, 0, fresh.height)

    def append_snapshot(self, frame: pl.DataFrame, *, vintage_ts: datetime, is_complete: bool = True, name: str = "") -> Appended:
        """Add a publication of whole series at one instant: only what it changes is stored; what it no longer holds becomes a null.

        frame: columns of OBSERVATION without `vintage_ts`. is_complete: the publication holds all series and periods of its sources, so that
        an absent one was withdrawn. Raises BadInput (E_VINTAGE_ORDER) when a newer vintage of the same sources is stored: the difference to a
        state that was later known says nothing.
        """
        vintage_ts = _zoned(vintage_ts)
        rows = checked(frame.with_columns(pl.lit(vintage_ts, dtype=INSTANT).alias("vintage_ts")), name=name)
        with self.folder.writing():
            manifest = self.folder.manifest()
            refuse_invalid(rows, self._dimension(manifest), name=name)
            known = known_series(self.folder, manifest)
            numbers, fresh = numbered(rows, known, name=name)
            of_sources = known.filter(pl.col("source").is_in(rows["source"].unique().implode()))["series"]
            self._refuse_older(manifest, of_sources, vintage_ts)
            now = latest_rows(self.folder, manifest.parts, vintage_ts, of_sources)
            changed, withdrawn = changes_against(now, numbers, vintage_ts, is_complete=is_complete, name=name)
            self._write(manifest, changed, fresh)
        return Appended(rows.height, changed.height, rows.height - changed.height + withdrawn, withdrawn, fresh.height)

    def as_of(self, ts: datetime, *, indicator: str | None = None, key: tuple[str, ...] | None = None) -> pl.DataFrame:
        """The panel as it was known at `ts` (an instant with a zone): columns of OBSERVATION, sorted by key and period.

        Of every series and period the newest vintage not after `ts`; a value taken back is there as a null. What is appended later with
        later vintages changes nothing of it. Raises BadInput for an instant without a zone.
        """
        ts = _zoned(ts)
        manifest = self.folder.manifest()
        series = chosen(known_series(self.folder, manifest), indicator, key)
        wanted = None if indicator is None and key is None else series["series"]
        return widened(latest_rows(self.folder, manifest.parts, ts, wanted), series)

    def history(self, key: tuple[str, ...]) -> pl.DataFrame:
        """Every row of one series: columns of OBSERVATION, by period, then vintage. Raises NotFound."""
        manifest = self.folder.manifest()
        series = chosen(known_series(self.folder, manifest), None, key)
        if series.is_empty():
            raise NotFound(
                f"指标库里没有序列 {key_text(key)}", en=f"no series {key_text(key)} in the store",
                remedy_zh="用 leye indicators list 查看已有的序列", remedy_en="see leye indicators list",
            )  # fmt: skip
        rows = rows_of(self.folder, manifest.parts, series["series"]).collect().sort("period_start", "vintage_ts")
        return widened(rows, series)

    def revisions(self, key: tuple[str, ...], *, only_revised: bool = False) -> pl.DataFrame:
        """First figure, newest figure, change and days between, one row a period; see `revising.REVISIONS`. Raises NotFound."""
        found = revisions_of(self.history(key))
        return found.filter(pl.col("versions") > 1) if only_revised else found

    def list_series(self) -> pl.DataFrame:
        """One row a series: key, unit, newest period and value, when published, how many periods were revised; see `revising.SUMMARY`."""
        manifest = self.folder.manifest()
        series = known_series(self.folder, manifest)
        return summary_of(rows_of(self.folder, manifest.parts, None).collect(), series)

    def vintages(self) -> list[datetime]:
        """All instants at which something was published, oldest first."""
        manifest = self.folder.manifest()
        single = {instant(p.first) for p in manifest.parts if p.is_one_vintage}
        mixed = rows_of(self.folder, [p for p in manifest.parts if not p.is_one_vintage], None).select(pl.col("vintage_ts").unique()).collect()
        return sorted(single | set(mixed["vintage_ts"].to_list()))

    def dimension(self) -> Dimension:
        """The codes with their validity."""
        return self._dimension(self.folder.manifest())

    def put_dimension(self, dimension: Dimension) -> None:
        """Replace the table of codes. Raises BadInput when a stored observation would lie outside its code's validity (E_CODE_INVALID)."""
        with self.folder.writing():
            manifest = self.folder.manifest()
            stored = widened(rows_of(self.folder, manifest.parts, None).collect(), known_series(self.folder, manifest))
            refuse_invalid(stored, dimension)
            if dimension.frame.equals(self._dimension(manifest).frame):
                return
            name, _ = self.folder.put(dimension.frame, "dimension", len(manifest.parts))
            self.folder.publish(Manifest(manifest.parts, manifest.series, name))

    def _dimension(self, manifest: Manifest) -> Dimension:
        return Dimension.of(self.folder.read(manifest.dimension).collect()) if manifest.dimension else Dimension.empty()

    def _write(self, manifest: Manifest, rows: pl.DataFrame, fresh: pl.DataFrame) -> None:
        if rows.is_empty():
            return
        number = len(manifest.parts)
        dictionary = self.folder.put(fresh, "series", len(manifest.series))[0] if fresh.height else ""
        ordered = rows.select(ROW).sort("series", "period_start", "vintage_ts")
        file, digest = self.folder.put(ordered, "parts", number)
        first, last = rows["vintage_ts"].min(), rows["vintage_ts"].max()
        assert isinstance(first, datetime) and isinstance(last, datetime)
        part = Part(file, rows.height, digest, first.isoformat(), last.isoformat(), first == last)
        self.folder.publish(with_part(manifest, part, dictionary))

    def _refuse_older(self, manifest: Manifest, series: pl.Series, vintage_ts: datetime) -> None:
        newer = [p for p in manifest.parts if instant(p.last) > vintage_ts]
        found = rows_of(self.folder, newer, series).filter(pl.col("vintage_ts") > vintage_ts).head(1).collect()
        if found.height:
            raise BadInput(
                f"这些来源已有更新的一版（{found['vintage_ts'][0]:%Y-%m-%d %H:%M}），{vintage_ts:%Y-%m-%d %H:%M} 的整版补不进去",
                en=f"a newer vintage of these sources is stored ({found['vintage_ts'][0]}); the whole publication of {vintage_ts} cannot go below it",
                remedy_zh="补旧版请用逐行追加（不加 --complete）", remedy_en="append old vintages row by row (without --complete)",
                code="E_VINTAGE_ORDER",
            )  # fmt: skip


def chosen(series: pl.DataFrame, indicator: str | None, key: tuple[str, ...] | None) -> pl.DataFrame:
    """The series of an indicator, or the one of a key."""
    found = series if indicator is None else series.filter(pl.col("indicator") == indicator)
    return found if key is None else found.filter(pl.all_horizontal(pl.col(c) == v for c, v in zip(KEY, key, strict=True)))


def widened(rows: pl.DataFrame, series: pl.DataFrame) -> pl.DataFrame:
    """Rows by number (sorted within a series) as columns of OBSERVATION, series in the order of their keys."""
    ranked = series.sort(KEY)
    rank = pl.DataFrame({"series": ranked["series"], "rank": pl.int_range(0, ranked.height, dtype=pl.Int32, eager=True)})
    placed = rows.join(rank, on="series", how="left", maintain_order="left").sort("rank", maintain_order=True)
    named = placed.select("period_start", "value", "vintage_ts", pl.col("quality").cast(pl.String)), ranked[placed["rank"]]
    return pl.concat([named[1].select(*KEY, "unit"), named[0]], how="horizontal").select(list(OBSERVATION))


def _zoned(ts: datetime) -> datetime:
    """The instant in UTC. Raises BadInput (E_INSTANT) without a zone."""
    if ts.tzinfo is None:
        raise BadInput(
            "时刻要带时区", en="an instant needs a zone", remedy_zh="写成 2025-08-31T20:00:00+08:00",
            remedy_en="write 2025-08-31T20:00:00+08:00", code="E_INSTANT",
        )  # fmt: skip
    return ts.astimezone(UTC)


def open_store(data: Path) -> ObservationStore:
    """The indicator store of a data folder, `DATA/observations`."""
    return ObservationStore(data / "observations")
