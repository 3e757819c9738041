"""Shared normalisation of a cell: footnote marks first, then widths and dashes; signs keep their meaning.

Unicode's own compatibility folding is not used as a whole: it would turn `88②` into `882` and lose which dash was typed.
"""

from __future__ import annotations

import re
import unicodedata

_CIRCLED = "\u2460-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf"
_SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹"
FOOTNOTE = re.compile(
    rf"[（(\[【〔]\s*注\s*[0-9０-９一二三四五六七八九十]{{0,3}}\s*[）)\]】〕]|[\[［【〔]\s*[0-9０-９]{{1,2}}\s*[\]］】〕]|[{_CIRCLED}{_SUPERSCRIPT}†‡※]|^[*＊]+(?=.)|[*＊]+$"
)
"""Marks that point to a note: （注1） [2] ① ² and a trailing *."""

EXCEL_ERROR = re.compile(r"#(N/A|[A-Z0-9/]+[!?]|#+|GETTING_DATA)|Err:\d{3}", re.IGNORECASE)
EXCEL_FLOAT = re.compile(r"\d+(\.\d+)?E\+?\d{1,2}", re.IGNORECASE)
"""A long number as a spreadsheet shows it after losing digits: 1.1E+17."""

_INVISIBLE = dict.fromkeys([0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF])
_FOLD: dict[int, str | None] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FOLD.update(_INVISIBLE)
_FOLD.update({ord(c): " " for c in "\t\r\n\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"})
_FOLD.update({ord(c): "-" for c in "‐‑−﹣－"})
_FOLD.update({ord(c): "~" for c in "〜∼∽～﹏"})
_FOLD.update({ord(a): b for a, b in zip("￥﹪﹕∶︰﹐﹑﹒﹔〔〕【】﹝﹞", "¥%:::,、.;()()()", strict=True)})
_FOLD.update({ord(a): b for a, b in zip("萬億圓個號時區縣業職電餘減漲單兩負歲", "万亿元个号时区县业职电余减涨单两负岁", strict=True)})

LONG_DASH = "–—―─━ー"
"""Dashes that may be a range, a missing value or a typist's minus: never read as a sign."""


def words(text: str) -> tuple[str, ...]:
    """The words of a list that is written as one text with blanks between; keeps vocabularies readable."""
    return tuple(text.split())


def without_footnotes(raw: str) -> tuple[str, bool]:
    """The text without its footnote marks, and whether there were any."""
    bare = FOOTNOTE.sub("", raw.strip())
    return bare, bare != raw.strip()


def fold(text: str) -> str:
    """Half width, one kind of minus, tilde, colon and yuan sign, plain blanks, simplified unit characters; radicals as characters."""
    if text.isascii():
        return re.sub(r"[\t\r\n\v\f]", " ", text).strip()
    text = text.translate(_FOLD)
    if re.search("[\u2e80-\u2fdf\uf900-\ufaff]", text):
        text = "".join(unicodedata.normalize("NFKC", c) if "\u2e80" <= c <= "\u2fdf" or "\uf900" <= c <= "\ufaff" else c for c in text)
    return text.strip()


def dashes_as_range(text: str) -> str:
    """Every long dash and tilde as `-`, for kinds where a dash between two figures is a range."""
    return re.sub(rf"[{LONG_DASH}]+|~+|--+", "-", text)
