"""Why a roll-out is not estimated, or a notice not written."""

from __future__ import annotations

from datetime import date

from leye.kernel.errors import CheckFailed, NotFound
from leye.policy.promote.said import Said


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


class Unverified(CheckFailed):
    """The basis of the policy was not seen in a document."""

    code = "E_UNVERIFIED"


class NotInForce(CheckFailed):
    """No version of the policy holds that day."""

    code = "E_NOT_IN_FORCE"


class TooLong(CheckFailed):
    """What must be said does not fit."""

    code = "E_NOTICE_LENGTH"


class Personal(CheckFailed):
    """A notice would carry personal data."""

    code = "E_PERSONAL_DATA"


def policy_unknown(policy: str, known: tuple[str, ...]) -> NotFound:
    """The refusal of an id that no pack holds."""
    remedy = f"政策编号见 leye policy facts 或规则包；现有 {len(known)} 项，如 {'、'.join(known[:5])}"
    remedy_en = f"one of the packs' {len(known)} policies, such as {', '.join(known[:5])}"
    return NotFound(f"没有政策“{policy}”", en=f"no policy {policy!r}", remedy_zh=remedy, remedy_en=remedy_en, code="E_POLICY")


def unverified(name: str, policy: str) -> Unverified:
    """The refusal to tell people about a rule from memory."""
    return Unverified(
        f"“{name}”的依据还没有核实，不能对外通知",
        en=f"the basis of {policy} was not seen in a document, so nobody is told about it",
        remedy_zh="先找到原文，把规则包里的 status 改成 verified 并写明出处，再生成通知",
        remedy_en="find the document, set the policy's status to verified with its source, then write the notice",
    )


def not_in_force(name: str, policy: str, on: date) -> NotInForce:
    """The refusal to tell people about a rule that does not hold."""
    return NotInForce(
        f"{on.isoformat()} 没有生效的“{name}”",
        en=f"no version of {policy} is in force on {on.isoformat()}",
        remedy_zh="换一天，或先把后续文件写进规则包",
        remedy_en="choose another day, or put the successor document into the pack first",
    )


def too_long(policy: str, channel: Said) -> TooLong:
    """The refusal to send half a notice."""
    return TooLong(
        f"“{policy}”必须说的话在“{channel.zh}”里放不下",
        en=f"what must be said about {policy} does not fit a {channel.word('en')}",
        remedy_zh="把规则包里的 benefit 写短一些，或换一个渠道",
        remedy_en="write the pack's `benefit` shorter, or choose another channel",
    )


def personal(found: tuple[tuple[str, str], ...]) -> Personal:
    """The refusal of a text with personal data in it."""
    zh, en = "、".join(f[0] for f in found), ", ".join(f[1] for f in found)
    return Personal(
        f"通知里有{zh}",
        en=f"the notice holds {en}",
        remedy_zh="通知只能留“{姓名}”一个空位，其他个人信息都去掉",
        remedy_en="only the slot {姓名} may be personal; take the rest out",
    )
