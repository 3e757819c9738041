"""Why a roll-out is not estimated, or a notice not written."""

from __future__ import annotations

from leye.kernel.errors import CheckFailed


class FewGrids(CheckFailed):
    """Too few grids can be compared."""

    code = "E_FEW_GRIDS"


def too_few_grids(policy: str, *, grids: int, least: int, seen: int, within: int) -> FewGrids:
    """The refusal of a roll-out whose weeks or grids do not carry an interval."""
    if grids < least:
        return FewGrids(
            f"“{policy}”只有 {grids} 个网格，少于 {least} 个，算不出可信的区间",
            en=f"{policy}: {grids} grids, fewer than {least}, carry no interval",
            remedy_zh="把更多网格纳入分批推开，或按更小的片区抽签",
            remedy_en="roll out over more grids, or draw the lottery over smaller areas",
        )
    return FewGrids(
        f"“{policy}”通知之后只有 {seen} 周能和尚未通知的网格相比，要看 {within} 周",
        en=f"{policy}: {seen} weeks after the notice can be compared with grids not yet reached, {within} are wanted",
        remedy_zh="再等几周，或保留一批最后才通知的网格",
        remedy_en="wait some weeks, or keep some grids to the last",
    )
