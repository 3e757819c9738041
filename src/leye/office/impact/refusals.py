"""Why a step with a review or an assumption is refused, with what to do next."""

from __future__ import annotations

from leye.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from leye.office.impact.models import ProjectReview, State


def own_review() -> NotAllowed:
    """Nobody signs their own."""
    return NotAllowed(
        "自己写的评估不能自己签", en="who wrote a review does not sign it", remedy_zh="请另一位分析员来看、来签",
        remedy_en="another analyst reads and signs it", code="E_OWN_DRAFT",
    )  # fmt: skip


def step_refused(review: ProjectReview, step: str) -> Conflict:
    """It stands somewhere from where this step does not lead on."""
    return Conflict(
        f"这份评估现在是“{State(review.state).label}”，不能{step}", en=f"the review is {review.state}; this step is not possible now",
        remedy_zh="刷新看最新情况", remedy_en="reload", code="E_REVIEW_STATE",
    )  # fmt: skip


def changed_since() -> Conflict:
    """What is signed must be what was seen."""
    return Conflict(
        "存下以后表单或结论变了，对不上", en="the form or its findings changed since they were saved", remedy_zh="撤回这份，重新填一份",
        remedy_en="withdraw it and file it anew", code="E_REVIEW_STALE",
    )  # fmt: skip


def bad_field(field: str, zh: str, en: str) -> BadInput:
    """One field of a form."""
    return BadInput(f"{field}：{zh}", en=f"{field}: {en}", remedy_zh="改这一项再交", remedy_en="mend this field", code="E_FIELD")


def no_run() -> NotFound:
    """Nothing is published yet."""
    return NotFound(
        "还没有发布过快照",
        en="nothing is published yet",
        remedy_zh="请管理员运行 leye run nightly",
        remedy_en="the administrator runs leye run nightly",
    )
