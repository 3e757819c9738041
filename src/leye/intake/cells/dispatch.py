"""One door to all cell parsers: the kind and its context in, a function from raw text to an outcome out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import TypeAlias

from leye.intake.cells.industry import parse_industry
from leye.intake.cells.number import parse_number
from leye.intake.cells.occupation import parse_occupation
from leye.intake.cells.org_id import parse_org_id
from leye.intake.cells.outcome import Outcome
from leye.intake.cells.period import period_parser, reference_period
from leye.intake.cells.person_id import person_id_parser
from leye.intake.cells.region import region_parser
from leye.intake.cells.salary import parse_salary
from leye.kernel.errors import BadInput
from leye.kernel.period import Month, Period

Reader: TypeAlias = Callable[[str], Outcome]

_PLAIN: dict[str, Reader] = {
    "salary": parse_salary,
    "number": parse_number,
    "industry": parse_industry,
    "occupation": parse_occupation,
    "org_id": parse_org_id,
}
KINDS = ("salary", "period", "number", "region", "industry", "occupation", "person_id", "org_id")


def parse(kind: str, raw: str, *, period: str | Month | Period | None = None, home: str | None = None, today: date | None = None) -> Outcome:
    """Parse one cell.

    kind: one of KINDS · period: the current period, as text (`2022-08`) or typed · home: name or code of the home province or city ·
    today: births after it are impossible (person_id only; without it none is too late).
    Never raises on any `raw`; raises BadInput when kind, period or home cannot be read.
    """
    return cell_parser(kind, period=period, home=home, today=today)(raw)


@lru_cache(maxsize=512)
def cell_parser(kind: str, *, period: str | Month | Period | None = None, home: str | None = None, today: date | None = None) -> Reader:
    """The parser of a kind with its context resolved once; for columns. Arguments and errors as for `parse`."""
    if kind not in KINDS:
        known = " ".join(KINDS)
        raise BadInput(f"没有“{kind}”这种单元格", en=f"no cell kind {kind!r}", remedy_zh=f"可用：{known}", remedy_en=f"one of {known}")
    reference = reference_period(period)
    region = region_parser(reference, home)
    if kind == "region":
        return region
    if kind == "period":
        return period_parser(reference)
    return person_id_parser(today) if kind == "person_id" else _PLAIN[kind]
