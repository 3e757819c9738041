"""What the linter can say: a stable code each, in both languages, with the place and the remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leye.kernel.errors import CheckFailed, Place

ERROR, NOTE = "error", "note"

TEXTS: dict[str, tuple[str, str, str, str]] = {
    "E_CARD_EMPTY": ("没有写{zh}", "no {en} is given", "至少写一条{zh}", "give at least one {en}"),
    "E_CARD_NEGOTIATION": (
        "调度决策类要写协商清单的五项",
        "a dispatch algorithm needs the five subjects of the negotiation sheet",
        "补上 {left}",
        "add {left}",
    ),
    "E_CARD_UNUSED": (
        "声明了特征“{name}”，代码或规则说明里没有用到",
        "feature {name!r} is declared and not used by the code or statement",
        "删掉这一条：用不着的不收集",
        "remove it: what is not used is not collected",
    ),
    "E_CARD_BANNED": (
        "“{name}”属于{zh}，禁止使用：{why_zh}",
        "{name!r} is {en}, which is banned: {why_en}",
        "删掉，并从程序里去掉",
        "remove it, from the program too",
    ),
    "E_CARD_PROTECTED": (
        "“{name}”属于受保护属性（{zh}），没有条款要求就不能用",
        "{name!r} is a protected attribute ({en}) and no clause demands it",
        "删掉；确有条款要求的，在 required_by 写明条款",
        "remove it; where a clause demands it, name the clause in required_by",
    ),
    "E_CARD_WHY": (
        "特征“{name}”没有说清为什么少了不行",
        "feature {name!r} has no justification",
        "写一句：没有它会怎样，为什么没有更少的办法",
        "say what fails without it and why nothing less would do",
    ),
    "E_CARD_REASON": (
        "理由“{name}”的中文和英文填的数不一样",
        "reason {name!r} fills in different figures in Chinese and English",
        "两种文字用同样的花括号名字",
        "use the same names in braces in both",
    ),
    "E_CARD_ORG": ("统一社会信用代码“{name}”校验不对", "credit code {name!r} fails its check", "对照营业执照改正", "compare with the licence"),
    "E_CARD_CONTACT": ("外部算法没有写联系人", "an outside algorithm names no contact", "写上能答复申诉的人或岗位", "name who answers objections"),
    "E_CARD_CODE_BANNED": (
        "代码里出现禁用的“{name}”（{zh}）",
        "the code names {name!r} ({en}), which is banned",
        "从程序里去掉",
        "remove it from the program",
    ),
    "E_CARD_CODE_PROTECTED": (
        "代码里出现没有声明的受保护属性“{name}”（{zh}）",
        "the code names {name!r} ({en}), protected and not declared",
        "从程序里去掉；确有条款要求的，声明并写明条款",
        "remove it; where a clause demands it, declare it with the clause",
    ),
    "E_CARD_SETTING": (
        "配置 {name} 登记为 {value}，代码里是 {runs}（{where}）",
        "setting {name} is registered as {value}, the code has {runs} ({where})",
        "改成实际运行的值，作为新版本登记",
        "register the value that runs, as a new version",
    ),
    "E_CARD_NO_CODE": (
        "按 paths 没有找到任何文件",
        "no file is found under the paths",
        "写对路径；外部算法交规则说明",
        "mend the paths; an outside algorithm deposits its statement",
    ),
    "E_CARD_STATEMENT": (
        "核对的是运营单位的规则说明，不是运行的程序",
        "the operator's statement was checked, not the running program",
        "靠结果来查：季度公平性报告、抽查",
        "its outcomes are audited: quarterly report, spot checks",
    ),
}
"""Code -> what is wrong (zh, en) and what to do (zh, en), with named holes."""

NOTES = frozenset({"E_CARD_STATEMENT"})
"""Codes that inform and do not stop registration."""


@dataclass(frozen=True, slots=True)
class Finding:
    """place: file and line, of the card or of the code."""

    code: str
    place: Place
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str

    @property
    def level(self) -> str:
        """`error` stops registration, `note` does not."""
        return NOTE if self.code in NOTES else ERROR

    def as_dict(self) -> dict[str, object]:
        """For `--json` and the API."""
        said = {"zh": self.zh, "en": self.en, "remedy_zh": self.remedy_zh, "remedy_en": self.remedy_en}
        return {"code": self.code, "level": self.level, "file": self.place.file, "line": self.place.row, "field": self.place.column, **said}


def finding(code: str, place: Place, **holes: object) -> Finding:
    """The finding of a code at a place, its holes filled. Raises KeyError on an unknown code or a hole left open."""
    zh, en, remedy_zh, remedy_en = (text.format(**holes) for text in TEXTS[code])
    return Finding(code, place, zh, en, remedy_zh, remedy_en)


def refuse_errors(name: str, findings: Sequence[Finding]) -> None:
    """Raise CheckFailed (E_CARD_LINT) when any finding is an error, with every place. name: of the algorithm."""
    bad = [f for f in findings if f.level == ERROR]
    if not bad:
        return
    raise CheckFailed(
        f"{name} 的卡片有 {len(bad)} 处不合格：" + "；".join(f.zh for f in bad[:5]),
        en=f"the card of {name} has {len(bad)} errors: " + "; ".join(f.en for f in bad[:5]),
        remedy_zh="；".join(dict.fromkeys(f.remedy_zh for f in bad[:5])),
        remedy_en="; ".join(dict.fromkeys(f.remedy_en for f in bad[:5])),
        places=tuple(f.place for f in bad),
        code="E_CARD_LINT",
    )
