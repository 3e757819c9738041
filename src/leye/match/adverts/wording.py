"""Wording of an ad that the law forbids: where it stands, which law, and what to write instead. It is shown; it filters nobody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

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
    """One kind of wording. ground: sex, age, marriage, hukou … · cases, fine: wordings that it finds and leaves alone."""

    id: str
    ground: str
    find: re.Pattern[str]
    laws: tuple[Law, ...]
    rewrite_zh: str
    rewrite_en: str
    cases: tuple[str, ...]
    fine: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordingFlag:
    """A place in the ORIGINAL text that a rule objects to. start, end: code points, end exclusive · said: the words there."""

    rule: WordingRule
    start: int
    end: int
    said: str


@cache
def wording_rules() -> tuple[WordingRule, ...]:
    """Every rule of the pack, in its order."""
    told = yaml.safe_load(open_pack("adverts/wording.yaml").read_text(encoding="utf-8"))
    laws = {k: Law(k, v["zh"], v["en"], v["verified"]) for k, v in told["laws"].items()}
    return tuple(
        WordingRule(
            r["id"],
            r["ground"],
            re.compile(r["find"]),
            tuple(laws[x] for x in r["laws"]),
            r["rewrite"]["zh"],
            r["rewrite"]["en"],
            tuple(r["cases"]),
            tuple(r["fine"]),
        )
        for r in told["wordings"]
    )


@cache
def _exceptions() -> re.Pattern[str]:
    """Lawful words: protection at work, the people served, and demands that are expressly not made."""
    told = yaml.safe_load(open_pack("adverts/wording.yaml").read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{e})" for e in told["exceptions"]))


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
            if start == end or any(a < end and start < b for a, b in taken):
                continue
            taken.append((start, end))
            a, b = plain.span(start, end)
            found.append(WordingFlag(rule, a, b, text[a:b]))
    return sorted(found, key=lambda f: (f.start, f.end))
