"""Why an objection's step is refused, with what to do next."""

from __future__ import annotations

from leye.kernel.errors import BadInput, Conflict, NotAllowed
from leye.office.objections.models import Objection, State


def category_unknown() -> BadInput:
    """Not one of the categories."""
    return BadInput(
        "没有选哪里不对", en="choose what is wrong", remedy_zh="选一项再提交", remedy_en="choose one and send it again", code="E_OBJECTION_CATEGORY"
    )


def words_missing() -> BadInput:
    """Too little to go by."""
    return BadInput(
        "还没写清楚哪里不对",
        en="say what is wrong",
        remedy_zh="至少写 4 个字；不接受只由机器决定的，可以不写",
        remedy_en="at least 4 characters; who refuses a decision by a machine alone need not say why",
        code="E_OBJECTION_WORDS",
    )


def open_already(there: Objection) -> Conflict:
    """One at a time about one decision."""
    return Conflict(
        f"这条决定您已经申诉了，{there.due_on} 前答复",
        en=f"you have objected to this decision already; the answer is due by {there.due_on}",
        remedy_zh="在“我的申诉”里看进度、补充说明",
        remedy_en="see its state, or add words, under “My objections”",
        code="E_OBJECTION_OPEN",
    )


def superseded() -> Conflict:
    """A corrected decision is objected to in its new form, or two corrections of one decision would stand side by side."""
    return Conflict(
        "这条决定已经更正，以新的为准",
        en="this decision was corrected by a newer one",
        remedy_zh="对新的决定还有意见，请在新的那一页申诉",
        remedy_en="object to the newer decision on its own page",
        code="E_OBJECTION_SUPERSEDED",
    )


def step_refused(objection: Objection, step: str) -> Conflict:
    """It stands somewhere from where this step does not lead on."""
    is_open = objection.is_open
    return Conflict(
        f"这件申诉现在是“{State(objection.state).label}”，做不了这一步",
        en=f"the objection is {objection.state}; {step} is not possible now",
        remedy_zh="刷新看最新情况" if is_open else "已经办结；对新的决定不服，可以就它再申诉",
        remedy_en="reload" if is_open else "it is closed; the new decision can be objected to in its turn",
        code="E_OBJECTION_STEP",
    )


def taken(objection: Objection) -> Conflict:
    """A colleague has it, or nobody yet."""
    if objection.handler is None:
        return Conflict("先接手这件申诉", en="take the objection first", remedy_zh="点“我来办”", remedy_en="press take", code="E_OBJECTION_STEP")
    return Conflict(
        f"{objection.handler}已经接手这件申诉",
        en=f"{objection.handler} has this objection",
        remedy_zh="看下一件；要接手，请对方先退回",
        remedy_en="go on to the next; to take over, ask them to hand it back",
        code="E_TAKEN",
    )


def involved() -> NotAllowed:
    """The first reviewer or decider stands aside (原复核人回避)."""
    return NotAllowed(
        "这条决定您复核过、决定过，或者和您本人有关，要回避",
        en="you reviewed or decided it before, or it is about you: you stand aside",
        remedy_zh="请另一位同事来办",
        remedy_en="a colleague decides it",
        code="E_OBJECTION_INVOLVED",
    )


def outcome_unknown(known: list[str]) -> BadInput:
    """An outcome or reason that the card does not declare, or one that changes nothing."""
    return BadInput(
        "没有选好新的结果或理由",
        en="choose an outcome and a reason that the card declares",
        remedy_zh=f"从列出的里选{'：' + '、'.join(known) if known else ''}；和原来一样就选“维持”",
        remedy_en=f"one of: {', '.join(known)}; if it stays the same, uphold it"
        if known
        else "choose one of the list; if it stays the same, uphold it",
        code="E_OBJECTION_OUTCOME",
    )


def same_outcome() -> BadInput:
    """A correction that changes nothing."""
    return BadInput(
        "结果和原来一样，不是更正",
        en="this outcome is the old one, which corrects nothing",
        remedy_zh="要维持就选“维持原决定”；要更正就选别的结果",
        remedy_en="uphold it, or choose another outcome",
        code="E_OBJECTION_OUTCOME",
    )
