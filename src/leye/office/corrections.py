"""A person mends a cell: the decision is stored beside the source's loads, and the source is read again."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from leye.intake.corrections import add_correction
from leye.kernel.errors import BadInput
from leye.office.accounts.models import User
from leye.office.jobs.actions import ask_for
from leye.office.jobs.models import JobRun
from leye.office.outbox.journal import audit
from leye.office.permissions import not_found, require
from leye.office.published import Row, published_snapshot


def correct_cell(
    *, source: str, file: str, sheet: str | None, row: int, column: str, raw: str, value: str, acting_user: User, at: datetime
) -> JobRun:
    """Read this quarantined cell as `value` from now on, and read the source again. The file itself is never changed.

    Raises NotFound when no such cell is in quarantine, BadInput when the value is what stands there already.
    """
    require(acting_user, "data.replay")
    cell = _quarantined(source, file, sheet, row, column, raw)
    text = value.strip()
    if text == (cell["raw"] or ""):
        raise BadInput(
            "新写的和原来一样", en="that is what it says already", remedy_zh="按建议改一改再存", remedy_en="change it as suggested, then save"
        )
    with transaction.atomic():
        job = ask_for("replay", {"source": source}, by=acting_user, at=at)
        audit("cell.corrected", on=job, by=acting_user, at=at, source=source, file=file, sheet=sheet, row=row, column=column)
        add_correction(
            settings.LEYE_DATA / "loads" / source,
            column=column,
            raw=cell["raw"] or "",
            value=text,
            by=acting_user.username,
            at=at,
            cell=(_sha256(source, file), sheet, row),
        )
    return job


def replay_source(source: str, *, acting_user: User, at: datetime) -> JobRun:
    """Read a source's files again with the corrections made so far. Raises NotFound on a source that the snapshot does not know."""
    require(acting_user, "data.replay")
    snapshot = published_snapshot()
    if snapshot is None or source not in {r["source"] for r in snapshot.rows("loads")}:
        raise not_found()
    return ask_for("replay", {"source": source}, by=acting_user, at=at)


def _quarantined(source: str, file: str, sheet: str | None, row: int, column: str, raw: str) -> Row:
    snapshot = published_snapshot()
    wanted = {"source": source, "file": file, "sheet": sheet, "row": row, "column": column}
    for found in snapshot.rows("quarantine") if snapshot else []:
        if all(found[k] == v for k, v in wanted.items()) and (found["raw"] or "") == raw:
            return found
    raise not_found()


def _sha256(source: str, file: str) -> str:
    snapshot = published_snapshot()
    assert snapshot is not None
    return next(str(r["sha256"]) for r in snapshot.rows("loads") if (r["source"], r["file"]) == (source, file))
