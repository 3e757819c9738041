"""Running a reform over the residents of the data folder: what pages, API and the job call. Reads only; nothing is written."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from leye.lake.snapshots import file_sha256
from leye.office.entitlements.files import packs_here, rules_day
from leye.office.permissions import require
from leye.office.reforms import refusals
from leye.policy import PackSet
from leye.policy.simulate import as_dict, reform_of_text, simulate
from leye.policy.simulate.reform import Reform

BY = ("region", "sex", "age_band")
MOST_CHARACTERS = 50_000
MOST_ROWS_AT_ONCE = 300_000
"""More residents than this are computed by the worker; chosen by us: about five seconds on one core (bench/policy_simulate)."""
KEPT = 24
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Found:
    """A simulation as its JSON form, with what it was computed from. text: the reform."""

    text: str
    on: date
    people_sha256: str
    body: dict[str, Any]


_kept: OrderedDict[tuple[Any, ...], tuple[PackSet, Found]] = OrderedDict()
"""The packs are kept with the answer, so that no other packs can ever have their id."""
_lock = threading.Lock()


def run(user: Any, text: str, *, by: Sequence[str] = BY, notified: bool = False, progress: Progress = lambda step, share: None) -> Found:
    """Simulate a reform on today's residents. Raises BadInput with the line of the text, E_NO_CITY, NotAllowed."""
    require(user, "reforms.edit")
    return found_for(text, by=by, notified=notified, progress=progress)


def found_for(text: str, *, by: Sequence[str] = BY, notified: bool = False, progress: Progress = lambda step, share: None) -> Found:
    """As `run`, for whoever has asked for the permission. Equal questions on equal data are answered from memory."""
    text = text.replace("\r\n", "\n")  # browsers send it so; the same reform must have the same hash
    reform, packs, on, file = read(text), packs_here(), rules_day(), people_table()
    stat = file.stat()
    key = (text, tuple(by), notified, on, id(packs), str(file), stat.st_mtime_ns, stat.st_size)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key][1]
    found = Found(text, on, file_sha256(file), _body(reform, packs, on, file, by, notified, progress))
    with _lock:
        _kept[key] = (packs, found)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def read(text: str) -> Reform:
    """The reform of a text. Raises BadInput with the line."""
    if len(text) > MOST_CHARACTERS:
        raise refusals.too_long(MOST_CHARACTERS)
    return reform_of_text(text, file="方案")


def people_table() -> Path:
    """The residents' file. Raises BadInput (E_NO_CITY)."""
    file = Path(settings.LEYE_DATA) / "city" / "people.parquet"
    if not file.exists():
        raise refusals.no_people()
    return file


def is_long() -> bool:
    """Whether there are so many residents that the worker computes."""
    import polars as pl

    return int(pl.scan_parquet(people_table()).select(pl.len()).collect().item()) > MOST_ROWS_AT_ONCE


def _body(reform: Reform, packs: PackSet, on: date, file: Path, by: Sequence[str], notified: bool, progress: Progress) -> dict[str, Any]:
    import polars as pl

    from leye.policy.simulate import fitted_record, record_rows
    from leye.policy.simulate.record_files import payments_and_notices

    people = pl.scan_parquet(file)
    known = people.collect_schema().names()
    has = {n: n in known or (n == "age_band" and "birth" in known) for n in by}
    wanted = [n for n in by if has[n] or tuple(by) != BY]  # the page's own choice does without; what somebody asked for is refused by name
    record = None
    if any((file.parent / f"{name}.parquet").exists() for name in ("payments", "notices")) and reform.take_up is None:
        payments, notices = payments_and_notices(file.parent)
        record = fitted_record(record_rows(people, packs, on, payments=payments, notices=notices), seed=0)
    told = lambda step, done, of: progress(step, done / of)  # noqa: E731
    found = simulate(packs, reform, people, on, by=wanted, notified=notified, record=record, told=told)
    return as_dict(found)
