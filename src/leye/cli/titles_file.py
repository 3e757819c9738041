"""Tables of titles that `leye match code` and `train-codes` read: each fault by file, row and column."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from leye.cli.match_tables import read_rows
from leye.kernel.errors import BadInput, NotFound, Place

if TYPE_CHECKING:
    import polars as pl

    from leye.match.occupations.corrections import Override
    from leye.match.occupations.table import Table

OPTIONAL = ("description", "from", "undone_at")
"""Columns that are read as text where a table has them."""


def read_titles(file: Path) -> pl.DataFrame:
    """`id,title[,description]` as text, one row a title. Raises BadInput (E_ID, and as `match_tables.read_rows`)."""
    table = _read(file, ("id", "title"))
    bad = table.with_row_index("row", offset=1).filter(table["id"].is_null() | table["id"].is_duplicated())
    if bad.height:
        places = tuple(Place(file.name, row=r, column="id") for r in bad["row"].head(10))
        raise BadInput(
            "编号为空或重复", en="an id is empty or stands twice", places=places, code="E_ID",
            remedy_zh="每个名称一个不同的编号", remedy_en="give each title an id of its own",
        )  # fmt: skip
    return table


def read_labels(file: Path, table: Table) -> tuple[list[str], list[str]]:
    """(titles, 7-digit codes). Raises BadInput (E_OCCUPATION) naming the rows whose code the table lacks, or that have no title."""
    titles, codes = _labels(_rows(file), file, table)
    if not titles:
        raise _unlabelled(file, [])
    return titles, codes


def read_overrides(file: Path, table: Table) -> list[Override]:
    """Corrections `title,code[,from][,undone_at]`; `from` is `YYYY-MM`, empty for always. Raises BadInput as read_labels does.

    Rows with an `undone_at` were taken back and do not count, so the list that the page of occupations hands out can be read as it is.
    """
    from leye.match.occupations.cleaning import clean_title
    from leye.match.occupations.corrections import Override

    read = _rows(file)
    if "undone_at" in read.columns:
        read = read.filter(read["undone_at"].fill_null("") == "")
    titles, codes = _labels(read, file, table)
    since = read["from"].to_list() if "from" in read.columns else [None] * read.height
    return [Override(clean_title(t), c, s or "", "更正表") for t, c, s in zip(titles, codes, since, strict=True)]


def _rows(file: Path) -> pl.DataFrame:
    """The file with the number of each row in it, from 1."""
    return _read(file, ("title", "code")).with_row_index("_row", offset=1)


def _labels(read: pl.DataFrame, file: Path, table: Table) -> tuple[list[str], list[str]]:
    titles, codes, bad = [], [], []
    for row, title, code in read.select("_row", "title", "code").iter_rows():
        try:
            codes.append(table.resolve(code or "")[0].code)
            titles.append(title or "")
        except NotFound:
            bad.append(row)
        if not (title or "").strip():
            bad.append(row)
    if bad:
        raise _unlabelled(file, bad)
    return titles, codes


def _unlabelled(file: Path, bad: list[int]) -> BadInput:
    return BadInput(
        f"{len(bad)} 行没有名称，或代码不在职业表里" if bad else "一条标注也没有", en="rows without title or with an unknown code, or no rows",
        places=tuple(Place(file.name, row=r, column="code") for r in bad), code="E_OCCUPATION",
        remedy_zh="代码是七位数字，可带短横，如 2-02-10-03", remedy_en="codes have seven digits, like 2-02-10-03",
    )  # fmt: skip


def _read(file: Path, needed: tuple[str, ...]) -> pl.DataFrame:
    import polars as pl

    table = read_rows(file, needed)
    return table.with_columns(pl.col(c).cast(pl.String) for c in (*needed, *(c for c in OPTIONAL if c in table.columns)))
