"""A sentence in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said in both languages; empty when there is nothing to say."""

    zh: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.zh)

    def word(self, language: str) -> str:
        """The text of `zh` or `en`; Chinese where the English is missing."""
        return self.en if language == "en" and self.en else self.zh
