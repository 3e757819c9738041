"""The national law above a regional rule: what a place or a bureau may set at most."""

from __future__ import annotations

from datetime import date

from leye.kernel.errors import BadInput
from leye.policy import fields
from leye.policy.lint.finding import Findings
from leye.policy.located import Mapping
from leye.policy.pack import PackSet, Parameter


def national_cap(national: PackSet | None, policy: str, name: str, version: Mapping) -> int | None:
    """The highest `max` that national versions of a policy allow a parameter on any day of an own version; None where they set none.

    A version on whose days no national one stands is held against the newest.
    """
    if national is None or policy not in national.policies:
        return None
    first, last = _day(version, "from") or date.min, _day(version, "to") or date.max
    stated = [v for v in national.policies[policy].versions if v.region == "CN" and name in v.parameters]
    beside = [v for v in stated if v.start <= last and first <= (v.end or date.max)]
    highs = [v.parameters[name].high for v in beside or sorted(stated, key=lambda v: v.start)[-1:]]
    known = [high for high in highs if high is not None]
    return max(known) if known and len(known) == len(highs) else None


def _day(found: Mapping, key: str) -> date | None:
    try:
        return fields.day(found, key)
    except BadInput:
        return None


def check_cap(parameter: Parameter, cap: int | None, findings: Findings) -> None:
    """Add a value above the cap, or a bound that would allow one."""
    if cap is None:
        return
    over = [r for r in parameter.values if r.value is not None and r.value > cap]
    if over or (parameter.high is not None and parameter.high > cap):
        told = over[0].value if over else parameter.high
        findings.add(
            "E_CAP_NATIONAL",
            over[0].place if over else parameter.place,
            f"参数“{parameter.name}”的{'值' if over else '上限'} {told} 高于国家规定的上限 {cap}",
            f"{'value' if over else 'max'} {told} of {parameter.name!r} is above the national cap {cap}",
            f"改到 {cap} 以内；国家规定变了，先改全国规则包",
            f"go down to {cap}; where the national law changed, change the national pack first",
        )
