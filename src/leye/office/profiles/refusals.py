"""Why a step on a profile is refused, with what to do next."""

from __future__ import annotations

from leye.kernel.errors import BadInput, Conflict


def changed_meanwhile(number: int) -> Conflict:
    """Another window saved first."""
    return Conflict(
        f"画像已经在别的窗口改过，现在是第 {number} 版",
        en=f"the profile was changed elsewhere and now has version {number}",
        remedy_zh="看一眼最新的一版，再把您的修改填上",
        remedy_en="look at the newest version and make your change again",
        code="E_PROFILE_CHANGED",
    )


def no_text() -> BadInput:
    """Neither a file nor words."""
    return BadInput(
        "没有选文件，也没有写字",
        en="neither a file nor a text",
        remedy_zh="选一个 .docx、.pdf 或 .txt 文件，或者把简历贴进框里",
        remedy_en="choose a .docx, .pdf or .txt file, or paste the text",
        code="E_RESUME_EMPTY",
    )


def too_many() -> BadInput:
    """More claims than a person has."""
    return BadInput(
        "填的内容太多，一份画像最多 300 项",
        en="more than 300 entries",
        remedy_zh="留下和找工作有关的",
        remedy_en="keep what matters for finding work",
        code="E_PROFILE_SIZE",
    )


def no_original() -> BadInput:
    """A field that no paper attests."""
    return BadInput(
        "这一项没有原件可看",
        en="no original attests this field",
        remedy_zh="能核对原件的是证书、学历、专业、技能等级、培训、语言",
        remedy_en="certificates, education, major, grade of skill, trainings and languages have originals",
        code="E_PROFILE_ORIGINAL",
    )
