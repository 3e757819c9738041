"""Words of the pages on matches: a reason in the page's language, questions with their closed answers, verdicts of the audit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from leye.match.search import reasons as words
from leye.office.matches.people import CHOICES
from leye.site.words import is_english, pick

LIMITS = {"heavy_lifting": "重体力", "heights": "高处", "dust_noise": "粉尘噪声", "long_standing": "久站"}
FEATURES = {
    "education": "学历", "forms": "用工形式", "shifts": "班次", "limits": "做不了的", "needs": "需要的保障", "relocate": "愿不愿意换城市",
    "relevant_years": "做过几年", "commute_max_km": "最远能走多少公里",
}  # fmt: skip
ASKED_OF = {"form": "forms", "shift": "shifts", "cities": "relocate", "commute": "commute_max_km", "location": "commute_max_km"}
"""Feature of a question -> column that an answer fills, where the names differ."""


def item_word(item: Mapping[str, Any]) -> str:
    """The sentence of one contribution, citing the fact and the words of the advert."""
    return _english(items=[item]) if is_english() and "clause" in item else str(item["text"])


def missing_word(missing: Mapping[str, Any]) -> str:
    """What is lacking, or the question that settles an unknown."""
    return _english(missing=[missing]) if is_english() and "ask" in missing else str(missing["text"])


def _english(**parts: list[Mapping[str, Any]]) -> str:
    from leye.match.ranking import told

    one: dict[str, Any] = {"person": {"items": parts.get("items", [])}, "employer": {"items": []}, "missing": parts.get("missing", [])}
    return told(one, "en")[0]


def lacking(missing: Mapping[str, Any]) -> str:
    """Name of the first skill or certificate that is lacking, for the search of courses."""
    return str(missing.get("facts", {}).get("ad", "")).split("、")[0]


def one_lacking(missing: Mapping[str, Any]) -> str:
    """What is lacking as one thing to begin with; how much else is lacking is said, not listed."""
    others = str(missing.get("facts", {}).get("ad", "")).count("、")
    return _("先学【%(first)s】；另外还缺 %(n)s 样。") % {"first": lacking(missing), "n": others} if others else missing_word(missing)


def question_of(missing: Mapping[str, Any]) -> str:
    """Column that an answer to the question fills; empty when the desk cannot answer it."""
    name = ASKED_OF.get(str(missing["feature"]), str(missing["feature"]))
    return name if name in CHOICES and missing.get("side", "person") == "person" else ""


def feature_word(feature: str) -> str:
    """What a question is about."""
    return pick(FEATURES.get(feature, feature), feature.replace("_", " "))


def choices(feature: str) -> list[tuple[str, str]]:
    """(value, word) of the answers to a question."""
    zh = {
        "education": words.EDUCATION_ZH, "forms": words.FORM_ZH, "shifts": words.SHIFT_ZH, "limits": LIMITS, "needs": words.BENEFIT_ZH,
        "relocate": {"yes": "愿意", "no": "不愿意"},
        "relevant_years": {n: f"{n}年以上" if n != "0" else "没有" for n in CHOICES["relevant_years"]},
        "commute_max_km": {n: f"{n}公里" for n in CHOICES["commute_max_km"]},
    }[feature]  # fmt: skip
    return [(value, pick(zh[value], value.replace("_", " "))) for value in CHOICES[feature]]


def verdict_word(verdict: str) -> str:
    """What a figure of the audit means."""
    return {
        "reference": _("参照组"),
        "clear": _("不低于五分之四"),
        "flagged": _("低于五分之四"),
        "cannot_judge": _("不能判断"),
        "told": _("看得出来，要人复核"),
        "not_told": _("看不出来"),
        "too_few": _("人数太少"),
    }.get(verdict, verdict)


def group_word(grouping: str) -> str:
    """By what the groups are."""
    zh = {"sex": "性别", "age_band": "年龄段", "hukou": "户口", "birth": "出生日期", "name": "姓名", "ethnicity": "民族", "marital": "婚姻"}
    return " × ".join(pick(zh.get(g, g), g.replace("_", " ")) for g in grouping.split("+"))


_PARTS = re.compile(r"[^+]+(?:\+(?=\+|$))?")
"""Groups are joined by `+`, and one age band ends in it: `M+60++urban`."""


def value_word(group: str) -> str:
    """Name of a group."""
    zh = {"M": ("男", "men"), "F": ("女", "women"), "rural": ("农业", "rural"), "urban": ("非农业", "urban")}
    return " × ".join(pick(*zh[g]) if g in zh else g for g in _PARTS.findall(str(group)))


def share(value: float | None) -> str:
    """A share in whole percent; a dash when it is hidden or unknown."""
    return "—" if value is None else f"{value:.0%}"


def figure(value: float | None) -> str:
    """Two digits; a dash when it is hidden or unknown."""
    return "—" if value is None else f"{value:.2f}"
