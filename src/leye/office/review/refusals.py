"""Why a step of a review is refused: who was faster, and what to do next."""

from __future__ import annotations

from leye.kernel.errors import Conflict, NotAllowed
from leye.office.alerts.words import beijing
from leye.office.review.models import ReviewCase


def taken(case: ReviewCase) -> Conflict:
    """A colleague has it."""
    when = beijing(case.taken_at) if case.taken_at else ""
    return Conflict(
        f"{case.reviewer}{when}领走了这一件",
        en=f"{case.reviewer} took this case at {when}",
        remedy_zh="看下一件；对方 24 小时没办完，这一件会放回来",
        remedy_en="go on to the next; after 24 hours it is free again",
        code="E_TAKEN",
    )


def judged_already(case: ReviewCase) -> Conflict:
    """It has its verdict."""
    when = beijing(case.decided_at) if case.decided_at else ""
    return Conflict(
        f"{case.reviewer}{when}已经复核过",
        en=f"{case.reviewer} judged it at {when}",
        remedy_zh="看下一件",
        remedy_en="go on to the next",
        code="E_TAKEN",
    )


def nothing_to_declare(case: ReviewCase) -> Conflict:
    """Only a disagreement can be a misjudgement, and only once."""
    return Conflict(
        "这一件没有可报的误判",
        en="there is no misjudgement to declare here",
        remedy_zh="结论不一致、还没报过的才能报",
        remedy_en="only a disagreement that was not declared yet",
        code="E_REVIEW_STEP",
    )


def about_oneself() -> NotAllowed:
    """Nobody reviews a decision about themselves."""
    return NotAllowed(
        "这条决定是关于您本人的，要请同事复核",
        en="this decision is about you",
        remedy_zh="看下一件",
        remedy_en="go on to the next",
        code="E_REVIEW_OWN",
    )
