"""Names that ads write out: certificates, languages, majors. The words stay as written, without the verbs and bounds around them."""

from __future__ import annotations

import re

_CUT = re.compile(
    r"^.*(?:持?有效的?|持有|持|考取|取得|具备|具有|获得|拥有|要求|提供|办理|必须|务必|须|需要|需|有(?![色限机害轨])|以上学历|，)(?=.{2})"
)
_LEAD = re.compile(
    r"(?:应(?!急)|最好|优先|如|若|已|曾|凭|考过|考(?!古)|获|通过|带|备|出示|有效|会(?!计|展)|不用|能(?!源)|可|均|并|且|者|同时|另|入职后|或|和|及|与|以及|、|/|的|相应|相关|本人|国家(?=统一)|[1-9])+"
)
_TAIL = re.compile(r"(?:及|或)?(?:其)?以上$|考试$")
_CODE = re.compile(r"\([A-Z0-9]{1,4}\)$")
_GENERIC = {
    "持证",
    "有证",
    "带证",
    "证",
    "证书",
    "资格证",
    "资格证书",
    "操作证",
    "上岗证",
    "许可证",
    "从业证",
    "相关证书",
    "相关证",
    "相应证书",
    "各类证书",
    "从业资格证",
    "执业证",
    "合格证",
    "等级证书",
    "技能证书",
}
_NO_PAPER = re.compile(r"无(?![人损菌线])|任何|其他|免|多证")  # 无证亦可 asks for nothing, 无损检测证 does
_JOINT = re.compile(r"[、/]|或者?|和|以及|及(?!其)")
_MAJOR_LEAD = re.compile(
    r"^(?:.*(?:要求|须|需|必须|具有|具备|毕业于|学历|以上|本科|大专|专科|硕士|博士|中专|全日制|统招|优先|学习|招聘|招|为|在校|在读|有|的))?"
)
_MAJOR_TAIL = re.compile(r"(?:等(?:文|理|工|理工)?科?|类|相关|及相关|或相关|相近|理工科|方向|及)+$")
_NO_MAJOR = {"相关", "本", "该", "不限", "其他", "各", "任何", "同", "非", "对口", "理工", "大学", "多个", "所学", "等"}


def certificate(said: str) -> tuple[int, str] | None:
    """(offset, name) of the certificate inside a match; None when only a class of papers is named.

    >>> certificate("须持有低压电工证")
    (3, '低压电工证')
    """
    cut = _CUT.match(said)
    start = cut.end() if cut else 0
    lead = _LEAD.match(said, start)
    start = lead.end() if lead else start
    name = _CODE.sub("", _TAIL.sub("", said[start:]))
    return None if name in _GENERIC or _NO_PAPER.match(name) or len(name) < 2 else (start, name)


def majors(said: str) -> list[tuple[int, str]]:
    """(offset, name) of every major of a list such as 会计、财务管理."""
    found: list[tuple[int, str]] = []
    at = 0
    for part in [*_JOINT.finditer(said), None]:
        end = part.start() if part else len(said)
        lead = _MAJOR_LEAD.match(said[at:end])
        start = at + (lead.end() if lead else 0)
        name = _MAJOR_TAIL.sub("", said[start:end])
        if 2 <= len(name) <= 12 and name not in _NO_MAJOR:
            found.append((start, name))
        at = part.end() if part else end
    return found
