"""Words about noisy releases: questions, groups and values in the page's language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from leye.office.privacy.models import Release
from leye.site.words import is_english, pick
from leye.trust.privacy.datasets import UNKNOWN, Dataset, Group


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One line of a release. names: words of its values · count: with noise · low, high: what the truth is within, 95 % (never below 0)."""

    names: tuple[str, ...]
    count: int
    low: int
    high: int


def question_words(made: Release, known: Dataset | None) -> str:
    """居民按区、性别（年龄段 25-34 岁）."""
    said = json.loads(made.query)
    if known is None:
        return made.query
    comma = ", " if is_english() else "、"
    by = comma.join(group_words(known, name) for name in said["by"])
    where = comma.join(f"{group_words(known, name)} {value_words(known, name, value)}" for name, value in said["where"].items())
    title = pick(known.zh, known.en)
    text = _("%(what)s 按%(by)s") % {"what": title, "by": by} if by else _("%(what)s 总数") % {"what": title}
    return _("%(text)s（%(where)s）") % {"text": text, "where": where} if where else text


def group_words(known: Dataset, name: str) -> str:
    """A group's name; one that is no longer declared as it is written."""
    group = known.groups.get(name)
    return pick(group.zh, group.en) if group else name


def value_words(known: Dataset, name: str, value: str) -> str:
    """A value of a group."""
    if value == UNKNOWN:
        return _("未知")
    group: Group | None = known.groups.get(name)
    words = group.words.get(value) if group else None
    return pick(*words) if words else value


def shown_cells(made: Release, known: Dataset | None) -> list[ShownCell]:
    """All cells in words, in the order of the release."""
    by: Sequence[str] = json.loads(made.query)["by"]
    half = int(made.accuracy)
    return [_shown(row, by, half, known) for row in made.cells]


def _shown(row: Sequence[Any], by: Sequence[str], half: int, known: Dataset | None) -> ShownCell:
    *values, count = row
    names = tuple(value_words(known, name, value) if known else value for name, value in zip(by, values, strict=True))
    return ShownCell(names or (_("总数"),), count, max(0, count - half), max(0, count + half))
