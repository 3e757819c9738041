"""Whether a table about persons may leave the house: k-anonymity, l-diversity, what to suppress, and what two tables together give away.

k-anonymity: every combination of the quasi-identifiers occurs at least k times (Sweeney 2002, International Journal of Uncertainty 10(5)).
l-diversity, distinct: each such class holds at least l different sensitive values; entropy: exp(-sum p ln p) of each class is at least l
(Machanavajjhala et al. 2007, ACM TKDD 1(1), definitions 4.1 and 4.2 in the form of an effective number of values).

An unknown quasi-identifier is a value of its own; an unknown sensitive value tells nothing and counts for nothing, and a class of which nothing is
known is not held against the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from leye.kernel.errors import BadInput, Place

N, DISTINCT, EFFECTIVE = "__n", "__distinct", "__effective"
STAR = "*"
"""What stands in a suppressed cell."""

WORST_SHOWN = 20
_TOLERANCE = 1e-9  # of an effective number of values: exp(ln 2) is not exactly 2


@dataclass(frozen=True, slots=True)
class Diversity:
    """Of one sensitive column: the least number of distinct and of effective values in a class (None: nothing is known), classes that fall short."""

    column: str
    least_distinct: int | None
    least_effective: float | None
    classes_short: int
    rows_short: int


@dataclass(frozen=True, slots=True)
class Generalise:
    """What leaving one quasi-identifier out would do: rows that would then still be in too small or too uniform classes."""

    without: str
    rows_at_risk: int


@dataclass(frozen=True, slots=True)
class Anonymity:
    """The answer. smallest: rows of the smallest class, 0 of an empty table · rows_at_risk: in classes that fail k or l

    · suppress: values of the quasi-identifiers of the classes to suppress, worst first (at most `WORST_SHOWN` listed)
    · rows_to_suppress: of all of them, including one more class where the suppressed rest would itself be smaller than k.
    """

    rows: int
    classes: int
    k: int
    ell: int
    smallest: int
    classes_short: int
    rows_at_risk: int
    diversity: tuple[Diversity, ...]
    suppress: tuple[dict[str, Any], ...]
    rows_to_suppress: int
    generalise: tuple[Generalise, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether every class is large and diverse enough."""
        return self.rows_at_risk == 0

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "ok": self.ok, "rows": self.rows, "classes": self.classes, "k": self.k, "l": self.ell, "smallest": self.smallest,
            "classes_short": self.classes_short, "rows_at_risk": self.rows_at_risk,
            "diversity": [{s: getattr(d, s) for s in d.__slots__} for d in self.diversity],
            "suppress": list(self.suppress), "rows_to_suppress": self.rows_to_suppress,
            "generalise": [{"without": g.without, "rows_at_risk": g.rows_at_risk} for g in self.generalise],
        }  # fmt: skip


def check_anonymity(
    table: pl.DataFrame | pl.LazyFrame,
    quasi: Sequence[str],
    sensitive: Sequence[str] = (),
    *,
    k: int = 5,
    ell: int = 1,
    is_entropy: bool = False,
) -> Anonymity:
    """Check a table of persons, one row each. quasi: what an outsider may know of somebody; sensitive: what must not follow from it.

    ell (the l of l-diversity) is held against distinct values, with is_entropy against the effective number.
    Raises BadInput (E_ANONYMITY) on unknown columns or numbers.
    """
    frame = table.lazy()
    _check(frame, quasi, sensitive, k, ell)
    classes = _classes(frame, quasi, sensitive)
    is_short = _is_short(sensitive, k, ell, is_entropy=is_entropy)
    short = classes.filter(is_short).sort(N, *quasi, nulls_last=False)
    chosen = _with_cover(classes.filter(~is_short), short, quasi, k)
    rows_at_risk = int(short[N].sum())
    ideas = _ideas(frame, quasi, sensitive, k, ell, is_entropy=is_entropy) if rows_at_risk and len(quasi) > 1 else ()
    return Anonymity(
        rows=int(classes[N].sum()),
        classes=classes.height,
        k=k,
        ell=ell,
        smallest=int(classes[N].min() or 0),  # type: ignore[arg-type]
        classes_short=short.height,
        rows_at_risk=rows_at_risk,
        diversity=tuple(_diversity(classes, s, ell, is_entropy=is_entropy) for s in sensitive),
        suppress=tuple(chosen.select(*quasi, pl.col(N).alias("rows")).head(WORST_SHOWN).to_dicts()),
        rows_to_suppress=int(chosen[N].sum()),
        generalise=ideas,
    )


def suppressed(
    table: pl.DataFrame,
    quasi: Sequence[str],
    sensitive: Sequence[str] = (),
    *,
    k: int = 5,
    ell: int = 1,
    is_entropy: bool = False,
) -> pl.DataFrame:
    """The table with the quasi-identifiers of failing classes as `*` (as text), no row lost. Where the starred rows themselves are too few or too
    uniform, their sensitive values are starred too.
    """
    _check(table.lazy(), quasi, sensitive, k, ell)
    classes = _classes(table.lazy(), quasi, sensitive)
    is_short = _is_short(sensitive, k, ell, is_entropy=is_entropy)
    chosen = _with_cover(classes.filter(~is_short), classes.filter(is_short).sort(N, *quasi), quasi, k)
    if not chosen.height:
        return table
    marked = table.join(chosen.select(*quasi, pl.lit(True).alias("__hide")), on=list(quasi), how="left", nulls_equal=True, maintain_order="left")
    hide = pl.col("__hide").fill_null(False)
    starred = marked.filter(hide)
    rest = _classes(starred.with_columns(pl.lit(STAR).alias(q) for q in quasi).lazy(), quasi, sensitive)
    columns = [*quasi, *(sensitive if rest.filter(is_short).height else ())]
    return marked.with_columns(pl.when(hide).then(pl.lit(STAR)).otherwise(pl.col(c).cast(pl.String)).alias(c) for c in columns).drop("__hide")


def differences(before: pl.DataFrame | pl.LazyFrame, after: pl.DataFrame | pl.LazyFrame, quasi: Sequence[str], *, k: int = 5) -> pl.DataFrame:
    """Classes whose counts in two published tables differ by 1 to k-1: who holds both learns of those few people (differencing attack).

    Columns: the quasi-identifiers, `before`, `after`; largest differences last. Raises BadInput (E_ANONYMITY).
    """
    for frame in (before, after):
        _check(frame.lazy(), quasi, (), k, 1)
    counted = [f.lazy().group_by(quasi).agg(pl.len().cast(pl.Int64).alias(name)).collect() for f, name in ((before, "before"), (after, "after"))]
    joined = counted[0].join(counted[1], on=list(quasi), how="full", coalesce=True, nulls_equal=True)
    both = joined.with_columns(pl.col("before", "after").fill_null(0))
    gap = (pl.col("before") - pl.col("after")).abs()
    return both.filter((gap > 0) & (gap < k)).sort(gap, *quasi)


def _classes(frame: pl.LazyFrame, quasi: Sequence[str], sensitive: Sequence[str]) -> pl.DataFrame:
    """One row a class: its rows, and for each sensitive column distinct and effective numbers of known values."""
    classes = frame.group_by(quasi).agg(pl.len().cast(pl.Int64).alias(N))
    for s in sensitive:
        counts = frame.filter(pl.col(s).is_not_null()).group_by(*quasi, s).agg(pl.len().alias("__c"))
        share = pl.col("__c") / pl.col("__c").sum()
        found = counts.group_by(quasi).agg(pl.len().cast(pl.Int64).alias(DISTINCT + s), (-(share * share.log()).sum()).exp().alias(EFFECTIVE + s))
        classes = classes.join(found, on=list(quasi), how="left", nulls_equal=True)
    return classes.collect()


def _is_short(sensitive: Sequence[str], k: int, ell: int, *, is_entropy: bool) -> pl.Expr:
    fails = pl.col(N) < k
    for s in sensitive:
        fails = fails | _lacks(s, ell, is_entropy=is_entropy)
    return fails


def _lacks(s: str, ell: int, *, is_entropy: bool) -> pl.Expr:
    """Whether a class is too uniform in one column; one of which nothing is known is not."""
    found = (pl.col(EFFECTIVE + s) < ell - _TOLERANCE) if is_entropy else (pl.col(DISTINCT + s) < ell)
    return found.fill_null(False)


def _with_cover(sound: pl.DataFrame, short: pl.DataFrame, quasi: Sequence[str], k: int) -> pl.DataFrame:
    """The classes to suppress; where they hold fewer than k rows in all, whoever knows the total subtracts, so the smallest sound one goes too."""
    if not short.height or int(short[N].sum()) >= k or not sound.height:
        return short
    return pl.concat([short, sound.sort(N, *quasi, nulls_last=False).head(1)])


def _ideas(
    frame: pl.LazyFrame,
    quasi: Sequence[str],
    sensitive: Sequence[str],
    k: int,
    ell: int,
    *,
    is_entropy: bool,
) -> tuple[Generalise, ...]:
    """Each quasi-identifier left out in turn, the most helpful first."""
    found = []
    for q in quasi:
        rest = [other for other in quasi if other != q]
        short = _classes(frame, rest, sensitive).filter(_is_short(sensitive, k, ell, is_entropy=is_entropy))
        found.append(Generalise(q, int(short[N].sum())))
    return tuple(sorted(found, key=lambda g: (g.rows_at_risk, g.without)))


def _diversity(classes: pl.DataFrame, s: str, ell: int, *, is_entropy: bool) -> Diversity:
    short = classes.filter(_lacks(s, ell, is_entropy=is_entropy))
    distinct, effective = classes[DISTINCT + s].min(), classes[EFFECTIVE + s].min()
    return Diversity(
        s,
        None if distinct is None else int(distinct),  # type: ignore[arg-type]
        None if effective is None else float(effective),  # type: ignore[arg-type]
        short.height,
        int(short[N].sum()),
    )


def _check(frame: pl.LazyFrame, quasi: Sequence[str], sensitive: Sequence[str], k: int, ell: int) -> None:
    names = frame.collect_schema().names()
    missing = [name for name in (*quasi, *sensitive) if name not in names]
    if missing:
        raise BadInput(
            f"表里没有这些列：{'、'.join(missing)}",
            en=f"no such columns: {', '.join(missing)}",
            remedy_zh=f"表里有：{'、'.join(names[:30])}",
            remedy_en=f"the table has: {', '.join(names[:30])}",
            places=tuple(Place(column=name) for name in missing),
            code="E_ANONYMITY",
        )
    if not quasi or len({*quasi, *sensitive}) < len(quasi) + len(sensitive) or k < 1 or ell < 1 or (ell > 1 and not sensitive):
        raise BadInput(
            "要写出准标识列（不重复）、k 和 l（至少 1）；l 大于 1 时还要写敏感列",
            en="name quasi-identifiers (no column twice), k and l of at least 1, and a sensitive column where l is above 1",
            remedy_zh="例如 --quasi region,sex,age_band --sensitive disability_grade --k 5 --l 2",
            remedy_en="such as --quasi region,sex,age_band --sensitive disability_grade --k 5 --l 2",
            code="E_ANONYMITY",
        )
