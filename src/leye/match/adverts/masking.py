"""Phone numbers, chat accounts, addresses and names of contacts in an ad: found, and masked before the ad is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass

from leye.match.adverts.original import make_plain

_SURNAMES = (  # the most frequent ones
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚"
    "卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤欧庄尤"
)
_PHONE = (
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
    r"|(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)|(?<!\d)400[- ]?\d{3}[- ]?\d{4}(?!\d)"
)
_NAMED = (
    rf"(?:联系人|联系|咨询|找|请找|负责人|对接人|人事)\s?[:：]?\s?(?P<it>[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?)"
    r"(?=先生|女士|小姐|经理|主管|老师|总|店长|主任|师傅|工|姐|哥|[:：,，。；\s\d(〔]|电话|$)"
)
_KINDS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("id_number", re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\d)"), "〔证件号〕"),
    ("phone", re.compile(_PHONE), "〔电话〕"),
    ("email", re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"), "〔邮箱〕"),
    ("account", re.compile(r"(?:微信|薇信|威信|VX|vx|V信|QQ|qq|扣扣)(?:号|同号|群)?\s?[:：]?\s?(?P<it>[A-Za-z0-9_-]{5,20})"), "〔账号〕"),
    ("name", re.compile(_NAMED), "〔联系人〕"),
    ("name", re.compile(rf"(?<![\u4e00-\u9fff])(?P<it>[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?)(?=先生|女士|小姐)"), "〔联系人〕"),
)


@dataclass(frozen=True, slots=True)
class Contact:
    """Personal data in an ad. kind: id_number, phone, email, account, name · start, end: code points of the ORIGINAL text, end exclusive."""

    kind: str
    start: int
    end: int


def contacts(text: str) -> list[Contact]:
    """Every contact by place, none overlapping.

    >>> [(c.kind, c.start, c.end) for c in contacts("电话13800001234")]
    [('phone', 2, 13)]
    """
    return [contact for contact, _mask in _found(text)]


def _found(text: str) -> list[tuple[Contact, str]]:
    plain = make_plain(text)
    told: list[tuple[int, int, str, str]] = []
    for kind, pattern, mask in _KINDS:
        for match in pattern.finditer(plain.text):
            start, end = match.span("it") if "it" in pattern.groupindex else match.span()
            if not any(a < end and start < b for a, b, _k, _m in told):
                told.append((start, end, kind, mask))
    return [(Contact(kind, *plain.span(start, end)), mask) for start, end, kind, mask in sorted(told)]


def masked(text: str) -> str:
    """The ad with every contact replaced by a word in brackets; masking twice changes nothing more.

    >>> masked("联系王女士13800001234")
    '联系〔联系人〕女士〔电话〕'
    """
    for contact, mask in reversed(_found(text)):
        text = text[: contact.start] + mask + text[contact.end :]
    return text
