"""Why a step with an application is refused, with what to do next."""

from __future__ import annotations

from datetime import date

from leye.kernel.errors import BadInput, Conflict, NotAllowed
from leye.office.applications.models import Application, Refusal, State


def not_linked() -> NotAllowed:
    """An account that stands for nobody."""
    return NotAllowed(
        "这个账号还没有和您的档案连上",
        en="this account is not linked to a person yet",
        remedy_zh="带身份证到就业服务站连一下，当场就能用",
        remedy_en="link it at a service point with your identity card",
        code="E_APPLICATION_PERSON",
    )


def consent_missing() -> BadInput:
    """A counsellor acts for somebody without saying how they agreed."""
    return BadInput(
        "没有写本人怎么同意的",
        en="how the person agreed is missing",
        remedy_zh="写明哪天、电话还是当面同意，至少四个字",
        remedy_en="say when and how they agreed, at least four characters",
        code="E_CONSENT",
    )


def open_already(there: Application) -> Conflict:
    """One open application a job and person."""
    return Conflict(
        f"“{there.title}”已经在办：{State(there.state).label}",
        en=f"there is an open application for “{there.title}” already: {there.state}",
        remedy_zh="看进度，不用再交一次",
        remedy_en="follow its progress",
        code="E_APPLICATION_OPEN",
    )


def step_refused(application: Application, verb: str) -> Conflict:
    """It stands somewhere from where this step does not lead on."""
    return Conflict(
        f"这件应聘现在是“{State(application.state).label}”，做不了这一步",
        en=f"the application is {application.state}; {verb} is not possible now",
        remedy_zh="刷新看最新情况；对方或同事可能刚办过",
        remedy_en="reload; the other side or a colleague may have been faster",
        code="E_APPLICATION_STEP",
    )


def words_missing(what_zh: str, what_en: str) -> BadInput:
    """A step that has to say something."""
    return BadInput(
        f"没有写{what_zh}",
        en=f"{what_en} is missing",
        remedy_zh="本人会看到这段话，至少写四个字",
        remedy_en="the person will read it; at least four characters",
        code="E_APPLICATION_WORDS",
    )


def words_unlawful(found: str, basis: str) -> BadInput:
    """A refusal that names what must not count."""
    return BadInput(
        f"这段话里的“{found}”不能作为不录用的理由（{basis}）",
        en=f"“{found}” is no lawful reason not to hire ({basis})",
        remedy_zh="只写和岗位要求有关的原因",
        remedy_en="name reasons of the job only",
        code="E_APPLICATION_UNLAWFUL",
    )


def reason_unknown() -> BadInput:
    """No reason of the list."""
    return BadInput(
        "没有选不录用的原因",
        en="choose a reason of the list",
        remedy_zh="从列出的原因里选一个：" + "、".join(str(r.label) for r in Refusal),
        remedy_en="one of: " + ", ".join(Refusal.values),
        code="E_APPLICATION_REASON",
    )


def start_wrong(first: date, last: date) -> BadInput:
    """No first day of work, or one that cannot be."""
    return BadInput(
        f"上班日期要在 {first} 到 {last} 之间",
        en=f"the first day of work lies between {first} and {last}",
        remedy_zh="填约好的第一天",
        remedy_en="give the day that was agreed",
        code="E_APPLICATION_START",
    )


def undo_too_late(application: Application) -> Conflict:
    """Not the last step, not one's own, not of today, or one that cannot be taken back."""
    return Conflict(
        "这一步撤不回了",
        en="this step cannot be taken back any more",
        remedy_zh="只能撤回自己当天的最后一步；要改，请办下一步",
        remedy_en="only one's own last step of the same day; otherwise take the next step",
        code="E_UNDO",
    )


def stay_not_due(days: int) -> BadInput:
    """Asked about a day that has not come, or a number of days that is not asked about."""
    return BadInput(
        f"还没到上班后第 {days} 天",
        en=f"day {days} after the start has not come",
        remedy_zh="到期再填；会提醒",
        remedy_en="say it when it is due; you will be asked",
        code="E_STAY_DAY",
    )


def candidate_gone() -> Conflict:
    """The candidate of an older list."""
    return Conflict(
        "这份名单已经更新",
        en="the list was made anew",
        remedy_zh="在新的名单里再选",
        remedy_en="choose from the newer list",
        code="E_CANDIDATE",
    )
