"""The words that somebody gives for a step: how short says nothing, how much is kept. One measure for every desk."""

from __future__ import annotations

from leye.kernel.errors import BadInput

SHORTEST_REASON = 4
"""Characters after trimming. # chosen by us: “好”, “误报” and “不行” explain nothing to whoever reads them a year later"""
LONGEST_REASON = 500
LONGEST_ACCOUNT = 2_000
"""Characters kept of an account of what was done: evidence, results, findings of the register."""


def says_too_little(words: str) -> bool:
    """Whether the words are too short to be a reason."""
    return len(words.strip()) < SHORTEST_REASON


def reason_of(words: str, zh: str = "理由", en: str = "a reason", *, otherwise: BadInput | None = None, longest: int = LONGEST_REASON) -> str:
    """The words as they are kept. zh, en: what they are, for the refusal · otherwise: a refusal that says more than the usual one.

    Raises BadInput (E_REASON).
    """
    if says_too_little(words):
        raise otherwise or _missing(zh, en)
    return words.strip()[:longest]


def account_of(words: str, zh: str = "理由", en: str = "a reason") -> str:
    """As `reason_of`, for what may be told at length. Raises BadInput (E_REASON)."""
    return reason_of(words, zh, en, longest=LONGEST_ACCOUNT)


def _missing(zh: str, en: str) -> BadInput:
    return BadInput(
        f"{zh}没有写清楚", en=f"{en} is needed", code="E_REASON",
        remedy_zh=f"至少写 {SHORTEST_REASON} 个字", remedy_en=f"at least {SHORTEST_REASON} characters",
    )  # fmt: skip
