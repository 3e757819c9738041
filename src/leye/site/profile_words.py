"""Words of a profile: its fields, their options, how well a claim is attested."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from leye.kernel.codes import occupations, region_name
from leye.match.profile import Claim
from leye.site.words import day_text


def field_word(field: str) -> str:
    """Name of a field; one without a name as it stands."""
    return {
        "target_codes": _("想做的职业"), "current_code": _("现在的职业"), "skills": _("技能"), "certificates": _("证书"),
        "skill_grade": _("技能等级"),
        "project_skills": _("做过的项目用到的技能"), "industries": _("做过的行业"), "relevant_years": _("对口年限"), "total_years": _("工作年限"),
        "education": _("学历"), "major": _("专业"), "trainings": _("参加过的培训"), "languages": _("语言"), "lat": _("住处纬度"),
        "lon": _("住处经度"),
        "commute_max_km": _("最远通勤（公里）"), "commute_mode": _("怎么通勤"), "cities": _("想在哪个城市"), "relocate": _("愿意去外地"),
        "pay_min_fen": _("最低工资（元）"), "pay_max_fen": _("理想工资（元）"), "pay_period": _("工资按什么算"), "forms": _("用工形式"),
        "shifts": _("班次"),
        "available_from": _("哪天能上班"), "limits": _("做不了的活"), "digital_level": _("电脑和手机"), "equipment": _("自己有的工具"),
        "record_score": _("履约记录"), "needs": _("需要单位提供"), "text": _("自己的话"),
    }.get(field, field)  # fmt: skip


def option_word(field: str, value: Any) -> str:
    """An option of a closed field."""
    return {
        "primary": _("小学"), "junior_high": _("初中"), "senior_high": _("高中"), "secondary_vocational": _("中专、中技、职高"), 
        "junior_college": _("大专"),
        "bachelor": _("本科"), "master": _("硕士"), "doctor": _("博士"), "full_time": _("全职"), "part_time": _("兼职"), "gig": _("灵活接单"),
        "seasonal": _("季节工"), "dispatch": _("劳务派遣"), "internship": _("实习"), "remote": _("远程"), "day": _("白班"), "night": _("夜班"),
        "rotating": _("倒班"), "weekend": _("周末班"), "heavy_lifting": _("搬重物"), "heights": _("高处"), "dust_noise": _("粉尘、噪声"),
        "long_standing": _("久站"), "social_insurance": _("社保"), "housing": _("住宿"), "meals": _("工作餐"), "childcare": _("托育"),
        "hour": _("小时"), "month": _("月"), "year": _("年"),
    }.get(str(value), str(value)) if field != "pay_period" or value != "day" else _("日")  # fmt: skip


def grade_words() -> list[tuple[int, str]]:
    """Grades of skill in order."""
    return [(0, _("没有")), (1, _("初级工")), (2, _("中级工")), (3, _("高级工")), (4, _("技师")), (5, _("高级技师"))]


def digital_words() -> list[tuple[int, str]]:
    """Levels of digital skill in order."""
    return [(0, _("不会用")), (1, _("会用手机")), (2, _("会用电脑办公")), (3, _("熟练，会专业软件"))]


def value_word(claim: Claim) -> str:
    """A claim's value in words, with its last day where it has one."""
    field, value = claim.field, claim.value
    said = str(value)
    if field in {"pay_min_fen", "pay_max_fen"}:
        said = f"{value / 100:,.0f}"
    elif field in {"target_codes", "current_code"}:
        said = occupations()[value].name if value in occupations() else value
    elif field == "cities":
        said = region_name(value)
    elif field == "skill_grade":
        said = dict(grade_words())[int(value)]
    elif field == "digital_level":
        said = dict(digital_words())[int(value)]
    elif field == "available_from":
        said = day_text(value)
    elif field == "relocate":
        said = _("愿意") if value else _("不愿意")
    elif field in {"education", "pay_period", "forms", "shifts", "limits", "needs"}:
        said = option_word(field, value)
    return said if claim.until is None else _("%(what)s（有效到 %(on)s）") % {"what": said, "on": day_text(claim.until)}


def evidence_word(evidence: str) -> str:
    """How well a claim is attested."""
    return {"certificate": _("有证书"), "register": _("政府登记"), "project": _("做过项目"), "training": _("参加过培训"), "self": _("本人填写")}[
        evidence
    ]


def audience_word(audience: str) -> str:
    """Who may use a field."""
    return {"match": _("匹配用"), "employer": _("单位可见"), "counsellor": _("专员可见")}[audience]
