"""Steps of a dynamic parameter: a band between enter and leave, an order from mild to grave, a cap, and the law around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from leye.kernel.errors import BadInput, Place
from leye.policy import fields
from leye.policy.lookup import version_of
from leye.policy.pack import PackSet


@dataclass(frozen=True, slots=True)
class Step:
    """A level: reached at `enter` (from there on, upwards or downwards), left beyond `leave`, with the parameter's value there."""

    enter: float
    leave: float
    value: int


def check_steps(steps: Sequence[Step], direction: str, base: int, cap: int, place: Place) -> None:
    """Raises BadInput: E_STEPS (none, or out of order), E_HYSTERESIS (no band), E_CAP."""
    if not steps:
        raise fields.refuse("没有一级", "no steps", place, "在 steps 下至少写一级", "give at least one step", code="E_STEPS")
    sign = 1.0 if direction == "up" else -1.0
    for step in steps:
        if sign * step.leave >= sign * step.enter:
            raise _no_band(step, place)
    for below, above in pairwise(steps):
        goes_on = sign * above.enter > sign * below.enter and sign * above.leave >= sign * below.leave
        if not goes_on or abs(above.value - base) <= abs(below.value - base):
            remedy = "从轻到重写，启动线、退出线和数值都递进", "from mild to grave: enter, leave and value all go the same way"
            raise fields.refuse("各级的次序不对", "the steps are out of order", place, *remedy, code="E_STEPS")
    most = max(base, *(s.value for s in steps))
    if most > cap:
        what = f"数值 {most} 超过上限 {cap}", f"{most} is above the cap {cap}"
        raise fields.refuse(*what, place, "降低这一级或提高上限", "lower the step or raise the cap", code="E_CAP")


def check_law(policy: str, parameter: str, values: Sequence[int], on: date, packs: PackSet, place: Place) -> None:
    """The values lie within what the law allows the parameter, and never below what an entitlement grants.

    Raises BadInput: E_POLICY_UNKNOWN, E_PACK_FORM (no such parameter on that day), E_CAP, E_BELOW_RIGHT.
    """
    found = packs.policies.get(policy)
    if found is None:
        what = f"没有政策“{policy}”", f"no policy {policy!r}"
        raise fields.refuse(*what, place, "用规则包里的编号", "use an id of the packs", code="E_POLICY_UNKNOWN")
    version = version_of(found, "CN", on)
    law = None if version is None else version.parameters.get(parameter)
    if law is None:
        what = f"“{found.name}”在 {on} 没有参数 {parameter}", f"{policy} has no parameter {parameter} on {on}"
        raise fields.refuse(*what, place, "检查参数名和日期", "check the name and the day")
    if (law.high is not None and max(values) > law.high) or (law.low is not None and min(values) < law.low):
        what = f"数值超出法定范围 {law.low}–{law.high}", f"outside what the law allows: {law.low}..{law.high}"
        raise fields.refuse(*what, place, "改到范围以内", "keep within it", code="E_CAP")
    in_force = [v.value for v in law.values if v.start <= on and v.value is not None]
    if in_force and not found.discretionary and min(values) < in_force[-1]:
        raise _below_right(found.name, policy, in_force[-1], place)


def _no_band(step: Step, place: Place) -> BadInput:
    return fields.refuse(
        f"启动线 {step.enter} 和退出线 {step.leave} 之间没有缓冲，会反复开关",
        f"no band between enter {step.enter} and leave {step.leave}: it would switch to and fro",
        place,
        "up 时 leave 要小于 enter，down 时要大于",
        "with `up` leave lies below enter, with `down` above",
        code="E_HYSTERESIS",
    )


def _below_right(name: str, policy: str, least: int, place: Place) -> BadInput:
    return fields.refuse(
        f"“{name}”是法定权益，数值不能低于现行的 {least}",
        f"{policy} is an entitlement: never below {least}",
        place,
        "只能在现行标准以上浮动",
        "move above the value in force only",
        code="E_BELOW_RIGHT",
    )
