"""What of a title says the occupation: width, case, tags, traditional characters, brackets, pay, promises, places and employers taken off."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

import yaml

from leye.kernel.codes import current_regions
from leye.match.fold import simplified
from leye.packs import open_pack

_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[a-z!][^<>]*>", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[{【《〔<「][^)\]}】》〕>」]*[)\]}】》〕>」]")
_PAY = re.compile(
    r"(月薪|年薪|底薪|日薪|时薪|日结|周结|保底|无责底?薪?)?\d[\d.,]*\s*[-~—至到]?\s*[\d.,]*\s*(k|w|千|万|元|块|薪|%|/)+(/?(小时|月|天|日|年|时))?(以上|起)?"
)
_WORD = re.compile(r"[一-鿿a-z]")
_NOT_WORD = re.compile(r"[^一-鿿a-z+#]+")
_SUFFIX = re.compile(r"(特别行政区|自治区|自治州|自治县|地区|省|市|区|县|盟|旗)$")
_PEOPLES = re.compile(r"(壮族|回族|维吾尔|[一-鿿]{1,3}族)+$")
LONGEST = 200
"""Characters of a title that are read; real ones have under 60. # chosen by us: a pasted advert is cut, not refused"""


def clean_title(title: str) -> str:
    """Words of the occupation, small letters, segments separated by one blank; empty when nothing is left to code.

    >>> clean_title("<b>急聘</b>Ｊａｖａ開發工程師（杭州）15-20K"), clean_title("好味餐饮招聘厨师"), clean_title("招聘专员")
    ('java开发工程师', '厨师', '招聘专员')
    """
    plain = html.unescape(_TAG.sub(" ", _SCRIPT.sub(" ", html.unescape(title))))
    text = simplified(unicodedata.normalize("NFKC", plain)).lower()[:LONGEST]
    text = _kept(_BRACKETS.sub(" ", text), text)
    text = _after_call(_PAY.sub(" ", text))
    text = _kept(_noise().sub(" ", text), text)
    text = _kept(_places().sub(" ", text), text, least=2)
    return _NOT_WORD.sub(" ", text).strip()


def clean_name(name: str) -> str:
    """A name of the classification in the form of clean titles: nothing is taken off but case and punctuation."""
    return _NOT_WORD.sub(" ", simplified(unicodedata.normalize("NFKC", name)).lower()).strip()


def _kept(shorter: str, text: str, least: int = 1) -> str:
    """The shorter text, unless it lost every word: «(兼职)» in brackets alone is the title."""
    return shorter if len(_WORD.findall(shorter)) >= least else text


def _after_call(text: str) -> str:
    """What stands after «招聘», where that is not a job of recruiting; the employer's name stands before it."""
    found = _calls().search(text)
    return text if found is None else _kept(text[found.end() :], text, least=2)


@cache
def _words() -> dict[str, list[str]]:
    read: dict[str, list[str]] = yaml.safe_load(open_pack("occupations/cleaning.yaml").read_text(encoding="utf-8"))
    return read


def _any_of(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(set(words), key=lambda w: (-len(w), w))))


@cache
def _noise() -> re.Pattern[str]:
    return re.compile(_any_of(_words()["noise"]))


@cache
def _calls() -> re.Pattern[str]:
    return re.compile(f"({_any_of(_words()['calls'])})(?!{_any_of(_words()['recruiting'])})")


@cache
def _places() -> re.Pattern[str]:
    """Provinces and cities by full and short name, counties by full name and by short names of three characters or more."""
    names: set[str] = set()
    for code, spell in current_regions().items():
        short = _PEOPLES.sub("", _SUFFIX.sub("", spell.name)) or spell.name
        names.add(spell.name)
        if len(short) >= (2 if code.endswith("00") else 3):
            names.add(short)
    return re.compile(_any_of([simplified(n) for n in names if len(n) >= 2]))
