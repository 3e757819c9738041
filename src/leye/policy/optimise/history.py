"""HISTORY: who took part in what, and who worked six months later, with what was known of each at the start.

`person_id, programme, started_on, employed_6m` and covariates. People without a programme stand in it as `none`. Covariates are the other columns,
as they were on `started_on`; where there are none, facts of PEOPLE that a programme cannot change are joined by `person_id`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from leye.kernel.errors import BadInput, Place
from leye.policy.optimise.arrays import Bools, Ints

NONE = "none"
REQUIRED = ("person_id", "programme", "started_on", "employed_6m")
BASELINE = (
    "sex", "birth", "hukou_type", "hukou_local", "disability_grade", "dibao", "tekun", "poverty_alleviated", "land_lost", "veteran", "graduate",
    "graduated_on", "student_loan", "region",
)  # fmt: skip
"""Facts of today that were the same before any programme, or nearly so; joined only when the history brings no covariates."""
MOST_LEVELS = 60
"""Different words beyond which a text column is a name or a number of a file, not a covariate. Chosen by us."""


@dataclass(frozen=True, slots=True)
class History:
    """Rows in order: person codes, programme, started_on, outcome 0/1, covariates (numbers, flags, words) · dropped: reason -> rows left out."""

    person: Ints
    person_id: pl.Series
    programme: pl.Series
    started_on: pl.Series
    outcome: pl.Series
    covariates: pl.DataFrame
    joined: bool
    dropped: dict[str, int]
    ignored_columns: tuple[str, ...]

    def rows_of(self, programme: str) -> Bools:
        """(n,) rows of one programme and of none."""
        return self.programme.is_in([programme, NONE]).to_numpy()


def make_history(table: pl.DataFrame, people: pl.DataFrame, on: date, *, known: tuple[str, ...], file: str, keep: tuple[str, ...] = ()) -> History:
    """Check and type a history. people: typed PEOPLE, for the join · known: programmes of the plan · keep: covariates wanted, () for all.

    Raises BadInput with row and column. Rows of other programmes and rows whose outcome is not known yet are left out and counted.
    """
    missing = [c for c in REQUIRED if c not in table.columns]
    if missing:
        raise BadInput(f"历史表缺少列 {'、'.join(missing)}", en=f"the history lacks the columns {', '.join(missing)}",
                       remedy_zh="补上这些列；未参加者写 none", remedy_en="add them; whoever took part in nothing is `none`",
                       places=tuple(Place(file=file, column=c) for c in missing), code="E_COLUMN_MISSING")  # fmt: skip
    rows = _typed(table.with_row_index("_row", offset=1), file)
    _twice(rows, file)
    other = rows.filter(~pl.col("programme").is_in([NONE, *known]))
    open_ = rows.filter(pl.col("employed_6m").is_null() & ~pl.col("_row").is_in(other["_row"].implode()))
    rows = rows.filter(pl.col("employed_6m").is_not_null() & pl.col("programme").is_in([NONE, *known]))
    own = [c for c in table.columns if c not in REQUIRED and (not keep or c in keep)]
    joined = not own
    if joined:
        rows, own = _joined(rows, people, keep)
    kept, ignored = _covariates(rows.select(own), rows["started_on"], on)
    codes = rows["person_id"].rank("dense").cast(pl.Int64).to_numpy() - 1
    dropped = {"other_programmes": other.height, "outcome_unknown": open_.height}
    return History(
        codes,
        rows["person_id"],
        rows["programme"],
        rows["started_on"],
        rows["employed_6m"].cast(pl.Float64),
        kept,
        joined,
        {k: v for k, v in dropped.items() if v},
        tuple(ignored),
    )


def _joined(rows: pl.DataFrame, people: pl.DataFrame, keep: tuple[str, ...]) -> tuple[pl.DataFrame, list[str]]:
    facts = [f for f in BASELINE if f in people.columns and (not keep or f in keep)]
    return rows.join(people.select("person_id", *facts), on="person_id", how="left", maintain_order="left"), facts


def _typed(rows: pl.DataFrame, file: str) -> pl.DataFrame:
    """Ids and programmes as text, days as dates, outcomes as 0 and 1; each wrong cell named."""
    typed = rows.with_columns(
        pl.col("person_id").cast(pl.String),
        pl.col("programme").cast(pl.String),
        _day(rows["started_on"]),
        _outcome(rows["employed_6m"]),
    )
    for column, wrong in (
        ("person_id", typed["person_id"].is_null() | (typed["person_id"] == "")),
        ("programme", typed["programme"].is_null() | (typed["programme"] == "")),
        ("started_on", typed["started_on"].is_null() & rows["started_on"].is_not_null() & (rows["started_on"].cast(pl.String) != "")),
        ("employed_6m", typed["employed_6m"].is_null() & rows["employed_6m"].is_not_null() & (rows["employed_6m"].cast(pl.String) != "")),
    ):
        bad = rows.filter(wrong)
        if bad.height:
            raise BadInput(
                f"第 {bad['_row'][0]} 行的 {column} 写的是“{bad[column][0]}”，读不懂（共 {bad.height} 行）",
                en=f"row {bad['_row'][0]}: {column} is {bad[column][0]!r}; {bad.height} rows like it",
                remedy_zh="编号和项目必填；日期写 YYYY-MM-DD；employed_6m 写 0 或 1，还不知道就留空",
                remedy_en="id and programme are required; dates as YYYY-MM-DD; employed_6m is 0 or 1, empty when not known yet",
                places=tuple(Place(file=file, row=int(r), column=column) for r in bad["_row"].head(100)),
                code="E_HISTORY_VALUE",
            )
    return typed


def _day(values: pl.Series) -> pl.Series:
    if values.dtype == pl.String:
        return values.str.to_date("%Y-%m-%d", strict=False)
    return values.cast(pl.Date, strict=False)


def _outcome(values: pl.Series) -> pl.Series:
    if values.dtype == pl.String:
        return values.replace_strict({"0": 0, "1": 1, "true": 1, "false": 0}, default=None, return_dtype=pl.Int8).alias("employed_6m")
    numbers = values.cast(pl.Float64, strict=False)
    return pl.select(pl.when(numbers.is_in([0.0, 1.0])).then(numbers).otherwise(None).cast(pl.Int8).alias("employed_6m")).to_series()


def _twice(rows: pl.DataFrame, file: str) -> None:
    again = rows.filter(pl.struct("person_id", "programme", "started_on").is_duplicated())
    if again.height:
        raise BadInput(
            f"同一人同一项目同一天有两行（人员 {again['person_id'][0]}，共 {again.height} 行）",
            en=f"the same person, programme and day stand twice (person {again['person_id'][0]}, {again.height} rows)",
            remedy_zh="每次参加只留一行",
            remedy_en="keep one row a participation",
            places=tuple(Place(file=file, row=int(r)) for r in again["_row"].head(100)),
            code="E_ROW_TWICE",
        )


def _covariates(frame: pl.DataFrame, started_on: pl.Series, on: date) -> tuple[pl.DataFrame, list[str]]:
    """Columns that a model can read, and the names of those it cannot."""
    kept, ignored = [], []
    for name in frame.columns:
        column = model_column(frame[name], started_on.fill_null(on))
        if column is None:
            ignored.append(name)
        else:
            kept.append(column)
    return pl.DataFrame(kept), ignored


def model_column(values: pl.Series, day: pl.Series) -> pl.Series | None:
    """Numbers and flags as floats, words as text, dates as months before `day`; None for what is neither (lists, names of many people)."""
    kind = values.dtype
    if kind.is_numeric() or kind == pl.Boolean:
        return values.cast(pl.Float64)
    if kind == pl.Date or kind == pl.Datetime:
        return ((day - values.cast(pl.Date)).dt.total_days() / MONTH_DAYS).alias(values.name)
    if kind == pl.String or isinstance(kind, pl.Enum | pl.Categorical):
        words = values.cast(pl.String)
        return None if words.n_unique() > MOST_LEVELS else words
    return None


MONTH_DAYS = 30.4375
"""Mean days of a month."""


def read_table(file: Path) -> pl.DataFrame:
    """A Parquet or CSV table as it stands. Raises BadInput (E_NO_FILE, E_FILE_TYPE, E_FILE_UNREADABLE)."""
    if not file.is_file():
        raise _refuse(file, "没有这个文件", "there is no such file", "检查路径", "check the path", "E_NO_FILE")
    try:
        if file.suffix.lower() == ".parquet":
            return pl.read_parquet(file)
        if file.suffix.lower() in (".csv", ".tsv"):
            separator = "\t" if file.suffix.lower() == ".tsv" else ","
            return pl.read_csv(file, separator=separator, try_parse_dates=True, infer_schema_length=None, null_values=[""])
    except (pl.exceptions.PolarsError, OSError) as error:
        what = str(error)[:200]
        raise _refuse(
            file,
            f"文件读不懂：{what}",
            f"it cannot be read: {what}",
            "重新导出；CSV 用 UTF-8、逗号分隔、第一行是列名",
            "export it again; CSV in UTF-8 with names in the first row",
            "E_FILE_UNREADABLE",
        ) from error
    raise _refuse(file, "不认识这种文件", "not a kind of table", "用 .parquet 或 .csv", "give .parquet or .csv", "E_FILE_TYPE")


def _refuse(file: Path, zh: str, en: str, remedy_zh: str, remedy_en: str, code: str) -> BadInput:
    return BadInput(f"{file.name}：{zh}", en=f"{file.name}: {en}", remedy_zh=remedy_zh, remedy_en=remedy_en, places=(Place(str(file)),), code=code)
