"""Words of the pages on jobs: pay, forms, places, what was read in an advert, in what one does not fit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from leye.kernel.codes import current_regions
from leye.match.columns import FORMS
from leye.match.places import Place, places_of
from leye.match.search import reasons
from leye.match.search.wish import Wish
from leye.office.searches.criteria import PAY_FLOORS_YUAN, WITHIN
from leye.site.words import pick

MODES = {"bus": "公交", "ebike": "电动车", "bike": "骑车", "car": "开车", "walk": "步行"}


def pay_word(job: dict[str, Any]) -> str:
    """7900–9500元/月, in the advert's own period."""
    return pick(*reasons.pay_words(job))


def place_word(job: dict[str, Any]) -> str:
    """Name of the district, else of the city; 未写明 when neither is known."""
    code = str(job.get("region") or job.get("city") or "")
    return current_regions()[code].name if code in current_regions() else _("未写明")


def form_word(form: str | None) -> str:
    """全职, 兼职 …"""
    return pick(reasons.FORM_ZH.get(form or "", ""), (form or "").replace("_", " "))


def forms() -> list[tuple[str, str]]:
    """Choices of the form filter."""
    return [(f, form_word(f)) for f in FORMS]


def pay_floors() -> list[tuple[str, str]]:
    """Choices of the pay filter."""
    return [(str(f), _("每月%(n)s元以上") % {"n": f}) for f in PAY_FLOORS_YUAN]


def places(city: str) -> list[Place]:
    """Places to choose: districts and towns of the city."""
    return [p for p in places_of(city) if p.level != "city"]


def within() -> list[tuple[str, str]]:
    """Choices of the way to work."""
    return [(code, within_word(code)) for code in WITHIN]


def within_word(code: str) -> str:
    """5公里内, 公交30分钟内."""
    if code.endswith("km"):
        return _("%(n)s公里内") % {"n": code.removesuffix("km")}
    mode, minutes = code.split("-")
    return _("%(mode)s%(n)s分钟内") % {"mode": pick(MODES[mode], f"{mode}, "), "n": minutes}


def understood(wish: Wish) -> list[str]:
    """What was read in the line, in short words; the work itself last."""
    said: list[str] = [p.name for p in wish.places]
    if wish.pay_min_fen is not None:
        said.append(_("至少%(pay)s") % {"pay": pick(*reasons.pay_words({"pay_min_fen": wish.pay_min_fen, "pay_period": wish.pay_period}))})
    if wish.years is not None:
        said.append(_("%(n)s年经验") % {"n": f"{wish.years:g}"} if wish.years else _("没有经验"))
    if wish.education:
        said.append(pick(reasons.EDUCATION_ZH[wish.education], wish.education.replace("_", " ")))
    if wish.shift:
        said.append(pick(reasons.SHIFT_ZH[wish.shift], f"{wish.shift} shift"))
    if wish.form:
        said.append(form_word(wish.form))
    if wish.commute_km is not None:
        said.append(_("%(n)s公里内") % {"n": f"{wish.commute_km:g}"})
    if wish.commute_min is not None:
        said.append(
            _("%(mode)s%(n)s分钟内")
            % {"mode": pick(MODES[wish.commute_mode or "bus"], f"{wish.commute_mode or 'bus'}, "), "n": f"{wish.commute_min:g}"}
        )
    if wish.words:
        said.append(_("工作：%(words)s") % {"words": wish.words})
    return said


def differs_word(code: str) -> str:
    """In what an advert does not fit."""
    return {"place": _("不在您选的地方"), "pay": _("工资低于您要的"), "form": _("用工形式不同"), "shift": _("班次不同"), "commute": _("太远")}[code]


def why_word(why: reasons.Why) -> str:
    """A reason in the page's language."""
    return pick(why.zh, why.en)


def slot_word(slot: str) -> str:
    """What kind of thing was read at a marked place."""
    zh = {
        "education": "学历", "years": "年限", "pay": "工资", "certificate": "证书", "licence": "驾照", "health_certificate": "健康证", "city": "城市",
        "district": "地点", "shift": "班次", "employment_form": "用工形式", "overtime": "加班", "skills": "技能", "language": "语言", "major": "专业",
        "headcount": "人数", "benefit": "福利", "start_by": "到岗", "industry": "行业", "gender_demand": "性别要求（不合法，不作条件）",
        "age_demand": "年龄要求（不作条件）", "protected_demand": "受保护的条件（不作条件）",
        "outsourced": "外包", "pay_doubtful": "工资（数额不可信，没有采用）",
    }  # fmt: skip
    return pick(zh.get(slot, slot), slot.replace("_", " "))


def strength_word(strength: str) -> str:
    """必须, 优先, 从任务看出来的, 明说不要求."""
    zh = {"hard": "必须", "soft": "优先", "implied": "从任务看出来的", "negated": "明说不要求"}
    return pick(zh[strength], {"hard": "required", "soft": "preferred", "implied": "implied", "negated": "not required"}[strength])


def course_word(offer: Any) -> str:
    """Name, hours and provider of a course."""
    return _("%(name)s，%(hours)s 学时，%(provider)s") % {"name": offer.course.name, "hours": offer.course.hours, "provider": offer.course.provider}
