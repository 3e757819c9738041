"""Why an advert is shown: at most three sentences, each over a fact of the advert that can be pointed at, and the one skill that it asks for and the
line does not name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from leye.match.columns import EDUCATION, PER_MONTH
from leye.match.search.grams import plain
from leye.match.search.look import DISTRICT_OF, Asked, Hit
from leye.match.slots import Slot

SHOWN = 3
"""Reasons of a card. # chosen by us: three are read, ten are not"""
NEW_DAYS = 7
"""An advert is new for so long. # chosen by us"""
EDUCATION_ZH = {"primary": "小学", "junior_high": "初中", "senior_high": "高中", "secondary_vocational": "中专", "junior_college": "大专",
                "bachelor": "本科", "master": "硕士", "doctor": "博士", "none": "不限"}  # fmt: skip
PERIOD_ZH = {"hour": "小时", "day": "天", "month": "月", "year": "年"}
SHIFT_ZH = {"day": "白班", "night": "夜班", "rotating": "倒班", "weekend": "周末班"}
FORM_ZH = {"full_time": "全职", "part_time": "兼职", "gig": "零工", "seasonal": "季节工", "dispatch": "派遣", "internship": "实习", "remote": "远程"}
BENEFIT_ZH = {"social_insurance": "社会保险", "housing": "住宿", "meals": "包餐", "childcare": "托育"}


@dataclass(frozen=True, slots=True)
class Why:
    """One sentence. code: the fact it speaks of, a column of the jobs table, `title`, `text` or `distance` · start, end: where the advert's text says
    so, None when a field of the advert does."""

    code: str
    zh: str
    en: str
    start: int | None = None
    end: int | None = None


def reasons_of(job: Mapping[str, Any], hit: Hit, asked: Asked, *, on: date, slots: Sequence[Slot] = ()) -> list[Why]:
    """At most SHOWN reasons, those that answer what was asked first, facts of the advert after them. job: a row of JOBS columns."""
    makers = (_words, _pay, _distance, _years, _schooling, _shift, _form, _benefits, _fresh)
    made = [why for make in makers if (why := make(job, hit, asked, on)) is not None]
    return [_placed(why, slots) for why in made[:SHOWN]]


def missing_skill(job: Mapping[str, Any], known: Collection[str]) -> str | None:
    """The first skill that the advert requires and that is not among the known ones; None when nothing is required or all is known."""
    return next((s for s in job.get("skills_required") or () if s not in known), None)


def pay_words(job: Mapping[str, Any]) -> tuple[str, str]:
    """(Chinese, English) of the pay in the advert's own period; 面议 when it names none."""
    low, high, period = job.get("pay_min_fen"), job.get("pay_max_fen"), job.get("pay_period") or "month"
    if low is None and high is None:
        return "面议", "negotiable"
    per = PERIOD_ZH.get(period, "月")
    if low is None or high is None or low == high:
        one = f"{_yuan(low if low is not None else high)}"
        more, plus = ("起", " or more") if high is None else ("", "")
        return f"{one}元/{per}{more}", f"{one} yuan a {period}{plus}"
    return f"{_yuan(low)}–{_yuan(high)}元/{per}", f"{_yuan(low)}–{_yuan(high)} yuan a {period}"


def _yuan(fen: Any) -> str:
    yuan = float(fen) / 100
    return f"{yuan:.0f}" if yuan == int(yuan) else f"{yuan:.2f}".rstrip("0")


def _words(job: Mapping[str, Any], hit: Hit, asked: Asked, on: date) -> Why | None:
    for word in asked.wish.words.split():
        for field, zh, en in (("title", "岗位名称里有“{w}”", "the title says “{w}”"), ("text", "岗位内容里写着“{w}”", "the advert says “{w}”")):
            at = plain(job.get(field) or "").find(word)
            if at >= 0:
                said = (job[field] or "")[at : at + len(word)]
                place = (at, at + len(word)) if field == "text" else (None, None)
                return Why(field, zh.format(w=said), en.format(w=said), *place)
    if asked.codes and job.get("occupation_code") in asked.codes:
        return Why("occupation_code", f"和“{asked.wish.words}”是同一种职业", f"the same occupation as “{asked.wish.words}”")
    return None


def _pay(job: Mapping[str, Any], hit: Hit, asked: Asked, on: date) -> Why | None:
    least, high = asked.pay_month_fen, job.get("pay_max_fen") or job.get("pay_min_fen")
    if least is None or high is None:
        return None
    if high * PER_MONTH.get(job.get("pay_period") or "month", 1.0) < least:
        return None
    zh, en = pay_words(job)
    return Why("pay", f"{zh}，够得上您要的每月{_yuan(least)}元", f"{en} reaches the {_yuan(least)} yuan a month you ask for")


def _distance(job: Mapping[str, Any], hit: Hit, asked: Asked, on: date) -> Why | None:
    if hit.km is None or not asked.origins or {"place", "commute"} & set(hit.differs):
        return None
    origin = asked.origins[0]
    if asked.origin is None and job.get(DISTRICT_OF) == origin.code and origin.level == "district":
        return Why("place", f"就在{origin.name}", f"in {origin.name}")
    zh = f"离{origin.name}约{hit.km:.0f}公里（按区域中心估算）"
    if hit.minutes is not None and asked.wish.commute_min is not None:
        zh += f"，路上约{hit.minutes:.0f}分钟"
    return Why("distance", zh, f"about {hit.km:.0f} km from {origin.name}, by the middle of the area")


def _years(job: Mapping[str, Any], hit: Hit, asked: Asked, on: date) -> Why | None:
    known = [v for v in (job.get("relevant_years_min"), job.get("total_years_min")) if v is not None]
    if asked.wish.years is None or not known or max(known) > asked.wish.years:
        return None
    if max(known) == 0:
        return Why("relevant_years", "不要求经验", "no experience required")
    return Why(
        "relevant_years", f"要求{max(known):g}年经验，您有{asked.wish.years:g}年", f"asks for {max(known):g} years, you have {asked.wish.years:g}"
    )


def _schooling(job: Mapping[str, Any], hit: Hit, asked: Asked, on: date) -> Why | None:
    least, mine = job.get("education_min"), asked.wish.education
    if least is None or (least != "none" and (mine is None or EDUCATION.index(mine) < EDUCATION.index(least))):
        return None
    if least == "none":
        return Why("education", "学历不限", "no schooling required")
    zh = f"要求{EDUCATION_ZH[least]}，您写的是{EDUCATION_ZH[str(mine)]}"
    return Why("education", zh, f"asks for {least.replace('_', ' ')}, you wrote {str(mine).replace('_', ' ')}")


def _shift(job: Mapping[str, Any], hit: Hit, asked: Asked, on: date) -> Why | None:
    shift = job.get("shift")
    if shift not in SHIFT_ZH or asked.wish.shift not in (None, shift):
        return None
    return Why("shift", f"写明是{SHIFT_ZH[shift]}", f"says {shift} shift")


def _form(job: Mapping[str, Any], hit: Hit, asked: Asked, on: date) -> Why | None:
    form = job.get("form")
    if not asked.asked_form or form != asked.asked_form:
        return None
    return Why("form", f"写明是{FORM_ZH[form]}", f"says {form.replace('_', ' ')}")


def _benefits(job: Mapping[str, Any], hit: Hit, asked: Asked, on: date) -> Why | None:
    known = [b for b in job.get("benefits") or () if b in BENEFIT_ZH]
    if not known:
        return None
    return Why("benefits", f"提供{'、'.join(BENEFIT_ZH[b] for b in known)}", f"offers {', '.join(b.replace('_', ' ') for b in known)}")


def _fresh(job: Mapping[str, Any], hit: Hit, asked: Asked, on: date) -> Why | None:
    posted = job.get("posted_on")
    if posted is None or not 0 <= (on - posted).days <= NEW_DAYS:
        return None
    return Why("posted_on", f"{posted.month}月{posted.day}日新发布", f"posted on {posted.isoformat()}")


_SLOTS = {"pay": "pay", "relevant_years": "years", "education": "education", "shift": "shift", "form": "employment_form", "benefits": "benefit"}


def _placed(why: Why, slots: Sequence[Slot]) -> Why:
    """The sentence with the place in the text where a reading of the advert stands."""
    if why.start is not None:
        return why
    found = next((s for s in slots if s.slot == _SLOTS.get(why.code) and s.strength != "negated"), None)
    return why if found is None else Why(why.code, why.zh, why.en, found.start, found.end)
