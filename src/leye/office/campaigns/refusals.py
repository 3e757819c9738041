"""Why a step with a campaign is refused, with what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from leye.kernel.errors import BadInput, CheckFailed, Conflict, NotAllowed
from leye.office.campaigns.models import Campaign, State


def bad_field(what_zh: str, what_en: str, remedy_zh: str, remedy_en: str) -> BadInput:
    """Something that was typed cannot be used."""
    return BadInput(what_zh, en=what_en, remedy_zh=remedy_zh, remedy_en=remedy_en, code="E_CAMPAIGN_FIELD")


def nobody_there() -> CheckFailed:
    """There is nobody to place."""
    return CheckFailed(
        "这个范围里没有求职者",
        en="nobody who looks for work is there",
        remedy_zh="换一个范围，或等今晚的名单",
        remedy_en="choose others, or wait for tonight's lists",
        code="E_CAMPAIGN_EMPTY",
    )


def too_many(people: int, most: int) -> BadInput:
    """More people than are placed at once."""
    return BadInput(
        f"有 {people:,} 人，一次最多安排 {most:,} 人",
        en=f"{people:,} people; at most {most:,} at once",
        remedy_zh="按区县分开办；更多的人用命令行 leye match allocate",
        remedy_en="one campaign a district; for more people the command leye match allocate",
        code="E_CAMPAIGN_SIZE",
    )


def nobody_fits() -> CheckFailed:
    """No person passes the conditions of any post."""
    return CheckFailed(
        "没有一个人够得上这些岗位写明的条件",
        en="nobody passes the stated conditions of these posts",
        remedy_zh="换岗位或换人；和单位谈谈条件",
        remedy_en="choose other posts or people, or talk to the employers about their conditions",
        code="E_CAMPAIGN_EMPTY",
    )


def posts_closed(names: Sequence[str]) -> Conflict:
    """Posts that nobody can apply for any more."""
    named = "、".join(names[:5])
    return Conflict(
        f"这些岗位已经不招了：{named}",
        en=f"no longer open: {', '.join(names[:5])}",
        remedy_zh="去掉它们重新算",
        remedy_en="compute again without them",
        code="E_CAMPAIGN_POSTS",
    )


def step_refused(campaign: Campaign, step_zh: str, step_en: str) -> Conflict:
    """It stands somewhere from where this step does not lead on."""
    return Conflict(
        f"这场活动现在是“{State(campaign.state).label}”，不能{step_zh}",
        en=f"the campaign is {campaign.state}; one cannot {step_en} now",
        remedy_zh="刷新看最新情况；同事可能刚办过",
        remedy_en="reload; a colleague may have been faster",
        code="E_CAMPAIGN_STATE",
    )


def mode_unknown(modes: Sequence[str]) -> BadInput:
    """No mode of this campaign."""
    return BadInput(
        "没有这种安排方式",
        en="no such way",
        remedy_zh="从页面上算出的几种里选一个",
        remedy_en=f"one of: {', '.join(modes)}",
        code="E_CAMPAIGN_MODE",
    )


def own_campaign() -> NotAllowed:
    """Nobody signs what they made or picked."""
    return NotAllowed(
        "自己算的、自己选的，不能自己签",
        en="who computed or chose does not sign",
        remedy_zh="请另一位同事来看、来签",
        remedy_en="another colleague reads and signs it",
        code="E_OWN_CAMPAIGN",
    )


def changed_since() -> Conflict:
    """What is signed must be what was seen."""
    return Conflict(
        "算好以后内容变了，和指纹对不上",
        en="the campaign changed since it was computed",
        remedy_zh="撤回，重新算一次",
        remedy_en="withdraw it and compute again",
        code="E_CAMPAIGN_STALE",
    )


def invitation_done() -> Conflict:
    """An invitation that is not where this step begins."""
    return Conflict(
        "这条邀请已经办过",
        en="this invitation was dealt with already",
        remedy_zh="刷新看最新情况；已代交的在“应聘进展”里办",
        remedy_en="reload; what was sent goes on among the applications",
        code="E_INVITATION_STATE",
    )
