"""Why a step with a scenario is refused, with what to do next."""

from __future__ import annotations

from leye.kernel.errors import BadInput, Conflict, NotAllowed
from leye.office.reforms.models import Scenario, State


def no_people() -> BadInput:
    """Nobody to compute over."""
    return BadInput(
        "数据文件夹里没有居民表",
        en="the data folder holds no residents",
        remedy_zh="请管理员先运行 leye demo，或装载人员表",
        remedy_en="the administrator runs leye demo first, or loads the people",
        code="E_NO_CITY",
    )


def too_long(most: int) -> BadInput:
    """A text that is no reform."""
    return BadInput(
        f"方案太长，最多 {most:,} 个字",
        en=f"the reform is too long: at most {most:,} characters",
        remedy_zh="拆成几个方案",
        remedy_en="split it into several",
        code="E_REFORM_LONG",
    )


def own_draft() -> NotAllowed:
    """Nobody signs their own."""
    return NotAllowed(
        "自己写的方案不能自己签",
        en="who wrote a reform does not sign it",
        remedy_zh="请另一位分析员来看、来签",
        remedy_en="another analyst reads and signs it",
        code="E_OWN_DRAFT",
    )


def step_refused(scenario: Scenario, step: str) -> Conflict:
    """It stands somewhere from where this step does not lead on."""
    return Conflict(
        f"这个方案现在是“{State(scenario.state).label}”，不能{step}",
        en=f"the scenario is {scenario.state}; this step is not possible now",
        remedy_zh="刷新看最新情况",
        remedy_en="reload",
        code="E_REFORM_STATE",
    )


def changed_since(what_zh: str, what_en: str) -> Conflict:
    """What is signed must be what was seen."""
    return Conflict(
        f"存下以后{what_zh}变了，数字对不上",
        en=f"{what_en} changed since it was saved",
        remedy_zh="重新模拟一次，存成新方案再签",
        remedy_en="simulate it again, save it anew and sign that",
        code="E_REFORM_STALE",
    )


def how_many() -> BadInput:
    """Nothing, or too much, to lay side by side."""
    return BadInput(
        "选 2 个或 3 个方案来比较", en="choose two or three scenarios", remedy_zh="在列表里打勾", remedy_en="tick them in the list", code="E_COMPARE"
    )
