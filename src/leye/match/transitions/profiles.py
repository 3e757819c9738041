"""Profiles of occupations, read from the pack and checked row by row: written by us, unverified until a city has had them read."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import NoReturn

from leye.kernel.codes import occupations
from leye.kernel.errors import BadInput, Place
from leye.match.columns import EDUCATION
from leye.packs import open_pack

WRITTEN_ON = date(2026, 11, 29)
"""Day on which the profiles were written; nobody of the trades has confirmed them."""
CONTEXT = ("heavy_lifting", "heights", "dust_noise", "long_standing", "outdoor", "screen", "shifts", "people", "alone")
CORE = 3
"""Highest importance of a skill: 3 core, 2 needed, 1 useful."""


@dataclass(frozen=True, slots=True)
class Skill:
    """hours: of training, from nothing to a working level · family: skills of one family carry over in part."""

    label: str
    hours: int
    family: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """hours: of course and preparation · basis: the law that asks for it."""

    name: str
    hours: int
    basis: str


@dataclass(frozen=True, slots=True)
class Profile:
    """An occupation. code: 7 digits · names: words in daily use, the commonest first · education: usually asked for, a word of EDUCATION or none ·
    months: to work unaided, from nothing · skills: label to importance 1–3 · required: certificates without which nobody may work, useful: others ·
    context: words of CONTEXT."""

    code: str
    names: tuple[str, ...]
    education: str
    months: int
    skills: Mapping[str, int]
    required: tuple[str, ...]
    useful: tuple[str, ...]
    context: tuple[str, ...]

    @property
    def name(self) -> str:
        """The commonest name."""
        return self.names[0]

    @property
    def official(self) -> str:
        """Name in the classification."""
        return occupations()[self.code].name


@cache
def skills() -> dict[str, Skill]:
    """Skills of the profiles by label. Raises BadInput with the line."""
    file = open_pack("transitions/skills.csv")
    return {r["label"]: Skill(r["label"], _whole(r["hours"], file, n, "hours"), r["family"]) for n, r in _rows(file)}


@cache
def certificates() -> dict[str, Certificate]:
    """Certificates by name. Raises BadInput with the line."""
    file = open_pack("transitions/certificates.csv")
    return {r["name"]: Certificate(r["name"], _whole(r["hours"], file, n, "hours"), r["basis"]) for n, r in _rows(file)}


@cache
def profiles() -> dict[str, Profile]:
    """Profiles of the pack by code, in its order."""
    return read_profiles(open_pack("transitions/occupations.csv"))


def read_profiles(file: Path) -> dict[str, Profile]:
    """Profiles of a file of the pack's form. Raises BadInput (E_PROFILE) with line, column and what is wrong: nothing is left out silently."""
    found: dict[str, Profile] = {}
    for n, row in _rows(file):
        profile = _profile(row, file, n)
        if profile.code in found:
            _refuse(file, n, "code", f"{profile.code} 出现了两次", f"{profile.code} stands twice")
        found[profile.code] = profile
    return found


def _profile(row: dict[str, str], file: Path, n: int) -> Profile:
    if row["code"] not in occupations():
        _refuse(file, n, "code", f"大典里没有 {row['code']}", f"{row['code']} is not in the classification")
    if row["education"] not in ("none", *EDUCATION):
        _refuse(file, n, "education", f"没有学历“{row['education']}”", f"no education {row['education']!r}")
    for word in _words(row["context"]):
        if word not in CONTEXT:
            _refuse(file, n, "context", f"没有工作环境“{word}”", f"no context {word!r}")
    held = _words(row["certificates"])
    for name in held:
        if name.rstrip("!") not in certificates():
            _refuse(file, n, "certificates", f"证书表里没有“{name}”", f"no certificate {name!r}")
    names = _words(row["names"])
    if not names:
        _refuse(file, n, "names", "没有名称", "no name")
    return Profile(
        row["code"], names, row["education"], _whole(row["months"], file, n, "months"), _importance(row["skills"], file, n),
        tuple(c[:-1] for c in held if c.endswith("!")), tuple(c for c in held if not c.endswith("!")), _words(row["context"]),
    )  # fmt: skip


def _importance(text: str, file: Path, n: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in _words(text):
        label, _star, weight = part.partition("*")
        if label not in skills() or weight not in {"1", "2", "3"} or label in found:
            _refuse(
                file, n, "skills", f"“{part}”不是“技能*1到3”，或重复，或技能表里没有", f"{part!r} is no skill of the table with a weight of 1 to 3"
            )
        found[label] = int(weight)
    if CORE not in found.values():
        _refuse(file, n, "skills", "没有一项核心技能（*3）", "no core skill (*3)")
    return found


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with file.open(encoding="utf-8", newline="") as lines:
        for n, row in enumerate(csv.DictReader(lines), start=2):
            if None in row or None in row.values():
                _refuse(file, n, "", "列数不对", "the number of columns is wrong")
            yield n, row


def _words(text: str) -> tuple[str, ...]:
    return tuple(w for w in text.split("|") if w)


def _whole(text: str, file: Path, n: int, column: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        _refuse(file, n, column, f"“{text}”应是大于0的整数", f"{text!r} must be a whole number above 0")
    return int(text)


def _refuse(file: Path, n: int, column: str, zh: str, en: str) -> NoReturn:
    raise BadInput(
        zh, en=en, remedy_zh="改好这一行再读", remedy_en="mend the line and read again", places=(Place(file.name, row=n, column=column or None),),
        code="E_PROFILE",
    )  # fmt: skip
