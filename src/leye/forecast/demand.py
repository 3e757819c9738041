"""Demand for skills out of demand for occupations: what each occupation asks for, times the posts it offers; and whether a change can be seen.

Posts by occupation have years of history; ads with their wording often have months. A skill's demand is the posts of every occupation times the share
of its posts that ask for the skill, the shares held as they are in the newest ads. So a series tells how the mix of occupations moves a skill, which
is a composition effect, and not whether an occupation asks for more of it; `shift` tells that, from the ads alone.
"""

from __future__ import annotations

import math

import polars as pl

LEAST_ADS = 10
"""Ads of a year below which a skill is pooled with others, and posts below which an occupation is left out; as everywhere in the product."""
POOLED = "other"
RISING, FALLING, STEADY, UNKNOWN = "rising", "falling", "steady", "unknown"
SURE = 1.645
"""Standard errors behind a verdict on shares, one in ten by chance. # chosen by us: about as sure as the 80 % interval's one in five"""


def intensity(ads: pl.DataFrame) -> pl.DataFrame:
    """`skill, occupation, share`: posts of an occupation that ask for a skill, as a share of its posts.

    ads: `occupation, heads, skills` (a list of ids, may be empty), one row an ad. Occupations of the panel that no ad is for are not in the answer.
    """
    whole = ads.group_by("occupation").agg(pl.col("heads").sum().alias("all"))
    asked = ads.explode("skills").drop_nulls("skills").group_by(pl.col("skills").alias("skill"), "occupation").agg(pl.col("heads").sum())
    shares = asked.join(whole, on="occupation").with_columns(share=pl.col("heads") / pl.col("all"))
    return shares.select("skill", "occupation", "share").sort("skill", "occupation")


def pooled(ads: pl.DataFrame) -> pl.DataFrame:
    """The same ads, with every skill that fewer than LEAST_ADS of them ask for called POOLED."""
    counts = ads.explode("skills").drop_nulls("skills").group_by("skills").len()
    rare = counts.filter(pl.col("len") < LEAST_ADS)["skills"].to_list()
    named = pl.when(pl.element().is_in(rare)).then(pl.lit(POOLED)).otherwise(pl.element())
    return ads.with_columns(pl.col("skills").list.eval(named).list.unique().list.sort())


def skill_panel(posts: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    """`unique_id` (the skill), `ds, y`: posts that ask for each skill. posts: `occupation, ds, y`; a month in which an occupation of the skill
    is missing is missing for the skill too."""
    rows = posts.join(shares, on="occupation").sort("skill", "ds", "occupation")  # joins come in any order, and sums hang on it
    joined = rows.group_by("skill", "ds").agg(
        pl.when(pl.col("y").is_null().any()).then(None).otherwise((pl.col("y") * pl.col("share")).sum()).alias("y")
    )  # fmt: skip
    return joined.select(pl.col("skill").alias("unique_id"), "ds", "y").sort("unique_id", "ds")


def outlook(panel: pl.DataFrame, forecast: pl.DataFrame) -> pl.DataFrame:
    """`unique_id, last, before, ds, year_ago, mean, lo-80, hi-80, verdict`, a row a series.

    `last` and `before` are sums of the newest twelve months and of the twelve before (null where one is missing). The verdict holds the forecast
    of the last month ahead against the same month a year before it (`year_ago`): rising when even the lower end of the 80 % interval is above it,
    falling when even the upper end is below, steady otherwise, unknown without that month. Of twenty series that do not change, some four get
    another verdict by chance.
    """
    far = forecast.sort("ds").group_by("unique_id", maintain_order=True).last().select("unique_id", "ds", "mean", "lo-80", "hi-80")
    far = far.with_columns(day=pl.col("ds").dt.offset_by("-1y"))
    months = panel.select("unique_id", pl.col("ds").alias("day"), pl.col("y").alias("year_ago"))
    held = far.join(months, on=["unique_id", "day"], how="left").drop("day").join(_years(panel), on="unique_id", how="left")
    verdict = (
        pl.when(pl.col("year_ago").is_null() | pl.col("lo-80").is_null()).then(pl.lit(UNKNOWN))
        .when(pl.col("lo-80") > pl.col("year_ago")).then(pl.lit(RISING))
        .when(pl.col("hi-80") < pl.col("year_ago")).then(pl.lit(FALLING))
        .otherwise(pl.lit(STEADY))
    )  # fmt: skip
    return held.with_columns(verdict=verdict).select(
        "unique_id", "last", "before", "ds", "year_ago", "mean", "lo-80", "hi-80", "verdict"
    ).sort("unique_id")  # fmt: skip


def shift(ads: pl.DataFrame) -> pl.DataFrame:
    """`skill, ads, early, late, verdict`: the share of ads that ask for a skill in the first and in the second half of the months.

    ads: `month, occupation, skills`. Shares are compared within occupations and weighted by their ads in both halves (Cochran 1954, Biometrics
    10(4)), so a change of the mix is no change here. Rising or falling beyond SURE standard errors; unknown where no occupation has ads in both.
    """
    months = ads["month"].unique().sort()
    middle = months[len(months) // 2] if len(months) > 1 else None
    rows = ads.with_columns(late=pl.col("month") >= middle if middle is not None else pl.lit(False))
    whole = rows.group_by("occupation", "late").len("n")
    asked = rows.explode("skills").drop_nulls("skills").rename({"skills": "skill"})
    cells = asked.select("skill", "occupation").unique().join(whole, on="occupation")
    cells = cells.join(asked.group_by("skill", "occupation", "late").len("x"), on=["skill", "occupation", "late"], how="left").fill_null(0)
    late, early = (cells.filter(pl.col("late") == side).drop("late") for side in (True, False))
    both = early.join(late, on=["skill", "occupation"], suffix="_late").sort("skill", "occupation")  # sums hang on the order
    total = asked.group_by("skill").len("ads")
    return total.join(_cochran(both), on="skill", how="left").with_columns(pl.col("verdict").fill_null(UNKNOWN)).sort("skill")


def _cochran(both: pl.DataFrame) -> pl.DataFrame:
    found = []
    for (skill,), part in both.group_by("skill", maintain_order=True):
        weight = [a * b / (a + b) for a, b in part.select("n", "n_late").iter_rows()]
        early = sum(w * x / n for w, x, n in zip(weight, part["x"], part["n"], strict=True)) / sum(weight)
        late = sum(w * x / n for w, x, n in zip(weight, part["x_late"], part["n_late"], strict=True)) / sum(weight)
        spread = 0.0
        for w, x, n, y, m in zip(weight, part["x"], part["n"], part["x_late"], part["n_late"], strict=True):
            p = (x + y) / (n + m)
            spread += w * w * p * (1 - p) * (1 / n + 1 / m)
        error = math.sqrt(spread) / sum(weight)
        z = (late - early) / error if error > 0 else 0.0
        found.append((skill, early, late, RISING if z > SURE else FALLING if z < -SURE else STEADY))
    schema = {"skill": pl.String(), "early": pl.Float64(), "late": pl.Float64(), "verdict": pl.String()}
    return pl.DataFrame(found, schema=schema, orient="row")


def _years(panel: pl.DataFrame) -> pl.DataFrame:
    """Sums of the newest twelve months and the twelve before, null where one of them is missing."""
    newest = panel["ds"].max()
    age = (pl.lit(newest).dt.year() - pl.col("ds").dt.year()) * 12 + pl.lit(newest).dt.month() - pl.col("ds").dt.month()
    aged = panel.with_columns(age=age)

    def total(first: int, name: str) -> pl.Expr:
        inside = pl.col("y").filter(pl.col("age").is_between(first, first + 11))
        return pl.when(inside.drop_nulls().len() == 12).then(inside.sum()).otherwise(None).alias(name)

    return aged.group_by("unique_id").agg(total(0, "last"), total(12, "before"))
