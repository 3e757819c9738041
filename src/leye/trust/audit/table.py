"""A table of decisions, read strictly: every fault is named with column and row; group labels stay as they were found.

Needed: the group columns, `selected` (0 or 1), `score` (a number, may be missing). Optional: `label` (0, 1 or missing: what turned out to be true),
columns whose mean is compared, and one that names whose rows belong together. CSV (UTF-8) or Parquet, by the file's ending.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from leye.kernel.errors import BadInput, Place

SELECTED, SCORE, LABEL = "selected", "score", "label"


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure whose mean is compared between groups; `is_low_good` for waits and prices."""

    column: str
    is_low_good: bool = False

    @classmethod
    def parse(cls, text: str) -> Measure:
        """`wait_s:low`, `pay_fen:high`, or the column alone, which means that more is better. Raises BadInput."""
        column, _, good = text.partition(":")
        if good not in ("", "low", "high") or not column:
            raise BadInput(f"“{text}”读不懂", en=f"cannot read {text!r}", remedy_zh="写成 wait_s:low 或 pay_fen:high", remedy_en="as in wait_s:low")
        return cls(column, good == "low")


@dataclass(frozen=True, slots=True)
class Decisions:
    """frame: one row a decision: the group columns as text (null: unknown), `selected` 0/1, `score` double or null, `label` 0/1/null when there is
    one, measures as doubles, the cluster column as text · groups: the group columns in the order asked for."""

    frame: pl.DataFrame
    groups: tuple[str, ...]
    measures: tuple[Measure, ...] = ()
    cluster: str = ""

    @property
    def has_label(self) -> bool:
        """Whether the truth is known for some rows."""
        return LABEL in self.frame.columns


def read_decisions(file: Path, groups: Sequence[str], *, measures: Sequence[Measure] = (), cluster: str = "") -> Decisions:
    """The table in a file.

    Raises BadInput: unreadable (E_AUDIT_FILE), a column missing (E_AUDIT_COLUMN), a bad cell (E_AUDIT_CELL), no rows (E_AUDIT_EMPTY).
    """
    is_csv = file.suffix.lower() == ".csv"
    if not is_csv and file.suffix.lower() != ".parquet":
        raise BadInput(
            f"{file.name} 不是 .csv 或 .parquet", en=f"{file.name} is neither .csv nor .parquet", remedy_zh="请导出成这两种之一", code="E_AUDIT_FILE"
        )
    try:
        lazy = pl.scan_csv(file, infer_schema=False) if is_csv else pl.scan_parquet(file)
        present = lazy.collect_schema().names()
        frame = lazy.select(_wanted(present, groups, measures, cluster, file.name)).collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _unreadable(file.name, error) from error
    return check_decisions(frame, groups, measures=measures, cluster=cluster, name=file.name, first_row=2 if is_csv else 1)


def parse_decisions(data: bytes, groups: Sequence[str], *, measures: Sequence[Measure] = (), cluster: str = "", name: str = "csv") -> Decisions:
    """The table in the bytes of a CSV. Raises as `read_decisions`."""
    try:
        frame = pl.read_csv(data, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _unreadable(name, error) from error
    return check_decisions(frame, groups, measures=measures, cluster=cluster, name=name, first_row=2)


def check_decisions(
    frame: pl.DataFrame, groups: Sequence[str], *, measures: Sequence[Measure] = (), cluster: str = "", name: str = "", first_row: int = 1
) -> Decisions:
    """A table at hand. name, first_row: for messages, the file and the row number of the first record. Raises as `read_decisions`."""
    frame = frame.select(_wanted(frame.columns, groups, measures, cluster, name))
    if not frame.height:
        raise BadInput(f"{name} 里一行决定也没有", en="no rows", remedy_zh="检查导出的范围", places=(Place(name or None),), code="E_AUDIT_EMPTY")
    place = _Rows(name, first_row)
    columns = [_text(frame[g], place) for g in groups]
    columns.append(_zero_or_one(frame[SELECTED], place, may_miss=False))
    columns.append(_number(frame[SCORE], place))
    if LABEL in frame.columns:
        columns.append(_zero_or_one(frame[LABEL], place, may_miss=True))
    taken = {c.name for c in columns}
    columns += [_number(frame[m.column], place, must_be_finite=True) for m in measures if m.column not in taken]
    if cluster and cluster not in taken:
        columns.append(_text(frame[cluster], place))
    return Decisions(pl.DataFrame(columns), tuple(groups), tuple(measures), cluster)


def at_most(decisions: Decisions, groups: int) -> Decisions:
    """The table itself. Raises BadInput (E_AUDIT_GROUPS) when its columns cross to more groups: numbers or names were taken for groups."""
    many = decisions.frame.select(decisions.groups).n_unique()
    if many <= groups:
        return decisions
    raise BadInput(
        f"这几列合起来有 {many} 种取值，太多了",
        en=f"the columns have {many} combinations, too many",
        remedy_zh=f"分组列应是性别、年龄段这样的，最多 {groups} 组",
        remedy_en=f"group by things like sex or age band, {groups} groups at most",
        code="E_AUDIT_GROUPS",
    )


def _wanted(present: Sequence[str], groups: Sequence[str], measures: Sequence[Measure], cluster: str, name: str) -> list[str]:
    if not groups or not all(groups):
        raise BadInput("没有写按哪几列分组", en="no group columns", remedy_zh="例如 --groups sex,age_band", code="E_AUDIT_GROUPS")
    if len(set(groups)) < len(groups):
        raise BadInput("同一列写了两次", en="a group column is named twice", remedy_zh="每列只写一次", code="E_AUDIT_GROUPS")
    if clash := {SELECTED, SCORE, LABEL} & set(groups):
        raise BadInput(f"{'、'.join(sorted(clash))} 不能用来分组", en="an outcome cannot be a group", remedy_zh="换一列", code="E_AUDIT_GROUPS")
    needed = list(dict.fromkeys([*groups, SELECTED, SCORE, *(m.column for m in measures), *([cluster] if cluster else [])]))
    for column in needed:
        if column not in present:
            near = difflib.get_close_matches(column, present, n=1)
            raise BadInput(
                f"缺少列“{column}”",
                en=f"column {column!r} is missing",
                remedy_zh=f"是不是“{near[0]}”？" if near else f"文件里有：{'、'.join(present[:20])}",
                remedy_en=f"did you mean {near[0]!r}?" if near else f"the file has: {', '.join(present[:20])}",
                places=(Place(name or None, row=1, column=column),),
                code="E_AUDIT_COLUMN",
            )
    return [*needed, *([LABEL] if LABEL in present and LABEL not in needed else [])]


@dataclass(frozen=True, slots=True)
class _Rows:
    name: str
    first: int

    def refuse(self, column: str, bad: pl.Series, found: pl.Series, zh: str, en: str) -> None:
        """Raise BadInput naming the rows where `bad` is true; do nothing when there are none."""
        if not bad.any():
            return
        at = bad.fill_null(False).arg_true()
        places = tuple(Place(self.name or None, row=self.first + i, column=column) for i in at.head(10).to_list())
        value = found[at[0]]
        raise BadInput(
            f"“{column}”有 {len(at)} 处{zh}，先看到的是“{'' if value is None else value}”",
            en=f"{column!r}: {len(at)} cells {en}, the first is {value!r}",
            remedy_zh="改好这些行再来",
            remedy_en="mend these rows",
            places=places,
            code="E_AUDIT_CELL",
        )


def _text(column: pl.Series, place: _Rows) -> pl.Series:
    """Labels as text; empty and NaN are missing."""
    if column.dtype == pl.String:
        return column.replace("", None) if (column == "").any() else column
    try:
        text = column.fill_nan(None).cast(pl.String) if column.dtype.is_float() else column.cast(pl.String)
    except pl.exceptions.PolarsError as error:
        raise _unreadable(place.name, error, column.name) from error
    return text.replace("", None)


def _zero_or_one(column: pl.Series, place: _Rows, *, may_miss: bool) -> pl.Series:
    values = column if column.dtype.is_integer() else _number(column, place)
    if not may_miss and values.null_count():
        place.refuse(column.name, values.is_null(), column, "是空的，这里要 0 或 1", "are empty, 0 or 1 is needed")
    place.refuse(column.name, (values != 0) & (values != 1), column, "不是 0 或 1", "are neither 0 nor 1")
    return values.cast(pl.Int8)


def _number(column: pl.Series, place: _Rows, *, must_be_finite: bool = False) -> pl.Series:
    """Doubles; empty text and NaN are missing. Raises BadInput on anything else."""
    if column.dtype == pl.String:
        text = column.str.strip_chars()
        values = text.cast(pl.Float64, strict=False)
        if values.null_count() > column.null_count():
            place.refuse(column.name, values.is_null() & (text != ""), column, "不是数字", "are no numbers")
    else:
        try:
            values = column.cast(pl.Float64)
        except pl.exceptions.PolarsError as error:
            raise _unreadable(place.name, error, column.name) from error
    values = values.fill_nan(None)
    if must_be_finite:
        place.refuse(column.name, values.is_infinite(), column, "是无穷大", "are infinite")
    return values.alias(column.name)


def _unreadable(name: str, error: Exception, column: str = "") -> BadInput:
    return BadInput(
        f"读不出这个文件：{str(error).splitlines()[0][:200]}",
        en=f"cannot read it: {str(error).splitlines()[0][:200]}",
        remedy_zh="CSV 要 UTF-8、每行列数一致；分组列要是文字",
        remedy_en="CSV must be UTF-8 with equal rows; group columns must be text",
        places=(Place(name or None, column=column or None),),
        code="E_AUDIT_FILE",
    )
