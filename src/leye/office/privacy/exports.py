"""Every table that leaves the site as a file passes here: what may go as it is, what goes only with small classes suppressed, what does not go.

A table is declared by its file name. One that is not declared passes as long as its header names nothing of a person's file; so a new page cannot
leak by being forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from leye.kernel.errors import CheckFailed, NotAllowed
from leye.trust.privacy.purposes import OWN_DATA, purpose_called

K, ELL = 5, 2
"""Least size of a class, least number of sensitive values in it, where a declaration says nothing else. k = 5 is a usual rule for released records
(chosen by us); with l = 1 a class of five people with one common diagnosis would pass."""

IDENTIFIERS = frozenset({"name", "phone", "address", "id_number", "person_id", "household_id", "worker_id"})
"""Columns of a person's file that say who it is."""

MOST_FACTS = 1
"""How many other columns of a person's file an undeclared table may name: two begin to single people out. Chosen by us."""


@dataclass(frozen=True, slots=True)
class Export:
    """about: `own` (the asking person's own rows), `work` (a desk's list of tasks, pseudonyms and ids), `aggregate` (sums), `persons` (rows about
    people; then quasi and sensitive are held to k and ell).
    """

    about: str
    quasi: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    k: int = K
    ell: int = ELL


DECLARED: dict[str, Export] = {
    r"my-[a-z]+\.csv": Export("own"),
    r"decisions\.csv": Export("own"),
    r"today\.csv": Export("work"),
    r"claims\.csv": Export("work"),
    r"payment-conflicts\.csv": Export("work"),
    r"reads\.csv": Export("work"),
    r"data-requests\.csv": Export("work"),
    r"release-[0-9a-f-]+\.csv": Export("aggregate"),
    r"releases\.csv": Export("aggregate"),
    r"(cube|flows|groups|gaps)\.csv": Export("aggregate"),
    r"indicators?\.csv": Export("aggregate"),
    r"forecast-[a-z]+\.csv": Export("aggregate"),
}


def declare(pattern: str, export: Export) -> None:
    """Declare a table of another room by a pattern of its file name."""
    DECLARED[pattern] = export


def checked(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    """The rows that may leave under this name.

    Rows about persons come back with the quasi-identifiers of too small or too uniform classes as `*`; no row is dropped. Raises CheckFailed
    (E_ANONYMITY) when the whole table is too small for that, NotAllowed (E_EXPORT) when an undeclared table names columns of a person's file.
    """
    export = next((e for pattern, e in DECLARED.items() if re.fullmatch(pattern, name)), None)
    if export is None:
        _refuse_persons(name, header)
        return rows
    return _suppressed(header, rows, export) if export.about == "persons" else rows


def _refuse_persons(name: str, header: Sequence[str]) -> None:
    facts = set(header) & set(purpose_called(OWN_DATA).columns)
    named = facts & IDENTIFIERS
    if named or len(facts - {"region", "industry", "occupation"}) > MOST_FACTS:
        raise NotAllowed(
            f"表 {name} 里有个人资料的列：{'、'.join(sorted(named or facts))}",
            en=f"{name} names columns of a person's file: {', '.join(sorted(named or facts))}",
            remedy_zh="先在 office/privacy/exports.py 里登记这张表是关于谁的",
            remedy_en="declare in office/privacy/exports.py whom the table is about",
            code="E_EXPORT",
        )


def _suppressed(header: Sequence[str], rows: Iterable[Sequence[Any]], export: Export) -> Iterable[Sequence[Any]]:
    import polars as pl

    from leye.trust.privacy.anonymity import STAR, check_anonymity, suppressed

    table = pl.DataFrame([list(r) for r in rows], schema=list(header), orient="row", infer_schema_length=None)
    limits = {"k": export.k, "ell": export.ell if export.sensitive else 1}
    safe = suppressed(table, export.quasi, export.sensitive, **limits)
    starred = safe.filter(pl.col(export.quasi[0]).cast(pl.String) == STAR) if export.quasi else safe
    if not check_anonymity(safe, export.quasi, export.sensitive, **limits).ok and starred.height < export.k:
        raise CheckFailed(
            f"这张表太小，导出会认出人：至少要 {export.k} 行",
            en=f"the table is too small to leave: people would be recognised; at least {export.k} rows",
            remedy_zh="放宽筛选条件再导出",
            remedy_en="widen the filter, then export",
            code="E_ANONYMITY",
        )
    return safe.rows()
