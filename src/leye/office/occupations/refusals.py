"""Why a step with occupation codes is refused, with what to do next."""

from __future__ import annotations

from leye.kernel.errors import BadInput, Conflict


def no_title() -> BadInput:
    """A title without a word."""
    return BadInput(
        "没有可读的职位名称",
        en="no readable job title",
        remedy_zh="写岗位叫什么，例如：冷库理货员",
        remedy_en="say what the job is called",
        code="E_TITLE",
    )


def reason_missing() -> BadInput:
    """A correction without a reason."""
    return BadInput(
        "没有写理由", en="the reason is missing", remedy_zh="写明凭什么，至少四个字", remedy_en="say why, at least four characters", code="E_REASON"
    )


def standing_already() -> Conflict:
    """A colleague was faster, or the title was corrected before."""
    return Conflict(
        "这个名称已经更正过", en="this title was corrected already", remedy_zh="先看理由；不同意先撤回，再更正",
        remedy_en="read the reason; take it back first if you disagree", code="E_CORRECTED",
    )  # fmt: skip


def same_code() -> Conflict:
    """Nothing would change."""
    return Conflict("已经是这个编码", en="that is the code already", remedy_zh="不用更正", remedy_en="nothing to correct", code="E_CODE_SAME")


def undone_already() -> Conflict:
    """Taken back before."""
    return Conflict("这次更正已经撤回", en="this correction was taken back already", remedy_zh="不用再撤回", remedy_en="nothing to do", code="E_UNDO")


def no_newcomer() -> Conflict:
    """The cluster is gone, or somebody decided on it."""
    return Conflict(
        "这个候选已经不在名单里", en="this candidate is no longer on the list", remedy_zh="回到名单看现在有哪些", remedy_en="look at the list again",
        code="E_NEWCOMER",
    )  # fmt: skip
