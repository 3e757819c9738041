"""One door to all cell parsers: the kind and its context in, a function from raw text to an outcome out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import TypeAlias

from leye.intake.cells.number import parse_number
from leye.intake.cells.outcome import Outcome
from leye.intake.cells.period import period_parser, reference_period
from leye.intake.cells.region import region_parser
from leye.kernel.errors import BadInput
from leye.kernel.period import Month, Period

Reader: TypeAlias = Callable[[str], Outcome]

KINDS = ("salary", "period", "number", "region", "industry", "occupation", "person_id", "org_id")


def parse(
    kind: str, raw: str, *, period: str | Month | Period | None = None, home: str | None = None, today: date | None = None
) -> Outcome:
    """Parse one cell.

    kind: one of KINDS · period: the current period, as text (`2022-08`) or typed · home: name or code of the home province or city ·
    today: births after it are impossible (person_id only; without it none is too late).
    Never raises on any `raw`; raises BadInput when kind, period or home cannot be read.
    """
    return cell_parser(kind, period=period, home=home, today=today)(raw)


@lru_cache(maxsize=512)
def cell_parser(
    kind: str, *, period: str | Month | Period | None = None, home: str | None = None, today: date | None = None
) -> Reader:
    """The parser of a kind with its context resolved once; for columns. Arguments and errors as for `parse`."""
    reference = reference_period(period)
    if kind == "number":
        return parse_number
    if kind == "period":
        return period_parser(reference)
    if kind == "region":
        return region_parser(reference, home)
    raise BadInput(
        f"没有“{kind}”这种单元格", en=f"no cell kind {kind!r}", remedy_zh="可用：" + " ".join(KINDS), remedy_en="one of " + " ".join(KINDS)
    )
