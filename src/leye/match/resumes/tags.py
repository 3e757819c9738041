"""Spans as tags of characters and back: B begins, I goes on, E ends, S stands alone, O is outside (BIOES)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """label: NAME, ORG, … · start, end: code points, end exclusive."""

    label: str
    start: int
    end: int


def to_tags(length: int, spans: Iterable[Span]) -> list[str]:
    """One tag a character. Raises ValueError for spans that overlap or leave the text."""
    tags = ["O"] * length
    for label, start, end in spans:
        if not 0 <= start < end <= length or any(t != "O" for t in tags[start:end]):
            raise ValueError(f"span outside the text or over another: {label} {start}–{end}")
        tags[start:end] = [f"S-{label}"] if end - start == 1 else [f"B-{label}", *[f"I-{label}"] * (end - start - 2), f"E-{label}"]
    return tags


def to_spans(tags: Sequence[str]) -> list[Span]:
    """Spans of tags; a span that lacks its beginning or end is taken as far as it goes, so that no reading is lost."""
    spans: list[Span] = []
    label, start = "", 0
    for at, tag in enumerate([*tags, "O"]):
        part, _, kind = tag.partition("-")
        if label and (part in "OBS" or kind != label):
            spans.append(Span(label, start, at))
            label = ""
        if part in "BSIE" and not label:
            label, start = kind, at
        if part in "ES" and label:
            spans.append(Span(label, start, at + 1))
            label = ""
    return spans
