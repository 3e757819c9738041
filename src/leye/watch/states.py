"""How an alert is handled: open → assigned → acting → closed or false alarm. The table says who may go where and what has to be shown.

Pure rules; the office keeps the rows, the clock and the audit entries.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

from leye.kernel.errors import BadInput, Conflict, NotAllowed

State = Literal["open", "assigned", "acting", "closed", "false_alarm"]
STATES: tuple[State, ...] = get_args(State)
FINAL: frozenset[State] = frozenset({"closed", "false_alarm"})
STATE_ZH: dict[str, str] = {"open": "待处置", "assigned": "已派单", "acting": "处置中", "closed": "已办结", "false_alarm": "误报"}
KEPT_YEARS = 3  # transitions are kept for three years (contract of early warning)

DESK = frozenset({"analyst", "counsellor"})


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step. needs: what must be handed in, of `owner`, `evidence` (closing evidence of every step of the plan), `reason`."""

    name: str
    source: State
    target: State
    roles: frozenset[str]
    needs: frozenset[str]
    zh: str
    en: str


def _step(name: str, source: State, target: State, roles: Collection[str], needs: Collection[str], zh: str, en: str) -> Transition:
    return Transition(name, source, target, frozenset(roles), frozenset(needs), zh, en)


TRANSITIONS: tuple[Transition, ...] = (
    _step("assign", "open", "assigned", DESK, {"owner"}, "派单", "assign"),
    _step("reassign", "assigned", "assigned", DESK, {"owner"}, "改派", "assign to someone else"),
    _step("reassign", "acting", "assigned", DESK, {"owner", "reason"}, "改派", "assign to someone else"),
    _step("begin", "assigned", "acting", DESK, (), "开始处置", "begin"),
    _step("close", "acting", "closed", DESK, {"evidence"}, "办结", "close"),
    _step("dismiss", "open", "false_alarm", {"analyst"}, {"reason"}, "判为误报", "call it a false alarm"),
    _step("dismiss", "assigned", "false_alarm", {"analyst"}, {"reason"}, "判为误报", "call it a false alarm"),
    _step("dismiss", "acting", "false_alarm", {"analyst"}, {"reason"}, "判为误报", "call it a false alarm"),
    _step("reopen", "closed", "open", {"analyst"}, {"reason"}, "重新打开", "open again"),
    _step("reopen", "false_alarm", "open", {"analyst"}, {"reason"}, "重新打开", "open again"),
)


def allowed(state: str, role: str) -> tuple[Transition, ...]:
    """Steps that a role may take from a state, in the order of the table."""
    return tuple(t for t in TRANSITIONS if t.source == state and role in t.roles)


def transition(name: str, state: str, *, role: str, given: Collection[str] = ()) -> Transition:
    """The step called `name` from `state`, checked.

    given: which of `owner`, `evidence`, `reason` are handed in. Raises Conflict when the state does not allow the step (someone was quicker),
    NotAllowed when the role may not take it, BadInput when something needed is missing.
    """
    if name not in {t.name for t in TRANSITIONS} or state not in STATES:
        raise BadInput(f"没有这一步：{name}（{state}）", en=f"no step {name!r} from state {state!r}", code="E_STATE")
    found = next((t for t in TRANSITIONS if t.name == name and t.source == state), None)
    if found is None:
        may = "、".join(dict.fromkeys(t.zh for t in TRANSITIONS if t.source == state))
        raise Conflict(
            f"这条预警现在是“{STATE_ZH[state]}”，不能做这一步", en=f"the alert is {state}, this step is not possible now",
            remedy_zh=f"请刷新页面；现在可以：{may}", code="E_STATE",
        )  # fmt: skip
    if role not in found.roles:
        raise NotAllowed(f"“{found.zh}”不在您的职责里", en=f"your role may not {found.en}", remedy_zh="请分析员来办", remedy_en="ask an analyst")
    missing = found.needs - set(given)
    if missing:
        raise BadInput(
            f"“{found.zh}”还缺：{'、'.join(_NEED_ZH[n] for n in sorted(missing))}", en=f"to {found.en}, {', '.join(sorted(missing))} is still needed",
            remedy_zh="补上后再提交", code="E_STATE_NEEDS",
        )  # fmt: skip
    return found


_NEED_ZH = {"owner": "承办人", "evidence": "每一步的办结依据", "reason": "理由"}
