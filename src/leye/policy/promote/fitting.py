"""Sentences into messages or lines: each within its limit; what may be dropped is dropped from the last on; no word is cut in the middle."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from leye.policy.promote.channels import Channel, Size

_AFTER_COMMA = re.compile(r"(?<=[，、；])")
_WORDS = re.compile(r"(?<=\s)")
ENDS = {"zh": "。", "en": ". "}


def fitted(channel: Channel, sentences: dict[str, str], *, head: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """(parts, names of dropped sentences), or None when even the least does not fit."""
    dropped: list[str] = []
    spare = [s for s in channel.may_drop if s in sentences]
    is_latin = language == "en" and (not channel.is_encoded or all(text.isascii() for text in (head, *sentences.values())))
    size = channel.latin if is_latin else channel.size
    joint = "\n" if channel.is_listed else ""
    while True:
        kept = [_ended(name, text, language) for name, text in sentences.items() if name not in dropped]
        parts = _lines(size, kept, head) if size.line else _messages(size, kept, head, joint)
        if parts is not None:
            return parts, tuple(dropped)
        if not spare:
            return None
        dropped.append(spare.pop())


def _messages(size: Size, sentences: Sequence[str], head: str, joint: str) -> tuple[str, ...] | None:
    """One message where all fits, else several shorter ones: broken between sentences when they are few enough, else after commas too."""
    text = (f"{head}\n" if head else "") + joint.join(s.strip() if joint else s for s in sentences).strip()
    if len(text) <= size.part:
        return (text,)
    if size.parts < 2:
        return None
    for split in (_whole_when_short(size.joined_part), _pieces):
        parts = _packed([piece for s in sentences for piece in split(s)], size.joined_part)
        if parts is not None and len(parts) <= size.parts:
            return tuple(parts)
    return None


def _lines(size: Size, sentences: Sequence[str], head: str) -> tuple[str, ...] | None:
    """One sentence a line, longer ones on several."""
    lines = [head] if head else []
    for text in sentences:
        said = text.rstrip("。. ")
        broken = _packed(_pieces(said), size.line) or _packed(_WORDS.split(said) if said.isascii() else list(said), size.line)
        lines += broken or [said]
    fits = len(lines) <= size.lines and all(len(line) <= size.line for line in lines)
    return tuple(lines) if fits else None


def _packed(pieces: Sequence[str], room: int) -> list[str] | None:
    """Pieces one after the other in parts of at most `room` characters; None when a piece alone is longer."""
    parts = [""]
    for piece in pieces:
        if len(piece.strip()) > room:
            return None
        if len(parts[-1]) + len(piece.rstrip()) <= room:
            parts[-1] += piece
        else:
            parts.append(piece)
    return [p.strip() for p in parts]


def _whole_when_short(room: int) -> Callable[[str], list[str]]:
    return lambda sentence: [sentence] if len(sentence) <= room else _pieces(sentence)


def _pieces(sentence: str) -> list[str]:
    """Stretches between commas; in Latin letters between words."""
    return _WORDS.split(sentence) if sentence.isascii() else [p for p in _AFTER_COMMA.split(sentence) if p]


def _ended(name: str, text: str, language: str) -> str:
    """The sentence with its full stop; a greeting ends in a comma."""
    if name in ("greeting", "hail"):
        return text + ("，" if language == "zh" else ". ")
    if "\n" in text:
        return text
    return text.rstrip("。. ") + ENDS[language]
