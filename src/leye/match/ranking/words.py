"""Words of lists and free text, made comparable; words about who somebody is are taken out before anything is read."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from leye.match.fold import fold
from leye.match.skills import labelled, normalise

_HOMES = (
    "北京|天津|河北|山西|内蒙古?|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆"
    "|香港|澳门|台湾|东北"
)
_PROTECTED = re.compile(
    r"(?:出生(?:年月|日期)?|生日|生于)\s*[:：]?\s*(?:19|20)\d\d[\d年月日./-]{0,8}"
    r"|(?:姓名|名字|性别|年龄|民族|籍贯|户籍|户口(?:性质|所在地)?|出生(?:年月|日期)?|生日|婚姻(?:状况)?|婚育(?:状况)?|健康(?:状况)?|政治面貌)\s*[:：]?\s*[^\s,，。;；、|/]{0,12}"
    r"|(?:我叫|本人叫?|名叫|我是)\s*[\u4e00-\u9fff]{2,4}(?=[,，。;；、\s]|$)"
    r"|(?:(?:19|20)\d\d\s*年\s*)?\d{1,2}\s*月\s*\d{0,2}\s*日?\s*(?:出?生)|(?:19|20)\d\d\s*年\s*(?:出?生)"
    r"|(?:19|20)\d\d\s*[-./]\s*\d{1,2}(?:\s*[-./]\s*\d{1,2})?\s*出?生(?!产)"
    r"|\d{1,3}\s*(?:周岁|岁)|[零一二两三四五六七八九十]{1,3}\s*(?:周岁|岁)|(?:\d|[五六七八九零])[0零]后|[二三四五六]十(?:出头|多岁|来岁)|芳龄\s*\d{0,2}|年方[\u4e00-\u9fff]{2}"
    r"|(?<![a-z])aged?\s*[:：]?\s*\d{1,2}|\d{1,2}\s*years?\s*old|(?<![a-z])(?:fe)?male(?![a-z])|(?<![a-z])(?:mrs?\.?|ms\.)(?![a-z])"
    r"|女生(?:一枚)?|男生(?:一枚)?|[女男]孩子?|小伙子?|小[哥姐]{2}|姑娘|大[姐妈叔爷]|[宝奶][妈爸]|男性?|女性?|先生|小姐|女士|已婚|未婚|离异|丧偶|单身|单亲|已育|未育"
    r"|怀孕(?:\d{1,2}个月)?|孕期|哺乳期|有小?孩子?|有娃|无孩|[一两二三]个(?:小?孩子?|娃)|[二三]胎|子女"
    r"|(?:农村|城镇|城市|本地|外地|农业|非农业?|本市|外省|外来)(?:户口|户籍|人口|居民|务工|人员?)|农业户"
    rf"|(?:{_HOMES})(?:人(?![事民大力寿才])|户口|户籍|籍)|[\u4e00-\u9fff]{{1,3}}族(?![\u4e00-\u9fff]{{0,2}}(?:馆|舞))"
    r"|残疾|乙肝|慢性病|高血压|糖尿病"
)
"""Statements of name, sex, age, ethnicity, household registration, marriage, children and health. Taken out on both sides alike."""
_ASCII = re.compile(r"[a-z0-9+#.]+")
GAP = "\x02"
"""What stands where a protected word was: no word and no pair of characters reaches across it."""
EDGE = "\x01"
"""Stands at both ends of every run of Latin letters, so that `java` is not found in `javascript`."""


@cache
def plain(word: str) -> str:
    """A word of a list in the form that is compared: half-width, simplified, small letters, no blanks.

    >>> plain(" Ｅxcel 表格")
    'excel表格'
    """
    return "".join(fold(word).split())


@cache
def skill_name(word: str) -> str:
    """The label of the skill table that a word stands for (cache: one word is asked for thousands of times), else the plain word."""
    return normalise(word) or plain(word)


def without_protected(text: str) -> str:
    """Text with every statement about who somebody is replaced by one GAP, in the comparable form; runs of gaps become one."""
    return re.sub(f"{GAP}+", GAP, _PROTECTED.sub(GAP, fold(text)))


def fenced(text: str) -> str:
    """Text or word in the form in which words are looked for: comparable, no blanks, Latin runs between EDGEs.

    >>> fenced("会 Java 编程").replace(EDGE, "^")
    '会^java^编程'
    """
    return _ASCII.sub(lambda m: f"{EDGE}{m.group()}{EDGE}", "".join(fold(text).split()))


def searchable(text: str) -> str:
    """As `fenced`, and without a word about who somebody is."""
    return fenced(without_protected(text))


@cache
def forms(skill: str) -> tuple[str, ...]:
    """Fenced forms under which a skill (as `skill_name` gives it) is looked for in texts: label and other names; Latin ones from three letters."""
    known = labelled(skill)
    written = {fenced(name) for name in ((known.label, *known.aliases) if known else (skill,))}
    return tuple(sorted(f for f in written if len(f.replace(EDGE, "")) > (2 if f.isascii() else 1)))


@cache
def private_forms(skill: str) -> tuple[str, ...]:
    """The same for a person's text, where protected words have been taken out of text and word alike."""
    return tuple(sorted({g for f in forms(skill) if len((g := searchable(f.replace(EDGE, ""))).strip(EDGE + GAP)) > 1}))


def pairs(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters of a searchable text that reach over no gap."""
    bare = text.replace(EDGE, "")
    return frozenset(a + b for a, b in pairwise(bare) if GAP not in (a, b))


def found_at(word: str, text: str) -> tuple[int, int] | None:
    """Code points [start, end) of the first place in the ORIGINAL text where the word stands, whatever its case and width; None when nowhere."""
    sought = fold(word.strip())
    at = fold(text).find(sought) if sought else -1
    return None if at < 0 else (at, at + len(sought))
