"""Wording of an ad that the law forbids: where it stands, which law, and what to write instead. It is shown; it filters nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from leye.match.adverts.original import make_plain
from leye.packs import open_pack


@dataclass(frozen=True, slots=True)
class Law:
    """An article. is_verified False: cited from memory or from a notice, to be checked before anybody is blamed with it."""

    id: str
    zh: str
    en: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class WordingRule:
    """One kind of wording. ground: sex, age, marriage, hukou … · stops: an advert cannot be sent with it, False where the clause is open to reading ·
    cases, fine: wordings that it finds and leaves alone."""

    id: str
    ground: str
    find: re.Pattern[str]
    laws: tuple[Law, ...]
    rewrite_zh: str
    rewrite_en: str
    cases: tuple[str, ...]
    fine: tuple[str, ...]
    stops: bool

    @property
    def basis(self) -> str:
        """The articles, in Chinese; those to be checked are marked."""
        return "；".join(law.zh if law.is_verified else f"{law.zh}（待核实）" for law in self.laws)


@dataclass(frozen=True, slots=True)
class WordingFlag:
    """A place in the ORIGINAL text that a rule objects to. start, end: code points, end exclusive · said: the words there."""

    rule: WordingRule
    start: int
    end: int
    said: str


@cache
def _pack() -> Any:
    return yaml.safe_load(open_pack("adverts/wording.yaml").read_text(encoding="utf-8"))


@cache
def wording_rules() -> tuple[WordingRule, ...]:
    """Every rule of the pack, in its order."""
    laws = {k: Law(k, v["zh"], v["en"], v["verified"]) for k, v in _pack()["laws"].items()}
    return tuple(_rule(r, laws) for r in _pack()["wordings"])


def _rule(row: dict[str, Any], laws: dict[str, Law]) -> WordingRule:
    find = [row["find"]] if isinstance(row["find"], str) else row["find"]
    articles, rewrite = tuple(laws[x] for x in row["laws"]), row["rewrite"]
    return WordingRule(
        id=row["id"], ground=row["ground"], find=_any_of(find), laws=articles, rewrite_zh=rewrite["zh"], rewrite_en=rewrite["en"],
        cases=tuple(row["cases"]), fine=tuple(row["fine"]), stops=row.get("stops", True),
    )  # fmt: skip


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns))


@cache
def _exceptions() -> re.Pattern[str]:
    """Lawful words: protection at work, the people served, and demands that are expressly not made."""
    return _any_of(_pack()["exceptions"])


@cache
def _loosened() -> re.Pattern[str]:
    return re.compile(_pack()["loosened"])


def flags_of_wording(text: str) -> list[WordingFlag]:
    """What an employer should reword, by place; of two rules on one span the earlier in the pack speaks.

    >>> [(f.said, f.rule.ground) for f in flags_of_wording("限男性，35岁以下")]
    [('限男性', 'sex'), ('35岁以下', 'age')]
    """
    plain = make_plain(text)
    lawful = [m.span() for m in _exceptions().finditer(plain.text) if m.end() > m.start()]
    taken = list(lawful)
    found: list[WordingFlag] = []
    for rule in wording_rules():
        for match in rule.find.finditer(plain.text):
            start, end = match.span()
            if start == end or any(a < end and start < b for a, b in taken) or _loosened().match(plain.text, end):
                continue
            taken.append((start, end))
            a, b = plain.span(start, end)
            found.append(WordingFlag(rule, a, b, text[a:b]))
    return sorted(found, key=lambda f: (f.start, f.end))
