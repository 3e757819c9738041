"""The fast check against a slow obvious one, and what suppression must hold for any table."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.trust.privacy.anonymity import STAR, check_anonymity, differences, suppressed

value = st.sampled_from([None, "a", "b", "c"])
tables = st.lists(st.tuples(value, value, value), max_size=40)


def framed(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"q": pl.String, "r": pl.String, "s": pl.String}, orient="row")


def slow(rows: list[tuple[Any, ...]], k: int, ell: int, is_entropy: bool) -> tuple[int, int, int]:
    """(classes, smallest, rows at risk), row by row."""
    classes: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for q, r, s in rows:
        classes[q, r].append(s)
    risk = 0
    for values in classes.values():
        known = Counter(v for v in values if v is not None)
        n = sum(known.values())
        effective = math.exp(-sum(c / n * math.log(c / n) for c in known.values())) if n else math.inf
        diverse = effective if is_entropy else (len(known) or math.inf)
        if len(values) < k or diverse < ell - 1e-9:
            risk += len(values)
    return len(classes), min((len(v) for v in classes.values()), default=0), risk


@given(tables, st.integers(1, 6), st.integers(1, 3), st.booleans())
@settings(deadline=None, max_examples=150)
def test_agrees_with_the_slow_check(rows: list[tuple[Any, ...]], k: int, ell: int, is_entropy: bool) -> None:
    found = check_anonymity(framed(rows), ["q", "r"], ["s"], k=k, ell=ell, is_entropy=is_entropy)
    assert (found.classes, found.smallest, found.rows_at_risk) == slow(rows, k, ell, is_entropy)
    assert found.rows == len(rows)
    assert found.rows_to_suppress >= found.rows_at_risk


@given(tables, st.integers(1, 6), st.integers(1, 3), st.booleans())
@settings(deadline=None, max_examples=150)
def test_suppression_keeps_rows_and_leaves_no_class_short(rows: list[tuple[Any, ...]], k: int, ell: int, is_entropy: bool) -> None:
    table = framed(rows)
    safe = suppressed(table, ["q", "r"], ["s"], k=k, ell=ell, is_entropy=is_entropy)
    assert safe.height == table.height
    open_rows = safe.filter(pl.col("q").ne_missing(STAR))
    assert check_anonymity(open_rows, ["q", "r"], ["s"], k=k, ell=ell, is_entropy=is_entropy).ok
    starred = safe.filter(pl.col("q").eq_missing(STAR))
    assert starred.height == 0 or starred.height >= k or open_rows.height == 0, "the starred rows hide each other"
    if starred.height and set(starred["s"].to_list()) != {STAR}:
        assert check_anonymity(starred, ["q", "r"], ["s"], k=1, ell=ell, is_entropy=is_entropy).ok
    kept = [(a, b) for a, b in zip(table.rows(), safe.rows(), strict=True) if b[0] != STAR]
    assert all(a == b for a, b in kept)


@given(tables, tables, st.integers(1, 6))
@settings(deadline=None, max_examples=100)
def test_differences_agree_with_counting(before: list[tuple[Any, ...]], after: list[tuple[Any, ...]], k: int) -> None:
    a, b = Counter((r[0], r[1]) for r in before), Counter((r[0], r[1]) for r in after)
    want = {(*key, a[key], b[key]) for key in a | b if 0 < abs(a[key] - b[key]) < k}
    assert set(differences(framed(before), framed(after), ["q", "r"], k=k).rows()) == want
