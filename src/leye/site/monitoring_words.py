"""Words of the cube, the flows and the key groups in the page's language; how a chance is said."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import cache

from django.utils.translation import gettext as _

from leye.kernel.codes import current_regions, industries, key_groups, occupations
from leye.office.monitoring.questions import Question
from leye.office.nightly.groups_step import KeyGroupPage
from leye.packs import open_pack
from leye.site.words import INDICATORS, indicator_word, is_english, pick

CUBE_INDICATORS = {
    "registrations": ("新登记失业", "New registrations"),
    "postings_ads": ("招聘广告", "Job ads"),
    "insured_now": ("在保人数（当月）", "Insured this month"),
}
AXES = {"region": ("区域", "Region"), "industry": ("行业", "Industry"), "occupation": ("职业", "Occupation"), "grp": ("群体", "Group")}
WAYS = {"moves": ("登记迁移", "registered moves"), "jobs": ("跨区换工作", "changes of firm across regions")}
TENTHS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


def cube_indicator(indicator: str) -> str:
    """Name of an indicator of the cube."""
    return pick(*(CUBE_INDICATORS | INDICATORS).get(indicator, (indicator, indicator)))


def axis_word(axis: str) -> str:
    """区域, 行业, 职业, 群体."""
    return pick(*AXES[axis])


def value_word(axis: str, value: str) -> str:
    """Name of a code on an axis; 全部 for a cell that does not split it."""
    if value == "all":
        return pick("全部", "all")
    if value == "unknown":
        return pick("未填", "not stated")
    if is_english() and (axis, value) in _english():
        return _english()[axis, value]
    if axis == "region":
        return current_regions()[value].name if value in current_regions() else value
    if axis == "industry":
        return industries()[value].name if value in industries() else value
    if axis == "occupation":
        return occupations()[value].name if value in occupations() else value
    return group_word(value)


@cache
def _english() -> dict[tuple[str, str], str]:
    """English names of codes, ours: the classifications have none. A code without one keeps its Chinese name."""
    text = open_pack("monitoring/english.csv").read_text(encoding="utf-8")
    return {(r["axis"], r["code"]): r["en"] for r in csv.DictReader(io.StringIO(text))}


def group_word(grp: str) -> str:
    """Name of a key group; 其他 for everybody else."""
    found = key_groups().get(grp)
    return pick(found.zh, found.en) if found else pick(*{"other": ("其他", "others"), "all": ("全部", "all")}.get(grp, (grp, grp)))


def cell_word(cell: str) -> str:
    """区域 · 行业 · … of a cell id, only the axes that it splits."""
    parts = [value_word(axis, v) for axis, v in zip(AXES, cell.split("/")[1:], strict=False) if v != "all"]
    return " · ".join(parts) or pick("全部", "all")


def place_word(asked: Question) -> str:
    """Values that are held, in the order in which they were chosen: 顺德区 · 制造业."""
    return " · ".join(value_word(a, v) for a, v in asked.within.items())


def held_word(asked: Question) -> str:
    """The value that was chosen last."""
    return value_word(*list(asked.within.items())[-1]) if asked.within else pick("全部", "all")


def step_word(step: Question) -> str:
    """One step of the trail: the indicator as a whole, or the value that it added."""
    return held_word(step) if step.within else cube_indicator(step.indicator)


def opened_word(asked: Question, row: Mapping[str, str]) -> str:
    """A cell by the axes that were opened: the held ones stand in the heading."""
    return " · ".join(value_word(a, row[a]) for a in asked.axes) or pick("全部", "all")


def order_word(order: str) -> str:
    """Ways to sort cells."""
    return {"surprise": _("亮灯和最意外的在前"), "heads": _("增减人数最多的在前"), "share": _("增减比例最大的在前")}[order]


def order_note(order: str) -> str:
    """What the order of the cells is, as a sentence."""
    said = {
        "surprise": _("亮灯的在前，其余按意外程度排。"),
        "heads": _("比去年同月增减人数最多的在前。"),
        "share": _("比去年同月增减比例最大的在前。"),
    }
    return said[order]


def gap_word(unique_id: str) -> str:
    """区县失业差距, 城乡失业差距."""
    return indicator_word(unique_id.split("/")[0])


def side_word(side: str) -> str:
    """A side of a gap: a district, or people of rural or urban hukou."""
    return {"rural": _("农村户籍"), "urban": _("城镇户籍")}.get(side) or value_word("region", side)


def kind_word(kind: str) -> str:
    """登记迁移, 跨区换工作."""
    return pick(*WAYS.get(kind, (kind, kind)))


def group_name(group: KeyGroupPage) -> str:
    """Name of a group of the pages."""
    return pick(group.zh, group.en)


def group_meaning(group: KeyGroupPage) -> str:
    """Who is meant."""
    return pick(group.meaning_zh, group.meaning_en)


def group_note(group: KeyGroupPage) -> str:
    """What to keep in mind; empty where there is nothing."""
    return pick(group.note_zh, group.note_en)


def group_source(group: KeyGroupPage) -> str:
    """Where the definition comes from."""
    return _("本产品口径") if group.source == "ours" else group.source


def chance_word(p: float) -> str:
    """A chance as people say it: 七成, 不到一成, 九成以上; about 70 % in English.

    >>> chance_word(0.68), chance_word(0.02), chance_word(0.97)
    ('七成', '不到一成', '九成以上')
    """
    if is_english():
        return "under 10%" if p < 0.1 else "over 90%" if p > 0.9 else f"about {round(p * 10) * 10}%"
    return "不到一成" if p < 0.1 else "九成以上" if p > 0.9 else f"{TENTHS[round(p * 10)]}成"
