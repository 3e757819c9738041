"""A reason given to a person: one sentence in Chinese and English, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """`basis` is a law clause, a rule id, a run id or the page that argues it; a reason without basis is refused."""

    zh: str
    en: str
    basis: str
    code: str = ""

    def __post_init__(self) -> None:
        if not (self.zh and self.en and self.basis):
            raise ValueError("a reason needs its text in both languages and a basis")
