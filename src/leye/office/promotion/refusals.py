"""Why a campaign's step is refused, with what to do next."""

from __future__ import annotations

from leye.kernel.errors import BadInput, CheckFailed, Conflict, NotAllowed
from leye.office.promotion.models import Campaign, State


def step_refused(campaign: Campaign, en: str) -> Conflict:
    """It stands somewhere from where this step does not lead on."""
    return Conflict(
        f"这项宣传现在是“{State(campaign.state).label}”，做不了这一步",
        en=f"the campaign is {campaign.state}; {en} is not possible now",
        remedy_zh="刷新看最新情况；已停止的要重新起草",
        remedy_en="reload; a stopped campaign is drafted anew",
        code="E_CAMPAIGN_STEP",
    )


def own_draft() -> NotAllowed:
    """Four eyes: whoever wrote it does not sign it."""
    return NotAllowed(
        "起草人不能签发自己的通知",
        en="whoever drafted the notice does not sign it",
        remedy_zh="请另一位有签发权限的同事看过再签",
        remedy_en="a colleague who may sign reads and signs it",
        code="E_CAMPAIGN_OWN",
    )


def texts_changed() -> Conflict:
    """The rule was changed between drafting and signing."""
    return Conflict(
        "起草以后规则变了，现在生成的文字和草稿不一样",
        en="the rule changed since the draft; its texts would read otherwise now",
        remedy_zh="停止这份草稿，重新起草再签",
        remedy_en="stop this draft and draft it anew",
        code="E_CAMPAIGN_STALE",
    )


def no_channel() -> BadInput:
    """Nothing chosen."""
    return BadInput("没有选渠道", en="no channel chosen", remedy_zh="至少选一个渠道", remedy_en="choose one at least", code="E_CAMPAIGN_CHANNEL")


def not_for_persons(name: str) -> CheckFailed:
    """A firm's benefit is told by boards, not by messages to persons."""
    return CheckFailed(
        f"“{name}”不是发给个人的，不能按人分批通知",
        en="this policy is not for persons, so nobody is told one by one",
        remedy_zh="把公告、海报的文字下载后张贴，或发给单位经办人",
        remedy_en="put up the board's and the poster's text, or give it to the firms' clerks",
        code="E_CAMPAIGN_AUDIENCE",
    )


def no_marks() -> CheckFailed:
    """The list comes from the night's marks."""
    return CheckFailed(
        "还没有政策标注，排不出名单",
        en="no marks are published yet, so there is no list",
        remedy_zh="先运行一次夜间任务（leye run nightly）",
        remedy_en="run the nightly batch first",
        code="E_CAMPAIGN_MARKS",
    )


def start_past() -> BadInput:
    """A first week that has begun cannot be watched from its start."""
    return BadInput(
        "第一周的第一天已经过去",
        en="the first day of the first week has passed",
        remedy_zh="从今天或以后的一天开始",
        remedy_en="start today or later",
        code="E_CAMPAIGN_START",
    )


def nothing_due() -> Conflict:
    """No grid's turn."""
    return Conflict(
        "今天没有轮到的网格",
        en="no grid's turn today",
        remedy_zh="看排期表上的下一批是哪天",
        remedy_en="see the schedule for the next step",
        code="E_CAMPAIGN_NOT_DUE",
    )


def running_already(policy: str) -> Conflict:
    """Two roll-outs of one policy spoil each other."""
    return Conflict(
        f"“{policy}”已经有一项宣传在分批通知",
        en=f"a campaign for {policy} is rolling out already",
        remedy_zh="等它结束，或先停止它",
        remedy_en="wait for it to end, or stop it first",
        code="E_CAMPAIGN_RUNNING",
    )


def bad_receipt(row: int, zh: str, en: str) -> BadInput:
    """A line of a gateway's report that cannot be taken."""
    return BadInput(
        f"回执第 {row} 行：{zh}",
        en=f"line {row} of the report: {en}",
        remedy_zh="列为 message_id, delivered_on, opened_on, failed；日期写 YYYY-MM-DD；改好整份再交",
        remedy_en="columns message_id, delivered_on, opened_on, failed; dates as YYYY-MM-DD; mend it and hand it in whole",
        code="E_RECEIPT",
    )
