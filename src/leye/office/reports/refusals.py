"""Why a step with an issue is refused, with what to do next."""

from __future__ import annotations

from leye.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from leye.office.reports.models import Issue, Kind, State


def nothing_published() -> NotFound:
    """There is no run to write about."""
    return NotFound(
        "还没有发布过快照，写不出报告",
        en="nothing is published yet, so there is nothing to write about",
        remedy_zh="先运行 leye run nightly",
        remedy_en="run leye run nightly first",
    )


def unknown_kind(kind: str) -> BadInput:
    """No such bulletin."""
    return BadInput(
        f"没有“{kind}”这种报告",
        en=f"no report {kind!r}",
        remedy_zh=f"可选：{'、'.join(Kind.values)}",
        remedy_en=f"one of: {', '.join(Kind.values)}",
        code="E_REPORT_KIND",
    )


def no_quarter() -> BadInput:
    """The panel holds no whole quarter."""
    return BadInput(
        "数据里还没有一个完整的季度",
        en="the data hold no whole quarter yet",
        remedy_zh="等季度的三个月都有数再出",
        remedy_en="wait until its three months have figures",
        code="E_REPORT_QUARTER",
    )


def already_published(issue: Issue) -> Conflict:
    """One published issue a period."""
    return Conflict(
        f"这一期已经发布：{issue.kind_zh}第 {issue.number} 期",
        en=f"this period is published: {issue.kind} issue {issue.number}",
        remedy_zh="要更正就先写明理由撤回，再重新生成",
        remedy_en="to correct it, withdraw it with a reason and make it again",
        code="E_REPORT_PUBLISHED",
    )


def own_issue() -> NotAllowed:
    """Nobody publishes their own."""
    return NotAllowed(
        "自己生成的报告不能自己发布",
        en="who made an issue does not publish it",
        remedy_zh="请另一位分析员来看、来发布",
        remedy_en="another analyst reads and publishes it",
        code="E_OWN_DRAFT",
    )


def step_refused(issue: Issue, step: str) -> Conflict:
    """It stands somewhere from where this step does not lead on."""
    return Conflict(
        f"这一期现在是“{State(issue.state).label}”，不能{step}",
        en=f"the issue is {issue.state}; this step is not possible now",
        remedy_zh="刷新看最新情况",
        remedy_en="reload",
        code="E_REPORT_STATE",
    )


def changed_since() -> Conflict:
    """Somebody touched the stored text."""
    return Conflict(
        "报告的正文和生成时不一样",
        en="the text is not what was made",
        remedy_zh="重新生成这一期",
        remedy_en="make the issue again",
        code="E_REPORT_CHANGED",
    )
