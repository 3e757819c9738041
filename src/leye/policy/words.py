"""The three verdicts in words: Chinese on pages and in packs, English in every machine output."""

from __future__ import annotations

from leye.kernel.errors import BadInput, Place

YES, NO, UNKNOWN = "yes", "no", "unknown"

VERDICT_ZH = {YES: "符合", NO: "不符合", UNKNOWN: "待核实"}
"""Machine word -> what a page and a pack say."""

_WORDS: dict[bool | None, str] = {True: YES, False: NO, None: UNKNOWN}
_VALUES: dict[str, bool | None] = {word: value for value, en in _WORDS.items() for word in (en, VERDICT_ZH[en])}
VERDICT_WORDS = tuple(_VALUES)
"""Every word that a case may expect."""


def verdict_word(verdict: bool | None) -> str:
    """yes, no or unknown.

    >>> verdict_word(None)
    'unknown'
    """
    return _WORDS[verdict]


def verdict_of(word: str, place: Place = Place()) -> bool | None:
    """The verdict behind a Chinese or English word. Raises BadInput (E_WORD_UNKNOWN).

    >>> verdict_of("不符合")
    False
    """
    if word not in _VALUES:
        raise BadInput(
            f"“{word}”不是结论",
            en=f"{word!r} is no verdict",
            remedy_zh="写“符合”“不符合”或“待核实”",
            remedy_en="write 符合, 不符合 or 待核实 (yes, no, unknown)",
            places=(place,) if place != Place() else (),
            code="E_WORD_UNKNOWN",
        )
    return _VALUES[word]
