"""Minimum necessary (最小必要): names that no algorithm may use, and protected attributes that need a clause. Read from the law pack."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from leye.packs import open_pack
from leye.trust.registry.card import Words

LONG = 8  # letters; chosen by us: "microphone" turns up in no other word, "gait" might
_SEPARATORS = re.compile(r"[\s_\-.]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of data and every way in which its name is written. is_banned: may not be used at all; otherwise only where a clause demands it."""

    id: str
    words: Words
    why: Words
    names: frozenset[str]
    is_banned: bool


@lru_cache(maxsize=4)
def groups(file: Path | None = None) -> tuple[Group, ...]:
    """All groups of the pack, banned ones first."""
    with (file or open_pack("law/minimum.yaml")).open(encoding="utf-8") as stream:
        body = yaml.safe_load(stream)
    found = []
    for key in ("banned", "protected"):
        for row in body[key]:
            why = Words(row.get("why_zh", ""), row.get("why_en", ""))
            found.append(Group(row["id"], Words(row["zh"], row["en"]), why, frozenset(plain(n) for n in row["names"]), key == "banned"))
    return tuple(found)


def plain(name: str) -> str:
    """A name without case and separators, so that Step-Count, step_count and stepCount are one.

    >>> plain("stepCount"), plain("Step-Count")
    ('step_count', 'step_count')
    """
    return "_".join(part for part in _SEPARATORS.split(_CAMEL.sub("_", name).lower()) if part)


@lru_cache(maxsize=65_536)
def group_of(name: str, *, is_code: bool = False) -> Group | None:
    """The group that a name belongs to: as a whole, as a run of whole words within it (`rider_step_count`), or written together (`stepcount`).

    Chinese names on a card count when they contain one of the pack's; in code (is_code) only as a whole, because data files hold sentences.
    """
    wanted = f"_{plain(name)}_"
    for group in groups():
        for entry in group.names:
            if f"_{entry}_" in wanted or _is_within(entry, wanted) or (not is_code and not entry.isascii() and entry in wanted):
                return group
    return None


def _is_within(entry: str, wanted: str) -> bool:
    """Whether a name holds the entry written together: as one of its words, or anywhere where it is long enough not to turn up in other words."""
    joined = entry.replace("_", "")
    return entry.isascii() and (f"_{joined}_" in wanted or (len(joined) >= LONG and joined in wanted.replace("_", "")))
