"""Words about vacancies and applications in the page's language: states, questions, choices, steps, reasons."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from leye.match.ranking.wording import has_term, term
from leye.office.applications.models import ORIGIN_EN, REFUSAL_EN, STATE_EN, Origin, Refusal, State
from leye.office.vacancies import models as vacancies
from leye.office.vacancies.places import district_word
from leye.office.vacancies.reading import CONFIRM, Question
from leye.site.words import day_text, is_english, pick

CHOICES = {
    "none": ("不限", "none asked"), "primary": ("小学", "primary"), "junior_high": ("初中", "junior high"), "senior_high": ("高中", "senior high"),
    "secondary_vocational": ("中专、技校", "secondary vocational"), "junior_college": ("大专", "junior college"), "bachelor": ("本科", "bachelor"),
    "master": ("硕士", "master"), "doctor": ("博士", "doctor"), "full_time": ("全职", "full time"), "part_time": ("兼职", "part time"),
    "gig": ("零工", "gig"), "seasonal": ("季节工", "seasonal"), "dispatch": ("劳务派遣", "agency work"), "internship": ("实习", "internship"),
    "remote": ("远程", "remote"),
    "day": ("白班", "day"), "night": ("夜班", "night"), "rotating": ("倒班", "rotating"), "weekend": ("周末", "weekend"),
    "0": ("不限", "none asked"), "1": ("1 年", "1 year"), "3": ("3 年", "3 years"), "5": ("5 年", "5 years"), "10": ("10 年", "10 years"),
    "yes": ("要求", "required"), "no": ("不要求", "not required"),
}  # fmt: skip
CONDITIONS = {
    "closes_on": ("截止日", "last day"), "city": ("工作城市", "city"), "pay_min_fen": ("工资低于对方的最低要求", "pay below what people need"),
    "form": ("用工形式", "form of employment"), "limits": ("工作环境", "working environment"), "shift": ("班次", "shift"),
    "education_min": ("学历要求", "schooling"), "relevant_years_min": ("相关经验年限", "years of such work"),
    "skill_grade_min": ("技能等级", "skill grade"), "languages_required": ("语言", "languages"), "certificates_required": ("证书", "certificates"),
}  # fmt: skip


def state_word(state: str) -> str:
    """Where an application stands."""
    return pick(str(State(state).label), STATE_EN[State(state)])


def vacancy_state(state: str) -> str:
    """Where a vacancy stands."""
    return pick(str(vacancies.State(state).label), vacancies.STATE_EN[vacancies.State(state)])


def vacancy_states() -> list[tuple[str, str]]:
    """(code, word) of every state of a vacancy."""
    return [(str(s), vacancy_state(s)) for s in vacancies.State]


def closings() -> list[tuple[str, str]]:
    """(code, word) of the reasons to close."""
    return [(str(c), pick(str(c.label), vacancies.CLOSING_EN[c])) for c in vacancies.Closing]


def refusal_reasons() -> list[tuple[str, str]]:
    """(code, word) of the closed list."""
    return [(str(r), reason_word(r)) for r in Refusal]


def reason_word(reason: str) -> str:
    """Why somebody was not hired."""
    return pick(str(Refusal(reason).label), REFUSAL_EN[Refusal(reason)])


def origin_word(origin: str) -> str:
    """Who spoke first."""
    return pick(str(Origin(origin).label), ORIGIN_EN[Origin(origin)])


def question_label(question: Question) -> str:
    """What the employer is asked."""
    if question.column.startswith(CONFIRM):
        return _("要不要“%(name)s”？原文：%(words)s") % {"name": question.labels.get("name", ""), "words": question.why or "—"}
    return {
        "region": _("在哪个区上班？"),
        "occupation_code": _("是下面哪一种职业？"),
        "form": _("全职还是别的形式？"),
        "shift": _("什么班次？"),
        "education_min": _("学历最低要什么？"),
        "relevant_years_min": _("要做过几年这一行？"),
    }[question.column]


def choice_word(question: Question, value: str) -> str:
    """A choice of a question."""
    return question.labels.get(value) or pick(*CHOICES.get(value, (value, value)))


def column_words(columns: Any) -> list[tuple[str, str]]:
    """(what, value) of what was read, for the preview."""
    found = []
    for name, title in (
        ("education_min", _("学历")), ("relevant_years_min", _("相关经验")), ("form", _("用工形式")), ("shift", _("班次")),
    ):  # fmt: skip
        value = columns.get(name)
        if value not in (None, ""):
            text = _("%(n)s 年") % {"n": f"{value:g}"} if isinstance(value, float | int) else pick(*CHOICES.get(value, (value, value)))
            found.append((title, text))
    lists = (("skills_required", _("技能")), ("certificates_required", _("证书")), ("benefits", _("福利")))
    found += [(title, "、".join(_item(v) for v in columns[name])) for name, title in lists if columns.get(name)]
    return found


def _item(value: str) -> str:
    """An entry of a list: words of the closed vocabularies in the page's language, others as written."""
    return term("word", value, "en" if is_english() else "zh") if has_term("word", value) else value


def condition_word(name: str) -> str:
    """A hard condition by name."""
    return pick(*CONDITIONS.get(name, (name, name)))


def district(code: str) -> str:
    """Name of a district; 未知 without a code."""
    return district_word(code) if code else _("未知")


def until(day: date | None) -> str:
    """到 10月1日 for the last day; nothing without one."""
    return _("招到 %(day)s") % {"day": day_text(day)} if day is not None else ""


STEP_WORDS = {
    "sent": ("交了应聘", "applied"), "invited": ("发出邀请", "invited"), "take": ("开始看", "began to look"),
    "postpone": ("先留着", "kept for later"),
    "interview": ("约面谈", "asked to an interview"), "offer": ("要录用", "offered the job"), "refuse": ("不录用", "declined"),
    "uninvite": ("撤回邀请", "took the invitation back"), "welcome": ("答应来谈", "said yes to the invitation"), "decline": ("没有接受", "declined"),
    "accept": ("接受录用", "accepted the offer"), "cancel": ("取消应聘", "cancelled"), "fall_through": ("没有成", "fell through"),
    "not_coming": ("不来上班了", "is not coming"), "obsolete": ("岗位关闭，应聘结束", "ended with the job"),
    "undone": ("撤回了上一步", "took the last step back"),
    "shared": ("同意单位看姓名和电话", "lets the firm see name and phone"), "unshared": ("不再让单位看姓名和电话", "no longer shares name and phone"),
}  # fmt: skip
BUTTONS = {
    "take": ("开始看", "Begin to look"), "postpone": ("先留着", "Keep for later"), "interview": ("约面谈", "Ask to an interview"),
    "offer": ("发录用", "Offer the job"), "refuse": ("不录用", "Decline"), "uninvite": ("撤回邀请", "Take the invitation back"),
    "welcome": ("愿意谈", "Yes, let us talk"), "decline": ("不接受", "Decline"), "accept": ("接受录用", "Accept the offer"),
    "cancel": ("取消应聘", "Cancel"), "fall_through": ("这次没有成", "It fell through"), "not_coming": ("不去上班了", "I am not coming"),
}  # fmt: skip


def step_word(verb: str) -> str:
    """What a step was."""
    return pick(*STEP_WORDS.get(verb, (verb, verb)))


def button_word(verb: str) -> str:
    """What a button does."""
    return pick(*BUTTONS[verb])


def side_word(side: str) -> str:
    """Who took a step."""
    return {"person": _("本人"), "desk": _("就业专员"), "firm": _("单位"), "clock": _("系统")}.get(side, side)


def words_label(verb: str) -> str:
    """What to say with a step."""
    return {
        "interview": _("时间和地点（本人会看到）"),
        "offer": _("工资和安排（本人会看到）"),
        "refuse": _("给本人的说明（本人会看到，只写和岗位有关的）"),
        "fall_through": _("为什么没有成（本人会看到）"),
    }.get(verb, _("说一句（可以不写）"))


def needs_words(verb: str) -> bool:
    """Whether a step has to say something."""
    from leye.office.applications.states import MOVES

    return MOVES[verb].says == "must"


def takes_words(verb: str) -> bool:
    """Whether a step may say something."""
    from leye.office.applications.states import MOVES

    return MOVES[verb].says != ""
