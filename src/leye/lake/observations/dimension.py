"""Codes with the time they are valid: a break of definition ends one code and begins another, and no observation crosses it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from leye.kernel.errors import BadInput, Place
from leye.lake.observations.form import refusal

DIMENSION = {
    "dimension": pl.String(),
    "code": pl.String(),
    "parent": pl.String(),
    "level": pl.Int32(),
    "valid_from": pl.Date(),
    "valid_to": pl.Date(),
}
"""`dimension` says which column of the observations the code stands in; `parent` null at a root; level 0 is a root; `valid_to` is the last day,
null while it goes on, `valid_from` null when it always was."""
DIMENSIONS = ("indicator", "region", "industry", "occupation", "grp")


@dataclass(frozen=True, slots=True)
class Dimension:
    """A table of codes that has passed its checks: as DIMENSION, sorted."""

    frame: pl.DataFrame

    @classmethod
    def empty(cls) -> Dimension:
        """No codes: everything is valid at any time."""
        return cls(pl.DataFrame(schema=DIMENSION))

    @classmethod
    def of(cls, frame: pl.DataFrame, *, name: str = "") -> Dimension:
        """Raises BadInput: an unknown dimension, a code twice, an end before its beginning, a parent that is missing, of another level than one
        above, or not valid while the child begins or ends."""
        typed = frame.select(pl.col(c).cast(kind) for c, kind in DIMENSION.items()).sort("dimension", "code")
        _each(typed, name, ~pl.col("dimension").is_in(DIMENSIONS), "dimension", "不是维度", "is no dimension")
        _each(typed, name, pl.col("code").is_null() | (pl.col("code") == ""), "code", "是空的", "is empty")
        _each(typed, name, pl.struct("dimension", "code").is_duplicated(), "code", "出现两次", "stands twice")
        _each(typed, name, pl.col("valid_to") < pl.col("valid_from"), "valid_to", "早于起始日", "is before the beginning")
        _each(typed, name, pl.col("level").is_null() | (pl.col("parent").is_null() != (pl.col("level") == 0)), "level", "和有没有上级不符",
              "does not fit having a parent or none")  # fmt: skip
        above = typed.select("dimension", parent="code", up_level="level", up_from="valid_from", up_to="valid_to", is_there=pl.lit(True))
        joined = typed.join(above, on=["dimension", "parent"], how="left", maintain_order="left")
        has_parent = pl.col("parent").is_not_null()
        _each(joined, name, has_parent & pl.col("is_there").is_null(), "parent", "没有这个上级", "is no code")
        _each(joined, name, has_parent & (pl.col("up_level") != pl.col("level") - 1), "level", "不比上级低一级", "is not one below its parent's")
        starts_early = pl.col("up_from").is_not_null() & (pl.col("valid_from").is_null() | (pl.col("valid_from") < pl.col("up_from")))
        ends_late = pl.col("up_to").is_not_null() & (pl.col("valid_to").is_null() | (pl.col("valid_to") > pl.col("up_to")))
        _each(joined, name, has_parent & (starts_early | ends_late), "valid_from", "超出上级的有效期", "reaches beyond its parent's validity")
        return cls(typed)

    def children(self, dimension: str, code: str) -> list[str]:
        """Codes right below, by code."""
        return self.frame.filter((pl.col("dimension") == dimension) & (pl.col("parent") == code))["code"].to_list()


def refuse_invalid(rows: pl.DataFrame, dimension: Dimension, *, name: str = "") -> None:
    """Raise BadInput (E_CODE_INVALID) for an observation whose period begins outside the validity of one of its codes.

    A code that the table does not hold is free: the table says where definitions break, it is not a list of all codes.
    """
    for column in DIMENSIONS:
        codes = dimension.frame.filter(pl.col("dimension") == column).select(pl.col("code").alias(column), "valid_from", "valid_to")
        if codes.is_empty():
            continue
        joined = rows.join(codes, on=column, how="left", maintain_order="left")
        outside = (pl.col("period_start") < pl.col("valid_from")) | (pl.col("period_start") > pl.col("valid_to"))
        bad = joined.select(outside.fill_null(False).alias("bad"))["bad"].arg_true()
        if len(bad):
            row = joined.row(int(bad[0]), named=True)
            span = f"{row['valid_from'] or '…'} — {row['valid_to'] or '…'}"
            raise refusal(
                rows, bad, column, name, "E_CODE_INVALID", f"代码“{row[column]}”在 {row['period_start']} 无效（{span}）",
                f"code {row[column]!r} is not valid on {row['period_start']} ({span})",
                "口径变了就换新代码，前后两段不拼接", "after a break use the new code; the two stretches are never spliced", BadInput,
            )  # fmt: skip


def _each(frame: pl.DataFrame, name: str, bad: pl.Expr, column: str, zh: str, en: str) -> None:
    found = frame.filter(bad.fill_null(False))
    if found.height:
        row = found.row(0, named=True)
        raise BadInput(
            f"代码表 {row['dimension']} {row['code']}：{column} {zh}", en=f"codes, {row['dimension']} {row['code']}: {column} {en}",
            code="E_DIMENSION",
            remedy_zh="改正代码表后再导入", remedy_en="mend the table of codes", places=(Place(name or None, column=column),),
        )  # fmt: skip
