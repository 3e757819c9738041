"""Bytes to text: a byte order mark decides, else the encodings in order, strictly. Never a replacement character, never a guess."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from leye.kernel.errors import BadInput, Place

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(data: bytes, encodings: Sequence[str], *, file: str) -> tuple[str, str]:
    """Text and the encoding that fitted. Raises BadInput (E_ENC) with the byte offset where the best try stopped."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strict(data, [name], file=file)
    return _strict(data, encodings, file=file)


def _strict(data: bytes, encodings: Sequence[str], *, file: str) -> tuple[str, str]:
    furthest = 0
    for name in encodings:
        try:
            text = data.decode(name)
        except UnicodeDecodeError as error:
            furthest = max(furthest, 0 if _is_unmarked_utf_16(data, name) else error.start)
            continue
        nul = text.find("\0")  # UTF-16 without a mark passes as UTF-8 or GB18030, full of NULs
        if _is_unmarked_utf_16(data, name) and not any(c in text for c in "\n,\t;"):
            continue
        fitted = "utf-8" if name == "utf-8-sig" and not data.startswith(codecs.BOM_UTF8) else name
        if nul < 0:
            return text, fitted
        furthest = max(furthest, len(text[:nul].encode(fitted)))
    raise BadInput(
        f"文字编码不对：试过 {'、'.join(encodings)}，都在第 {furthest} 个字节处（从 0 数）读不下去",
        en=f"no encoding fits: tried {', '.join(encodings)}; stuck at byte offset {furthest}",
        remedy_zh="请用 Excel 另存为“CSV UTF-8”，或在说明的 read.encoding 里写上实际编码",
        remedy_en="save as CSV UTF-8, or name the real encoding in read.encoding",
        places=(Place(file),),
        code="E_ENC",
    )


def _is_unmarked_utf_16(data: bytes, name: str) -> bool:
    """Any even number of bytes is UTF-16 to Python. Without a mark only a text with a line break or a separator in it is taken for one, and how
    far the try got says nothing: a UTF-8 file with one NUL in it would else come out as rare characters, and its columns as missing."""
    has_mark = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return codecs.lookup(name).name.startswith("utf-16") and not has_mark
