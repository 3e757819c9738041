"""TAGS against a panel: known ids, no circles, and parents that are the sums of their children."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from leye.intake.panel_text import panel_error, read_columns

_RELATIVE = 1e-6  # the tolerance of coherence that forecasts are held to
_MOST_DECIMALS = 6  # chosen by us: values with more digits are computed, not rounded, and get the relative tolerance only


def check_tags(raw: pl.DataFrame, panel: pl.DataFrame, file: Path, notices: list[str]) -> pl.DataFrame:
    """`unique_id, parent` (null at a root) in file order; series of the panel that TAGS leaves out are added as roots, with a notice.

    Raises BadInput: E_DUP_KEY an id twice, E_CODE_UNKNOWN an id or parent without data, E_TAGS_CYCLE a series that is its own ancestor.
    """
    tags = raw.with_columns(pl.col("unique_id").str.strip_chars(), pl.col("parent").fill_null("").str.strip_chars().replace("", None))
    twice = tags.filter(pl.col("unique_id").is_duplicated())
    if not twice.is_empty():
        rows = twice["row"].to_list()
        raise panel_error("E_DUP_KEY", file, "unique_id", rows, "同一序列写了两次", en="an id is listed twice", remedy="每个序列只留一行")
    known = panel["unique_id"].unique()
    for column in ("unique_id", "parent"):
        strange = tags.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(known.implode()))
        if not strange.is_empty():
            name = strange[column][0]
            raise panel_error(
                "E_CODE_UNKNOWN", file, column, strange["row"].to_list(), f"“{name}”在数据文件里没有",
                en=f"{name!r} has no rows in the panel", remedy="改成数据里有的 unique_id，或补上它的数据",
            )  # fmt: skip
    _no_circle(tags, file)
    left_out = [u for u in panel["unique_id"].unique(maintain_order=True) if u not in set(tags["unique_id"])]
    parents = set(tags["parent"].drop_nulls())
    alone = [u for u in left_out if u not in parents]
    if alone:
        notices.append(f"{file.name} 没有列出 {len(alone)} 个序列（如“{alone[0]}”），按独立序列处理")
    added = pl.DataFrame({"unique_id": left_out, "parent": [None] * len(left_out)}, schema={"unique_id": pl.String, "parent": pl.String})
    return pl.concat([tags.select("unique_id", "parent"), added])


def _no_circle(tags: pl.DataFrame, file: Path) -> None:
    parent = dict(tags.select("unique_id", "parent").iter_rows())
    safe: set[str] = set()
    for start, row in tags.select("unique_id", "row").iter_rows():
        path: list[str] = []
        at: str | None = start
        while at is not None and at not in safe:
            if at in path:
                zh = f"上下级成了环：{' → '.join([*path[path.index(at) :], at])}"
                raise panel_error(
                    "E_TAGS_CYCLE", file, "parent", [row], zh, en="a series is its own ancestor", remedy="请改正 parent，根的 parent 留空"
                )
            path.append(at)
            at = parent.get(at)
        safe.update(path)


def check_sums(panel: pl.DataFrame, tags: pl.DataFrame, file: Path) -> None:
    """Raises BadInput (E_SUM_MISMATCH) where a parent and all its children have values that do not add up.

    Tolerance: 1e-6 of the parent, or what rounding explains: half a unit of the last decimal place in use for each child (.05 with one decimal);
    figures without decimals must add up exactly. Periods with a missing value are not compared.
    """
    children = tags.filter(pl.col("parent").is_not_null()).join(panel, on="unique_id")
    sums = children.group_by("parent", "ds").agg(pl.col("y").sum(), pl.col("y").count().alias("n"))
    expected = tags.group_by("parent").len("of").drop_nulls("parent")
    both = panel.join(sums, left_on=["unique_id", "ds"], right_on=["parent", "ds"], suffix="_sum").join(
        expected, left_on="unique_id", right_on="parent"
    )
    rounding = _rounding(panel["y"])
    noise = pl.col("y").abs() * 1e-12 + 1e-9  # of double arithmetic, so that a difference of just the tolerance passes
    tolerance = pl.max_horizontal(pl.col("y").abs() * _RELATIVE, pl.col("of") * rounding) + noise
    wrong = both.filter((pl.col("n") == pl.col("of")) & pl.col("y").is_not_null() & ((pl.col("y") - pl.col("y_sum")).abs() > tolerance)).sort("row")
    if not wrong.is_empty():
        first = wrong.row(0, named=True)
        raise panel_error(
            "E_SUM_MISMATCH", file, "y", wrong["row"].to_list(),
            f"“{first['unique_id']}”{first['ds']} 是 {first['y']:,.10g}，{first['of']} 个下级之和是 {first['y_sum']:,.10g}",
            en=f"{first['unique_id']} is not the sum of its children on {first['ds']}", remedy="请改正上级或下级的数值；比率不相加，不要列进 TAGS",
        )  # fmt: skip


def _rounding(values: pl.Series) -> float:
    """Half a unit of the last decimal place that the figures use; 0 for whole or unrounded figures."""
    known = values.drop_nulls()
    for places in range(_MOST_DECIMALS + 1):
        if ((known.round(places) - known).abs() <= 1e-9 * known.abs().clip(lower_bound=1.0)).all():
            return 0.5 * 10.0**-places if places else 0.0
    return 0.0


def add_titles(tags: pl.DataFrame | None, panel: pl.DataFrame, file: Path) -> pl.DataFrame:
    """Join `title_zh, title_en` by id, each standing in for the other; series without tags become roots.

    Columns of the file: `unique_id` and `title_zh` or `title` (English). Raises BadInput when it has no id or neither title.
    """
    raw = read_columns(file, ("unique_id",), optional=("title_zh", "title"))
    zh, en = (pl.col(c).str.strip_chars().replace("", None) if c in raw.columns else pl.lit(None, dtype=pl.String) for c in ("title_zh", "title"))
    if not {"title_zh", "title"} & set(raw.columns):
        read_columns(file, ("title_zh",))
    with_title = raw.select(pl.col("unique_id").str.strip_chars(), title_zh=pl.coalesce(zh, en), title_en=pl.coalesce(en, zh))
    with_title = with_title.unique("unique_id", keep="first", maintain_order=True)
    base = (
        tags if tags is not None else panel.select(pl.col("unique_id").unique(maintain_order=True)).with_columns(parent=pl.lit(None, dtype=pl.String))
    )
    return base.join(with_title, on="unique_id", how="left", maintain_order="left")
