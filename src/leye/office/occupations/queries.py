"""Reading occupation codes: the table of a month, a title coded by hand, what waits for a person in the city's adverts, corrections, candidates."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.db.models import QuerySet

from leye.match.occupations.cleaning import clean_name, clean_title
from leye.match.occupations.coder import Coded, code_titles
from leye.match.occupations.corrections import Override
from leye.match.occupations.model import shipped_model
from leye.match.occupations.newcomers import Advert, Newcomer, newcomers
from leye.match.occupations.table import Class, Table, names_of_classes, table_of
from leye.office.occupations.models import Correction, NewcomerDecision
from leye.office.permissions import require

CHOICES = 5
MOST_FOUND = 50
"""Classes that a search shows. # chosen by us: who sees fifty narrows the words"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A title of the city's adverts that the coder asks about. ads: how many carry it."""

    title: str
    clean: str
    ads: int
    coded: Coded


def overrides() -> tuple[Override, ...]:
    """Corrections that stand, oldest first, as the coder takes them."""
    rows = Correction.objects.filter(undone_at=None).order_by("at", "id").values_list("clean", "to_code", "valid_from")
    return tuple(Override(clean, code, since, "人工更正") for clean, code, since in rows)


def coded_by_hand(title: str, month: str, top: int = CHOICES) -> Coded:
    """A title with five choices, by the table of the month, corrections first. Raises BadInput (E_TABLE_MONTH)."""
    return code_titles([title], shipped_model(), table_of(month), top=top, overrides=overrides())[0]


@cache
def _names() -> tuple[tuple[str, str], ...]:
    """(code, name as it is searched), read once: cleaning 27,000 names takes a tenth of a second."""
    return tuple((code, clean_name(name).replace(" ", "")) for code, name, _kind in names_of_classes())


def search(words: str, table: Table) -> list[Class]:
    """Classes whose code begins with the words, or one of whose names contains them; lowest level first, then by code."""
    asked = clean_name(words).replace(" ", "")
    digits = words.replace("-", "").strip()
    if digits.isdigit():
        found = {c for c in table.classes if c.startswith(digits.rstrip("0") or digits)}
    elif asked:
        found = {code for code, name in _names() if asked in name}
        found |= {c.code for c in table.classes.values() if asked in clean_name(c.name).replace(" ", "")}
    else:
        return []
    return sorted((table.classes[c] for c in found if c in table.classes), key=lambda c: (-c.level, c.code))[:MOST_FOUND]


def queue(user: Any, month: str) -> list[Waiting]:
    """Titles of the city's adverts that wait for a person, the commonest first."""
    require(user, "occupations.view")
    held = _adverts()
    coded = dict(zip(held, _coded(tuple(held), month, overrides()), strict=True))
    return [Waiting(t, clean_title(t), n, coded[t]) for t, n in held.items() if coded[t].abstain]


def corrections(user: Any) -> QuerySet[Correction]:
    """All corrections, newest first; those taken back as well."""
    require(user, "occupations.view")
    return Correction.objects.select_related("by", "undone_by")


def candidates_now(user: Any) -> list[Newcomer]:
    """Clusters of unsure titles that rise at three employers or more, without those that somebody decided on."""
    require(user, "occupations.view")
    file = _file()
    if not file.exists():
        return []
    rows = pl.read_parquet(file, columns=["title", "firm_id", "posted_on"]).drop_nulls().with_columns(pl.col("posted_on").dt.strftime("%Y-%m"))
    last = rows["posted_on"].max()
    if last is None:
        return []
    titles = sorted(set(rows["title"]))
    unsure = dict(zip(titles, (c.abstain for c in _coded(tuple(titles), str(last), overrides())), strict=True))
    decided = set(NewcomerDecision.objects.values_list("name", flat=True))
    adverts = (Advert(month, firm, clean_title(title), unsure[title]) for title, firm, month in rows.iter_rows())
    return [n for n in newcomers(adverts, str(last)) if n.name not in decided]


def decided_newcomers(user: Any) -> QuerySet[NewcomerDecision]:
    """What was decided on candidates, newest first."""
    require(user, "occupations.view")
    return NewcomerDecision.objects.select_related("by")


def _file() -> Path:
    return Path(settings.LEYE_DATA) / "city" / "jobs.parquet"


def _adverts() -> dict[str, int]:
    """Title to number of adverts, commonest first."""
    if not _file().exists():
        return {}
    counted = Counter(t for t in pl.read_parquet(_file(), columns=["title"])["title"] if t)
    return dict(sorted(counted.items(), key=lambda x: (-x[1], x[0])))


@lru_cache(maxsize=8)
def _coded(titles: tuple[str, ...], month: str, standing: tuple[Override, ...]) -> tuple[Coded, ...]:
    """Coded once for equal adverts, month and corrections."""
    return tuple(code_titles(titles, shipped_model(), table_of(month), top=CHOICES, overrides=standing))
