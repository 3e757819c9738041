"""An advert made plain for reading, with the way back: full width, traditional characters, HTML and invisible characters."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from leye.match.fold import traditional

_KEPT_WIDE = "，；！？"  # ends of clauses; everything else of the full-width block becomes ASCII
_MARKUP = re.compile(
    r"(?P<dropped><(?P<kind>script|style)\b[^>]*>.*?</(?P=kind)\s*>|<!--.*?-->)|<(?P<tag>/?[a-zA-Z][a-zA-Z0-9]{0,15})(?:\s[^<>]{0,2000})?/?>"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,10});)|(?P<hidden>[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e]+)",
    re.DOTALL | re.IGNORECASE,
)
_BREAKING = {"p", "br", "li", "ul", "ol", "div", "tr", "td", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "hr", "dd", "dt"}
_NEEDS_MAP = re.compile(r"[<&\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e]")


@dataclass(frozen=True, slots=True)
class Plain:
    """text: what rules read · places: index in the original of every character of `text`, None when the two agree one for one."""

    text: str
    places: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the original, end exclusive; start < end."""
        return (start, end) if self.places is None else (self.places[start], self.places[end - 1] + 1)


@cache
def _table() -> dict[int, int]:
    """One character for one: full width to ASCII, traditional to simplified, dashes and spaces to one kind each."""
    table = traditional() | {0xFF01 + k: 0x21 + k for k in range(0x5E) if chr(0xFF01 + k) not in _KEPT_WIDE}
    table |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)  # halves of characters, which no file can hold
    table |= dict.fromkeys(map(ord, "—–―‐‑‒−─﹣－"), ord("-")) | dict.fromkeys(map(ord, "～〜∼﹏"), ord("~"))
    table |= dict.fromkeys(map(ord, "\u3000\xa0\u2002\u2003\u2009\t"), ord(" ")) | dict.fromkeys(map(ord, "\r\x0b\x0c\u2028"), ord("\n"))
    return (
        table
        | dict.fromkeys(map(ord, "｜¦│丨"), ord("|"))
        | dict.fromkeys(map(ord, "•●・‧∙⋅"), ord("·"))
        | {ord("〜"): ord("~"), ord("￥"): ord("¥"), ord("﹢"): ord("+")}
    )


def make_plain(text: str) -> Plain:
    """The advert as rules read it. Scripts, styles and comments are left out whole; a block tag is a line break.

    >>> plain = make_plain("薪資<b>５K</b>&nbsp;")
    >>> plain.text, plain.span(2, 4)
    ('薪资5K ', (5, 7))
    """
    if not _NEEDS_MAP.search(text):
        return Plain(text.translate(_table()), None)
    pieces: list[str] = []
    places: list[int] = []
    for at, piece in _pieces(text):
        pieces.append(piece)
        places += range(at, at + len(piece)) if text.startswith(piece, at) else [at] * len(piece)
    return Plain("".join(pieces).translate(_table()), tuple(places))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """(place, text that stays) from left to right."""
    end = 0
    for found in _MARKUP.finditer(text):
        if found.start() > end:
            yield end, text[end : found.start()]
        end = found.end()
        if found["entity"]:
            # one character stands for the entity; a longer reading would have no place of its own
            yield found.start(), html.unescape(found["entity"])[:1]
        elif found["tag"] and found["tag"].lstrip("/").lower() in _BREAKING:
            yield found.start(), "\n"
    if end < len(text):
        yield end, text[end:]
