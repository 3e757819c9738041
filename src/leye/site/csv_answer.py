"""Tables as CSV: UTF-8 with a mark that spreadsheets understand, unknown as an empty cell, no formula can start a cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.http import HttpResponse

from leye.office.privacy.exports import checked
from leye.site.file_answer import file_answer

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A download called `name`, of the rows that may leave under that name."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(v) for v in row] for row in checked(name, header, rows))
    return file_answer("\ufeff" + text.getvalue(), name, "text/csv; charset=utf-8")


def _cell(value: object) -> object:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(_STARTS_FORMULA):
        return "'" + value  # a spreadsheet would run it
    return value
