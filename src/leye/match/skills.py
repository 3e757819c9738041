"""The skill table: skills found in a text by their label or one of their other names, and the trades that make skills neighbours.

Labels (`label_zh`) are what the columns `skills`, `skills_required` and `project_skills` hold. Data: `packs/skills/` with its README.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from leye.match.fold import fold, half_width
from leye.packs import open_pack


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill. id: stable, `group.name` · label: Chinese name, unique · en: English name · group: id of its trade · aliases: other names."""

    id: str
    label: str
    en: str
    group: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundSkill:
    """A skill's name in a text. start, end: code points of the text as given, end exclusive."""

    skill: Skill
    start: int
    end: int


@cache
def skills() -> tuple[Skill, ...]:
    """Every skill, in the order of the table."""
    with open_pack("skills/skills.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Skill(r["id"], r["label_zh"], r["label_en"], r["group"], tuple(a for a in r["aliases"].split("|") if a)) for r in csv.DictReader(file)
        )


@cache
def groups() -> dict[str, tuple[str, str]]:
    """Trades: id to (Chinese, English) name."""
    with open_pack("skills/groups.csv").open(encoding="utf-8", newline="") as file:
        return {r["id"]: (r["zh"], r["en"]) for r in csv.DictReader(file)}


@cache
def _by_label() -> dict[str, Skill]:
    return {s.label: s for s in skills()}


@cache
def _by_name() -> dict[str, Skill]:
    return {fold(name): s for s in skills() for name in (s.label, *s.aliases)}


@cache
def _by_start() -> dict[str, list[tuple[str, str, Skill]]]:
    """First two folded characters to (folded name, name as written, skill), longest first."""
    table: dict[str, list[tuple[str, str, Skill]]] = {}
    for skill in skills():
        for name in (skill.label, *skill.aliases):
            table.setdefault(fold(name)[:2], []).append((fold(name), name, skill))
    return {start: sorted(names, key=lambda n: (-len(n[0]), n[0])) for start, names in table.items()}


def labelled(label: str) -> Skill | None:
    """The skill of that label, None when the table has none."""
    return _by_label().get(label)


def normalise(name: str) -> str | None:
    """The label that a whole name stands for; None when the table does not know it.

    >>> normalise("氩弧")
    '氩弧焊'
    """
    skill = _by_name().get(fold(name.strip()))
    return skill.label if skill else None


def find(text: str) -> list[FoundSkill]:
    """Skills named in a text, by the longest name from the left, none overlapping; a Latin name is found as a whole word only.

    >>> [(f.skill.label, f.start, f.end) for f in find("会C++和氩弧焊")]
    [('C++编程', 1, 4), ('氩弧焊', 5, 8)]
    """
    folded, written, table = fold(text), half_width(text), _by_start()
    found: list[FoundSkill] = []
    at = 0
    while at < len(folded) - 1:
        hit = next((h for h in table.get(folded[at : at + 2], ()) if folded.startswith(h[0], at) and _is_word(h, folded, written, at)), None)
        if hit is None:
            at += 1
            continue
        found.append(FoundSkill(hit[2], at, at + len(hit[0])))
        at += len(hit[0])
    return found


def _is_word(hit: tuple[str, str, Skill], folded: str, written: str, at: int) -> bool:
    """Latin names end where the word ends (`Java` is not in `JavaScript`; a version may follow), and those of two letters keep their capitals."""
    name, as_written, _skill = hit
    end = at + len(name)
    if _is_latin(name[0]) and at > 0 and _is_latin(folded[at - 1]):
        return False
    if _is_latin(name[-1]) and end < len(folded) and (_is_letter(folded[end]) or (len(name) < 3 and _is_latin(folded[end]))):
        return False
    return not (len(name) <= 2 and name.isascii()) or written[at:end] == half_width(as_written)


def _is_letter(char: str) -> bool:
    return "a" <= char <= "z"


def _is_latin(char: str) -> bool:
    return _is_letter(char) or "0" <= char <= "9"


def neighbours(label: str) -> tuple[str, ...]:
    """Labels of the same trade without the label itself; none for a label that the table does not know."""
    skill = labelled(label)
    return () if skill is None else tuple(s.label for s in skills() if s.group == skill.group and s.label != label)


def are_neighbours(one: str, other: str) -> bool:
    """Whether two different labels belong to one trade."""
    a, b = labelled(one), labelled(other)
    return a is not None and b is not None and a.id != b.id and a.group == b.group
