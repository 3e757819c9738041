"""Why a step of the list, of a claim or of an answer is refused, with what to do next."""

from __future__ import annotations

from datetime import date

from leye.kernel.errors import BadInput, Conflict, NotAllowed
from leye.office.entitlements.models import Claim, Contact, State


def unknown_result() -> BadInput:
    """Not one of the results of a call."""
    return BadInput("没有选怎么样了", en="choose what came of it", remedy_zh="点五个按钮之一", remedy_en="press one of the five", code="E_CONTACT")


def nothing_left() -> Conflict:
    """The card was handled meanwhile, or the marks changed overnight."""
    return Conflict(
        "这张卡片上已经没有要办的了",
        en="nothing is left to do on this card",
        remedy_zh="刷新清单看下一位",
        remedy_en="reload the list and go on",
        code="E_CARD_DONE",
    )


def undo_too_late(contact: Contact) -> Conflict:
    """Taken back before, by somebody else, or the claim went on."""
    return Conflict(
        "这一条撤不回了",
        en="this cannot be taken back any more",
        remedy_zh="已经有了下一步，到申领里改",
        remedy_en="something followed; change it under the claim",
        code="E_UNDO",
    )


def open_already(claim: Claim) -> Conflict:
    """One open claim an item."""
    return Conflict(
        f"这一项已经在办：{State(claim.state).label}（{claim.changed_at:%m-%d}）",
        en=f"there is an open claim already: {claim.state}",
        remedy_zh="看进度，不用再交一次",
        remedy_en="follow its progress",
        code="E_CLAIM_OPEN",
    )


def not_entitled(name: str) -> Conflict:
    """The rule says no today."""
    return Conflict(
        f"按现在登记的事实，《{name}》不符合条件",
        en="the rule says no on the registered facts",
        remedy_zh="看缺哪一条；事实不对就补充或更正，认为判断不对就点“不对？告诉我们”",
        remedy_en="see which condition fails; add or correct the fact, or object",
        code="E_NOT_ENTITLED",
    )


def step_refused(claim: Claim, step: str) -> Conflict:
    """It stands somewhere from where this step does not lead on."""
    return Conflict(
        f"这件申领现在是“{State(claim.state).label}”，做不了这一步",
        en=f"the claim is {claim.state}; {step} is not possible now",
        remedy_zh="刷新看最新情况",
        remedy_en="reload",
        code="E_CLAIM_STEP",
    )


def same_person(what_zh: str, what_en: str) -> NotAllowed:
    """不相容岗位分离: who took it in does not approve, who approved does not pay."""
    return NotAllowed(
        f"这一步要换一个人办：{what_zh}",
        en=f"somebody else has to do this: {what_en}",
        remedy_zh="请同事来办",
        remedy_en="ask a colleague",
        code="E_SAME_PERSON",
    )


def barred(name: str) -> Conflict:
    """A firm with a blacklisted algorithm gets no subsidies."""
    return Conflict(
        f"{name} 有算法在黑名单上，补贴停发",
        en=f"{name} has a blacklisted algorithm; subsidies are stopped",
        remedy_zh="算法移出黑名单以后再申请；税收优惠和缴费率不受影响",
        remedy_en="apply again once the algorithm is off the list; tax credits and rates are not touched",
        code="E_BARRED",
    )


def double(group: str, what: str, policy: str, when: date | None, fen: int | None) -> Conflict:
    """The same thing would be paid twice. what: item in words · policy, when, fen: the payment that stands in the way."""
    paid = f"《{policy}》" + (f" {when.isoformat()}" if when else "") + (f" {fen / 100:,.2f} 元" if fen is not None else "")
    return Conflict(
        f"不能重复发放：{what}已经发过 {paid}",
        en=f"already paid: {what}, {policy} {when or ''} ({group})",
        remedy_zh="核对两笔；发错的先由经办机构追回再登记",
        remedy_en="compare the two; a wrong one is recovered first",
        code="E_DOUBLE_PAYMENT",
    )


def no_receipt() -> BadInput:
    """A payment without its number cannot be checked."""
    return BadInput(
        "没有写拨付单号", en="the number of the payment order is missing", remedy_zh="抄上财务系统的单号", remedy_en="copy it from the accounts",
        code="E_RECEIPT",
    )  # fmt: skip


def bad_amount(most_fen: int | None) -> BadInput:
    """Not a sum of money, or more than the rule gives."""
    most = f"，不能超过 {most_fen / 100:,.2f} 元" if most_fen is not None else ""
    return BadInput(
        f"金额写得不对{most}",
        en=f"not a valid amount{'' if most_fen is None else f', at most {most_fen / 100:.2f} yuan'}",
        remedy_zh="写元，最多两位小数",
        remedy_en="yuan with at most two decimals",
        code="E_AMOUNT",
    )


def reason_missing() -> BadInput:
    """A refusal without a reason is none."""
    return BadInput(
        "没有写理由", en="a reason is needed", remedy_zh="写给本人看得懂的理由，至少 4 个字", remedy_en="at least 4 characters", code="E_REASON"
    )


def known_already(zh: str) -> Conflict:
    """Registers are not overwritten by an answer."""
    return Conflict(
        f"“{zh}”已经有登记，不能用填报改它",
        en="a register has a value already; an answer does not change it",
        remedy_zh="登记不对，到“我的资料”要求更正",
        remedy_en="ask for a correction under “My data”",
        code="E_FACT_KNOWN",
    )


def not_to_be_asked(zh: str) -> BadInput:
    """A fact of the place or a key, or none at all."""
    return BadInput(
        f"“{zh}”不由本人填报",
        en="this fact is not asked of persons",
        remedy_zh="从页面列出的问题里选",
        remedy_en="answer the listed questions",
        code="E_FACT_ASKED",
    )


def nothing_answered() -> BadInput:
    """An empty form."""
    return BadInput(
        "还没有回答", en="nothing was answered", remedy_zh="选或写一个答案，不知道的可以空着", remedy_en="answer at least one", code="E_NO_ANSWER"
    )


def proof_missing() -> BadInput:
    """A counsellor says what was seen."""
    return BadInput(
        "没有写核对了什么材料",
        en="say which paper was seen",
        remedy_zh="例如：身份证、解除合同证明",
        remedy_en="such as: notice of dismissal",
        code="E_PROOF",
    )


def bad_month() -> BadInput:
    """Not a month."""
    return BadInput("没有写发放哪个月", en="say which month is paid for", remedy_zh="写成 2025-08", remedy_en="write 2025-08", code="E_MONTH")
