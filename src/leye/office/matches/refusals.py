"""Why a step with a match is refused, with what to do next."""

from __future__ import annotations

from leye.kernel.errors import BadInput, Conflict


def unknown_word() -> BadInput:
    """Neither like nor hide."""
    return BadInput("没有这个选项", en="no such choice", remedy_zh="选“感兴趣”或“不要这个”", remedy_en="choose like or hide", code="E_MATCH_WORD")


def unknown_answer() -> BadInput:
    """A question or an answer that is not in the lists."""
    return BadInput(
        "没有这个问题或答案", en="no such question or answer", remedy_zh="从列出的答案里选一个", remedy_en="choose one of the answers listed",
        code="E_MATCH_ANSWER",
    )  # fmt: skip


def consent_missing() -> BadInput:
    """A recommendation without the person's consent."""
    return BadInput(
        "没有写本人怎样同意", en="how the person agreed is missing", remedy_zh="先问本人，写明哪天、怎样同意的，至少四个字",
        remedy_en="ask first; write when and how they agreed, at least four characters", code="E_CONSENT",
    )  # fmt: skip


def closed(title: str, zh: str, en: str) -> Conflict:
    """The job closed since the list was made."""
    return Conflict(
        f"“{title}”{zh}", en=f"{title!r} {en}", remedy_zh="换一个开放的岗位", remedy_en="choose a job that stands open", code="E_JOB_CLOSED"
    )


def standing_already() -> Conflict:
    """Said before."""
    return Conflict(
        "已经记过了", en="this was recorded already", remedy_zh="要改先撤回", remedy_en="undo it first to change it", code="E_MATCH_STANDING"
    )


def nothing_to_read() -> Conflict:
    """A list was asked for, and nothing about the person may be used for it."""
    return Conflict(
        "没有可以用来匹配的内容", en="there is nothing that matching may use", remedy_zh="先在“我的画像”里存一版，或者恢复一版",
        remedy_en="save a version of your profile first, or put one back", code="E_MATCH_NOTHING_TO_READ",
    )  # fmt: skip
