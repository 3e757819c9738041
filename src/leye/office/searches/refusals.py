"""Why a step with a kept search is refused, with what to do next."""

from __future__ import annotations

from leye.kernel.errors import BadInput, Conflict


def nothing_asked() -> BadInput:
    """A search that asks for nothing."""
    return BadInput(
        "没有写要找什么", en="nothing is asked for", remedy_zh="先在“找工作”里写一行再保存", remedy_en="search for something first, then keep it",
        code="E_SEARCH_EMPTY",
    )  # fmt: skip


def too_many(most: int) -> Conflict:
    """No room for another."""
    return Conflict(
        f"最多保存 {most} 个", en=f"at most {most} searches can be kept", remedy_zh="先删掉不用的", remedy_en="delete one first", code="E_SEARCH_MANY"
    )


def unknown_notify() -> BadInput:
    """A choice that is none."""
    return BadInput(
        "没有这种提醒", en="no such choice", remedy_zh="从不提醒、每天、每周里选", remedy_en="choose never, daily or weekly", code="E_SEARCH_NOTIFY"
    )


def no_name() -> BadInput:
    """A name that is empty."""
    return BadInput("没有起名字", en="the name is missing", remedy_zh="写几个字，自己认得就行", remedy_en="a few words will do", code="E_SEARCH_NAME")
