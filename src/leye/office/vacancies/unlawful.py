"""Words that no advert and no refusal may contain, with the clause and what to write instead. A floor beneath what the parser of adverts flags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Law:
    """basis: clause · stops: an advert cannot be sent with it · zh, en: what to write instead."""

    basis: str
    zh: str
    en: str
    stops: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """start, end: code points of the text, end exclusive."""

    kind: str
    start: int
    end: int
    words: str

    @property
    def law(self) -> Law:
        """What it offends against."""
        return LAWS[self.kind]


LAWS = {
    "gender": Law(
        "就业促进法 第二十七条；妇女权益保障法 第四十三条", "删去性别，写工作本身的要求，例如“能搬 20 公斤”",
        "drop the sex; write what the work asks, such as “lifts 20 kg”",
    ),
    "family": Law(
        "妇女权益保障法 第四十三条；就业促进法 第二十七条", "删去婚育的要求；要出差、倒班就直接写",
        "drop marriage and children; say plainly when travel or shifts are needed",
    ),
    "hukou": Law("就业促进法 第三十一条；人力资源市场暂行条例 第二十四条", "删去户籍的要求，写住处或通勤的要求",
        "drop household registration; write what the commute asks"),
    "ethnicity": Law("就业促进法 第二十八条；人力资源市场暂行条例 第二十四条", "删去民族、宗教的要求", "drop ethnicity and religion"),
    "carrier": Law(
        "就业促进法 第三十条", "删去乙肝等要求；食品等岗位写“有健康证”", "drop hepatitis and the like; for food work write “health certificate”",
    ),
    "age": Law(
        "就业促进法 第三条（年龄是否在“等”字之内，以当地解释为准）", "删去年龄上限，写体力、经验或证书的要求",
        "drop the upper age; write strength, experience or a certificate", stops=False,
    ),
    "fees": Law(
        "劳动合同法 第九条", "不得收押金、服装费、扣证件，删去这一句", "no deposit, uniform fee or keeping of papers: drop the sentence"
    ),
}  # fmt: skip
_NOT_SERVED = r"(?!装|士|童|鞋|裤|款|包|宝宝|科|病|性用品|客)"
_PATTERNS = {
    "gender": (
        rf"(?:限|只招|仅招|只要|要求|招聘?)[一-龥]{{0,2}}[男女](?:性|生|工|士)?{_NOT_SERVED}", r"[男女](?:性|生|士)?(?:优先|勿扰|免谈|不要)",
        r"不[招要]女",
        r"(?<![一-龥])性别[：:]?\s*[男女]",
    ),
    "family": (r"(?:已婚已育|未婚未育|已婚|未婚|已育|未育|无孩|未孕)(?!不限)", r"[两三3二2]年内不(?:结婚|怀孕|生育|要孩子)",
        r"(?:怕|担心)[一-龥]{0,4}(?:生孩子|怀孕|结婚)"),
    "hukou": (r"(?:限|只招|仅限|要求|须)?(?:本地|本市|城镇|非农)(?:户口|户籍|人优先)", r"(?:不要|不招|谢绝)外地人?"),
    "ethnicity": (r"(?:限|只招|仅限|不招|不要)[一-龥]{1,4}族", r"(?:限|不招|不要|谢绝)(?:信教|有宗教信仰)"),
    "carrier": (r"(?:无|不得有|非|不招|不要)(?:乙肝|艾滋|HBV|大三阳|小三阳)[一-龥]{0,4}", r"乙肝(?:五项|两对半)?(?:检查|检测|阴性)"),
    "age": (
        r"(?<!满)\d{2}\s*(?:周?岁)?\s*(?:[-—~～至到]\s*\d{2}\s*)(?:周?岁)(?:以下|以内)?", r"\d{2}\s*周?岁(?:以下|以内|之内)",
        r"年龄(?:太大|偏大|大了|超)",
        r"(?:限|只招)(?:年轻人|[789]0后|0[05]后)", r"[06789][05]后(?:优先|勿扰)",
    ),
    "fees": (
        r"(?<![不无免])(?<!不收)(?<!不交)(?<!无需)(?<!不用交)(?:须?交|收取?|缴纳?)[一-龥]{0,4}(?:押金|保证金|服装费|培训费|报名费|建档费)",
        r"(?:扣押?|收走|上交|质押)身份证",
    ),
}  # fmt: skip
_COMPILED = {kind: re.compile("|".join(f"(?:{p})" for p in patterns)) for kind, patterns in _PATTERNS.items()}
_SLOTS = {"gender_demand": "gender", "age_demand": "age"}
_PROTECTED = {"marriage": "family", "marital": "family", "childbirth": "family", "hukou": "hukou", "ethnicity": "ethnicity", "health": "carrier"}
_LOOSENED = re.compile(r"不限|均可|皆可|都可")


def unlawful_in(text: str, slots: Iterable[Mapping[str, Any]] = ()) -> list[Hit]:
    """Every such demand in a text, in its order, overlaps once. slots: what the parser of adverts flagged, with their spans."""
    found = [Hit(kind, m.start(), m.end(), m[0]) for kind, pattern in _COMPILED.items() for m in pattern.finditer(text) if not _is_loosened(text, m)]
    for slot in slots:
        kind = _SLOTS.get(slot["slot"]) or (_PROTECTED.get(_protected_name(slot["value"]), "hukou") if slot["slot"] == "protected_demand" else "")
        if kind and slot["strength"] != "negated":
            found.append(Hit(kind, slot["start"], slot["end"], text[slot["start"] : slot["end"]]))
    kept: list[Hit] = []
    for hit in sorted(found, key=lambda h: (h.start, -h.end, h.kind)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _is_loosened(text: str, found: re.Match[str]) -> bool:
    """`男女不限`, `户籍不限`: said in order not to ask."""
    return _LOOSENED.match(text, found.end()) is not None or found[0].endswith("不限")


def _protected_name(value: Any) -> str:
    return str(value.get("kind") or next(iter(value), "")) if isinstance(value, dict) else str(value)
