"""Where an advert's own text says what an item cites: code points of the text, end exclusive."""

from __future__ import annotations

import re

from leye.match.ranking.item import Item
from leye.match.ranking.profile import Advert
from leye.match.ranking.wording import say_fact
from leye.match.ranking.words import found_at

_PAY = re.compile(r"\d[\d.,]*\s*[kK千万]?\s*(?:[-–—~至到]\s*\d[\d.,]*\s*)?(?:[kK千万]\s*元?|元)(?:\s*[/每]?\s*(?:月|天|日|小时|时|年))?")
_YEARS = re.compile(r"[\d一二两三四五六七八九十]+\s*年(?:以上|及以上)?[^，。；,;\n]{0,8}经[验历]")
_SCHOOLING = re.compile(r"(?:小学|初中|高中|中专|大专|专科|本科|学士|硕士|博士|学历不限|不限学历)(?:及?以上)?(?:学历|文化)?")
_PATTERNS = {"pay": _PAY, "relevant_years": _YEARS, "total_years": _YEARS, "education": _SCHOOLING}
_PATTERN = ""
"""Marks a remembered place as a feature's own pattern; no word is empty."""


def ad_span(item: Item, job: Advert) -> tuple[int, int] | None:
    """The first place of one of the item's words, or of the pattern of its feature; None when the text does not say it."""
    text = job.row["text"] or ""
    if not text:
        return None
    by_pattern = item.feature in _PATTERNS and "ad" in item.facts
    sought = (_PATTERN, item.feature) if by_pattern else item.words or _told(item)
    if sought not in job.spans:
        job.spans[sought] = _pattern_at(item.feature, text) if by_pattern else _words_at(sought, text)
    return job.spans[sought]


def _told(item: Item) -> tuple[str, ...]:
    """Names of the closed vocabularies that the item cites."""
    return tuple(say_fact(p, "zh") for p in item.facts.get("ad", "").split("、") if p.startswith(("word:", "city:", "code:")))


def _pattern_at(feature: str, text: str) -> tuple[int, int] | None:
    found = _PATTERNS[feature].search(text)
    return found.span() if found else None


def _words_at(words: tuple[str, ...], text: str) -> tuple[int, int] | None:
    return next((at for at in (found_at(w, text) for w in words) if at), None)
