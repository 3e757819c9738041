"""Why a step of a bureau's own rule is refused, with what to do next."""

from __future__ import annotations

from leye.kernel.errors import BadInput, CheckFailed, Conflict, LeyeError, NotAllowed, Place
from leye.office.rules.models import RuleDraft, State


def step_refused(draft: RuleDraft, en: str) -> Conflict:
    """It stands somewhere from where this step does not lead on."""
    return Conflict(
        f"这份规则现在是“{State(draft.state).label}”，做不了这一步",
        en=f"the rule is {draft.state}; {en} is not possible now",
        remedy_zh="刷新看最新情况；已公布或撤回的，以它为底另写一份",
        remedy_en="reload; what was published or withdrawn is written anew, from its text",
        code="E_RULE_STEP",
    )


def changed_meanwhile(draft: RuleDraft) -> Conflict:
    """Somebody saved between reading and writing."""
    return Conflict(
        "您打开以后，这份规则又改过了",
        en="the rule was changed since you opened it",
        remedy_zh="先看最新的文字，再改或再签",
        remedy_en="read the newest text first, then change or sign it",
        code="E_RULE_STALE",
    )


def own_text() -> NotAllowed:
    """Four eyes: whoever wrote any of it does not sign it."""
    return NotAllowed(
        "写过这份规则的人不能自己签字",
        en="whoever wrote some of the rule does not sign it",
        remedy_zh="请另一位分析员或审计员看过再签",
        remedy_en="another analyst, or the auditor, reads and signs it",
        code="E_RULE_OWN",
    )


def not_sound(errors: int, failed: int, places: tuple[Place, ...]) -> CheckFailed:
    """Lint refuses it, or cases come out otherwise."""
    return CheckFailed(
        f"检查没有通过：{errors} 处错误，{failed} 个案例不对",
        en=f"the check fails: {errors} errors, {failed} cases come out otherwise",
        remedy_zh="按列出的行改好再签字或公布",
        remedy_en="mend the lines that are listed, then sign or publish",
        places=places,
        code="E_RULE_CHECK",
    )


def no_policy() -> BadInput:
    """A text without a policy's id cannot be filed anywhere."""
    return BadInput(
        "文件里没有政策编号",
        en="the text names no policy",
        remedy_zh="第一行写 policy: 英文编号",
        remedy_en="begin with `policy: id`",
        code="E_RULE_TEXT",
    )


def too_long(most: int) -> BadInput:
    """Longer than any policy is."""
    return BadInput(
        f"文件太长，最多 {most // 1000} 千字",
        en=f"the text is too long; at most {most} characters",
        remedy_zh="一个文件写一项政策",
        remedy_en="one policy a file",
        code="E_RULE_TEXT",
    )


def region_unknown(region: str) -> BadInput:
    """Not a place."""
    return BadInput(
        f"地区写法不对：{region[:20]}",
        en=f"not a region: {region[:20]}",
        remedy_zh="写成 CN-44、CN-4403 或 CN-440305",
        remedy_en="write CN-44, CN-4403 or CN-440305",
        code="E_RULE_REGION",
    )


def other_place(region: str) -> NotAllowed:
    """A district's people write for their district."""
    return NotAllowed(
        f"{region} 不归您这一片，不能替它写规则",
        en=f"{region} is not yours to write rules for",
        remedy_zh="写本区的规则，或请全市的分析员来写",
        remedy_en="write for your own district, or ask an analyst of the whole city",
        code="E_RULE_PLACE",
    )


def taken_elsewhere(other: RuleDraft) -> Conflict:
    """The id of a new policy is in use in another place."""
    return Conflict(
        f"编号“{other.policy}”在 {other.region} 已经用了",
        en=f"the id {other.policy!r} is in use in {other.region}",
        remedy_zh="换一个编号，前面加上本地的拼音缩写",
        remedy_en="choose another id, such as one with the place's name in front",
        code="E_RULE_ID",
    )


def does_not_load(error: LeyeError) -> CheckFailed:
    """Fine alone, but not beside what is in force."""
    return CheckFailed(
        f"和正在执行的规则放在一起读不了：{error.zh}",
        en=f"it does not read beside the rules in force: {error.en}",
        remedy_zh=error.remedy_zh,
        remedy_en=error.remedy_en,
        places=error.places,
        code="E_RULE_BESIDE",
    )
