"""Words of the pages on unemployment risk: levels, questions, inputs and chances, careful and plain."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.utils.translation import gettext as _

from leye.forecast.hazard import inputs as pack
from leye.kernel.signs import signed
from leye.office.prospects.models import LEVEL_EN, Level
from leye.site.monitoring_words import value_word
from leye.site.words import pick

GROUPINGS = {"sex": "性别", "age_band": "年龄段", "hukou": "户口", "disability": "残疾", "region": "区"}
GROUPS = {
    "M": ("男", "men"),
    "F": ("女", "women"),
    "rural": ("农业", "rural"),
    "urban": ("非农业", "urban"),
    "yes": ("有", "yes"),
    "no": ("没有", "no"),
}


@cache
def rules() -> pack.Rules:
    """The pack, read once."""
    return pack.shipped_rules()


def level_name(code: str) -> str:
    """一般, 关注, 优先."""
    return pick(str(Level(code).label), LEVEL_EN[Level(code)]) if code in Level.values else code


def levels() -> list[tuple[str, str]]:
    """(code, word) from least to most."""
    return [(str(level), level_name(level)) for level in Level.values]


def question_word(code: str) -> str:
    """What is asked of whom."""
    found = rules().questions.get(code)
    return pick(*found.name) if found else code


def input_name(code: str) -> str:
    """Name of an input."""
    found = rules().inputs.get(code)
    return pick(*found.name) if found else code


def said(codes: Sequence[str], *, up: bool) -> list[str]:
    """Sentences of what raises or lowers the risk."""
    inputs = rules().inputs
    return [pick(*(inputs[c].up if up else inputs[c].down)) for c in codes if c in inputs]


def chance(p: float | None) -> str:
    """十个和您情况相近的人里约几个: whole percents, no false precision."""
    if p is None:
        return _("未知")
    return _("百分之一以下") if p < 0.01 else _("百分之九十九以上") if p > 0.99 else f"{p:.0%}"


def share(p: float | None) -> str:
    """A share with one decimal for the analyst."""
    return "" if p is None else f"{p:.1%}"


def points(p: float | None) -> str:
    """A gap in percentage points with its sign."""
    return "" if p is None else signed(100 * p)


def grouping_word(code: str) -> str:
    """性别, 年龄段, …"""
    return pick(GROUPINGS.get(code, code), code.replace("_", " "))


def group_word(code: str) -> str:
    """男, 女, …; districts by their name, bands as they stand."""
    return pick(*GROUPS[code]) if code in GROUPS else value_word("region", code)


def is_off(gap: dict[str, object]) -> bool:
    """Whether a group's interval leaves zero out."""
    low, high = gap["low"], gap["high"]
    return isinstance(low, float) and isinstance(high, float) and (low > 0 or high < 0)
