"""Why a step with a plan is refused, with what to do next."""

from __future__ import annotations

from leye.kernel.errors import BadInput, CheckFailed, Conflict, NotAllowed
from leye.office.programmes.models import ProgrammePlan, State


def no_table(name: str) -> BadInput:
    """A table that the computation needs is not there."""
    zh = {"people": "居民表", "programmes": "项目参加记录（programmes）"}[name]
    return BadInput(
        f"数据文件夹里没有{zh}",
        en=f"the data folder has no table {name}",
        remedy_zh="请管理员先运行 leye demo，或装载这张表",
        remedy_en="the administrator runs leye demo first, or loads the table",
        code="E_NO_TABLE",
    )


def too_long(most: int) -> BadInput:
    """A text that is no list of programmes."""
    return BadInput(
        f"项目表太长，最多 {most:,} 个字",
        en=f"too long: at most {most:,} characters",
        remedy_zh="少列几个项目",
        remedy_en="list fewer programmes",
        code="E_PLAN_LONG",
    )


def no_budget() -> BadInput:
    """Nothing to spend."""
    return BadInput(
        "没有填预算",
        en="no budget is given",
        remedy_zh="至少给一项资金填预算（元）",
        remedy_en="give at least one fund a budget in yuan",
        code="E_NO_BUDGET",
    )


def bad_amount(text: str) -> BadInput:
    """An amount that cannot be read."""
    return BadInput(
        f"金额“{text[:30]}”读不懂",
        en=f"{text[:30]!r} is no amount",
        remedy_zh="写成 3000000 或 12000.50（元）",
        remedy_en="write 3000000 or 12000.50 (yuan)",
        code="E_BUDGET",
    )


def own_plan() -> NotAllowed:
    """Nobody signs their own."""
    return NotAllowed(
        "自己算的安排不能自己签",
        en="who computed a plan does not sign it",
        remedy_zh="请另一位分析员来看、来签",
        remedy_en="another analyst reads and signs it",
        code="E_OWN_PLAN",
    )


def step_refused(plan: ProgrammePlan, step: str) -> Conflict:
    """It stands somewhere from where this step does not lead on."""
    return Conflict(
        f"这个安排现在是“{State(plan.state).label}”，不能{step}",
        en=f"the plan is {plan.state}; this step is not possible now",
        remedy_zh="刷新看最新情况",
        remedy_en="reload",
        code="E_PLAN_STATE",
    )


def sealed_already() -> Conflict:
    """Persons were told; a plan is not taken back under them."""
    return Conflict(
        "已经逐人留痕，不能再撤回",
        en="outcomes of persons are in the log; the plan cannot be withdrawn",
        remedy_zh="重新算一个安排；已安排的人由经办人联系",
        remedy_en="compute another plan; officers talk to those who were placed",
        code="E_PLAN_SEALED",
    )


def changed_since(what_zh: str, what_en: str) -> Conflict:
    """What is signed must be what was seen."""
    return Conflict(
        f"算好以后{what_zh}变了，数字对不上",
        en=f"{what_en} changed since it was computed",
        remedy_zh="重新算一次再签",
        remedy_en="compute it again and sign that",
        code="E_PLAN_STALE",
    )


def nobody_placed() -> CheckFailed:
    """There is nothing to sign."""
    return CheckFailed(
        "这个安排没有安排任何人，没有可签的",
        en="the plan places nobody; there is nothing to sign",
        remedy_zh="看报告里每个项目的结论",
        remedy_en="read the verdict on each programme",
        code="E_PLAN_EMPTY",
    )
