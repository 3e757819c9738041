"""Closed readings of a résumé by rules: schooling level, years, grade of skill, licence, languages, form, shift, where and for how much.

Each rule has an id, which the slot carries as its source. Text comes folded by `half_width`, so places are those of the original.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from leye.match.slots import Slot, Strength

Value = Callable[[re.Match[str]], Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """id · slot · pattern: group `at` is the span, else the whole match · value: of a match, None drops it · strength."""

    id: str
    slot: str
    pattern: re.Pattern[str]
    value: Value
    strength: Strength = "hard"


_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "半": 0}
_N = r"(?P<n>\d{1,2}(?:\.5)?|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_NO_TEACHER = r"(?!教师|老师|教育|教学|生|数学|语文|英语|部)"


def number(text: str) -> float | None:
    """A number up to 99 in digits or Chinese numerals; None when it is none.

    >>> number("十二"), number("3.5")
    (12.0, 3.5)
    """
    if re.fullmatch(r"\d{1,2}(\.\d)?", text):
        return float(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return float(_NUMERALS[text]) if text in _NUMERALS else None
    return float((_NUMERALS.get(tens, 0) if tens else 1) * 10 + (_NUMERALS.get(ones, 0) if ones else 0))


def _years(m: re.Match[str]) -> dict[str, float] | None:
    n = number(m["n"])
    return None if n is None or n > 60 else {"min": int(n) if n == int(n) else n}


def _fixed(value: Any) -> Value:
    return lambda _m: value


def _rule(name: str, slot: str, pattern: str, value: Any, strength: Strength = "hard") -> Rule:
    return Rule(name, slot, re.compile(pattern), value if callable(value) else _fixed(value), strength)


_TONGUES = ("日语", "韩语", "法语", "德语", "俄语", "西班牙语", "阿拉伯语", "越南语", "粤语")
_GRADES = {"初级工": 1, "中级工": 2, "高级工": 3, "技师": 4, "高级技师": 5, "特级技师": 5}
RULES: tuple[Rule, ...] = (
    _rule("education.doctor", "education_level", r"博士(?!生?导师|后)(?:研究生)?(?:学历|学位)?", "doctor"),
    _rule("education.master", "education_level", r"(?<!博士)(?:硕士(?!生?导师)(?:研究生)?|研究生(?!导师|院)|EMBA|MBA)(?:学历|学位)?", "master"),
    _rule("education.bachelor", "education_level", r"(?:大学本科|本科|学士|大学(?=学历|文化|毕业))(?:学历|学位|文化|毕业)?", "bachelor"),
    _rule("education.college", "education_level", r"(?:大学专科|大专|高职|专科(?!医|门|护))(?:学历|文化|毕业)?", "junior_college"),
    _rule("education.vocational", "education_level", r"(?:中专|中技|技校|职高|中职|职业高中)(?:学历|文化|毕业)?", "secondary_vocational"),
    _rule("education.senior", "education_level", r"(?<!职业)高中(?:学历|文化|毕业)?" + _NO_TEACHER, "senior_high"),
    _rule("education.junior", "education_level", r"初中(?:学历|文化|毕业)?" + _NO_TEACHER, "junior_high"),
    _rule("education.primary", "education_level", r"小学(?:学历|文化|毕业)", "primary"),
    _rule("years.total", "years", rf"(?:工作年限|工龄|工作经验|从业|累计)[为是:：]?\s*(?P<at>{_N}\s*年)", _years),
    _rule("years.experience", "years", rf"(?P<at>(?<![\d.]){_N}\s*(?:多|余)?年(?:以上)?)[^,，。;；\n\d]{{0,14}}(?:经验|工龄|经历)", _years),
    _rule(
        "years.did", "years",
        rf"(?:干了|做了|从事|做过|当过|当了|开了|工作)[^,，。;；\n\d]{{0,12}}?(?P<at>(?<!\d){_N}\s*(?:多|余)?年)(?!\d|\s*\d+月)",
        _years,
    ),
    _rule("years.since", "years", rf"(?P<at>(?<!\d){_N}年)前(?:开始|起)", _years),
    _rule(
        "grade.word", "skill_grade",
        r"(?P<g>初级工|中级工|高级工(?!程)|高级技师|(?<!高级)技师|特级技师)(?:证|资格|职业资格)?",
        lambda m: _GRADES[m["g"]],
    ),
    _rule(
        "grade.level", "skill_grade",
        r"(?:职业资格|职业技能等级|技能等级)?(?P<g>[一二三四五]级)(?=/|（|\(|电工|焊工|钳工|护理|烹调|职业)",
        lambda m: 6 - int(_NUMERALS[m["g"][0]]),
    ),
    _rule("licence.class", "licence", r"(?P<at>(?<![A-Za-z0-9])(?:A[1-3]|B[12]|C[1-6]|D|E))\s*(?:驾照|驾驶证|照|证|本)(?!书)", lambda m: m["at"]),
    _rule("licence.after", "licence", r"(?:驾照|驾驶证|准驾车型)[:：(（]?\s*(?P<at>A[1-3]|B[12]|C[1-6])(?![A-Za-z0-9])", lambda m: m["at"]),
    _rule("language.english", "language", r"英语(?:专业)?(?:四|六|八|4|6|8)级|英语口语[^,，。;；]{0,4}|CET-?[46]|英语", "英语"),
    *(_rule(f"language.{w}", "language", rf"{w}(?:口语|流利|N[1-5]|[一二三四]级)?", w) for w in _TONGUES),
    _rule("language.mandarin", "language", r"普通话(?!证)(?:流利|标准)?", "普通话"),
    *(
        _rule(f"form.{value}", "employment_form", pattern, value, "soft")
        for value, pattern in (
            ("full_time", r"全职"), ("part_time", r"兼职|小时工|钟点工"),
            ("internship", r"(?<!有)实习(?=岗|生|机会|工作)|找实习"),
            ("seasonal", r"季节工|暑假工|寒假工|临时工"), ("gig", r"灵活就业|零工|日结"),
            ("remote", r"远程办公|居家办公|远程工作"), ("dispatch", r"接受派遣|劳务派遣"),
        )
    ),
    _rule("shift.no_night", "shift", r"(?:不上|不做|不能上|不接受|拒绝)夜班", "night", "negated"),
    _rule("shift.night", "shift", r"(?<!不上)(?<!不做)(?<!不能上)(?<!不接受)(?<!拒绝)(?:能上|可上|接受|可以上|愿意上)?夜班", "night", "soft"),
    _rule("shift.day", "shift", r"(?:希望|想要|只上)?(?:长)?白班", "day", "soft"),
    _rule("shift.rotating", "shift", r"(?<!不)(?:能|可|接受|可以|能接受)?(?:倒班|两班倒|三班倒|轮班|两班制|三班制)", "rotating", "soft"),
    _rule("shift.weekend", "shift", r"周末(?:也行|可以|能上班|可上班|可加班|都行)", "weekend", "soft"),
    _rule("pay.negotiable", "pay", r"(?:薪资|工资|待遇|薪酬|月薪|薪水)[:：]?\s*(?P<at>面议)", {"negotiable": True}, "soft"),
)  # fmt: skip


def by_rules(text: str) -> Iterator[Slot]:
    """Readings of every rule over a folded text, by rule, then by place; within one slot a span is told once."""
    taken: dict[str, list[tuple[int, int]]] = {}
    for rule in RULES:
        for m in rule.pattern.finditer(text):
            start, end = m.span("at") if "at" in rule.pattern.groupindex else m.span()
            value = rule.value(m)
            spans = taken.setdefault(rule.slot, [])
            if value is None or start == end or any(a < end and start < b for a, b in spans):
                continue
            spans.append((start, end))
            yield Slot(rule.slot, value, rule.strength, start, end, rule.id)
