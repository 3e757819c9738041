"""Why a step with a profile is refused, with what to do next."""

from __future__ import annotations

from leye.kernel.errors import BadInput, Conflict


def unknown_level() -> BadInput:
    """A level that is none."""
    return BadInput(
        "没有这一级",
        en="no such level",
        remedy_zh="从一般、关注、优先里选一个",
        remedy_en="choose ordinary, attention or priority",
        code="E_RISK_LEVEL",
    )


def reason_missing() -> BadInput:
    """An override without a reason."""
    return BadInput(
        "没有写改级的理由", en="the reason is missing", remedy_zh="写明您知道而系统不知道的情况，至少四个字",
        remedy_en="say what you know that the system does not, at least four characters", code="E_REASON",
    )  # fmt: skip


def same_level() -> Conflict:
    """Nothing would change."""
    return Conflict(
        "已经是这一级", en="that is the level already", remedy_zh="不用改；要撤回自己的修改请按“撤回”",
        remedy_en="nothing to change; take your own change back with undo", code="E_RISK_SAME",
    )  # fmt: skip


def standing_already() -> Conflict:
    """A colleague was faster."""
    return Conflict(
        "已经有人改过这一位的级别", en="somebody changed this level already", remedy_zh="先看改的理由；不同意先撤回，再改",
        remedy_en="read the reason; undo it first if you disagree", code="E_RISK_STANDING",
    )  # fmt: skip


def undone_already() -> Conflict:
    """Taken back before."""
    return Conflict("这次修改已经撤回", en="this change was taken back already", remedy_zh="不用再撤回", remedy_en="nothing to do", code="E_UNDO")


def opted_already(out: bool) -> Conflict:
    """The switch is where it should go."""
    zh = "您已经选择不做风险画像" if out else "您现在没有退出"
    return Conflict(zh, en="nothing to change", remedy_zh="不用再按", remedy_en="nothing to do", code="E_RISK_OPTED")
