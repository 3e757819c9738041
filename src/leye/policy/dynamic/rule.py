"""The rule as data: which parameter follows which indicator, when it goes up, when it comes back, how far, how long.

```yaml
dynamic: training_place_raise
name: 失业率上升时提高培训补助标准
parameter: place_fen              # the number that moves; with `policy:` its parameter there
policy: training                  # optional: the law's value and bounds are then held against the steps
unit: fen
source: [{doc: 本市失业风险应急预案, article: 第三条}]
from: 2021-01-01
to: 2025-12-31                    # required: a raise that nobody ends stays for ever
indicator: {series: jobless_rate/440600/all/all/all, change: none}     # change: none | year (against the same period a year before, as a share)
                                                                       # over: another series, for a ratio
direction: up                     # up: high values are bad; down: low ones
lag: 1                            # periods until a value is known
confirm: 2                        # known values in a row that ask for the change
dwell: 3                          # periods a level stays at least
base: 150000
steps:                            # enter: reached from here; leave: left again on the other side of it
  - {enter: 0.055, leave: 0.050, value: 200000}
  - {enter: 0.065, leave: 0.060, value: 250000}
cap: 250000
cost: {heads: registered/440600/all/all/all, share: 0.1, budget_fen: 500000000}   # who is paid a period: a series times a share, or a number
```
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from leye.policy import fields
from leye.policy.dynamic.steps import Step, check_law, check_steps
from leye.policy.located import Mapping, Text, Value
from leye.policy.pack import PackSet, Source

CHANGES = ("none", "year")
DIRECTIONS = ("up", "down")


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is watched: a series, over another when given, as it is or as its change against a year before (a share)."""

    series: str
    over: str = ""
    change: str = "none"


@dataclass(frozen=True, slots=True)
class Cost:
    """Who is paid in a period: heads a series or a number, times share; budget_fen for the whole time, None without limit."""

    heads_series: str = ""
    heads: float = 0.0
    share: float = 1.0
    budget_fen: int | None = None


@dataclass(frozen=True, slots=True)
class DynamicRule:
    """The rule; see the module. Levels are numbered from 0, the base."""

    id: str
    name: str
    parameter: str
    policy: str
    unit: str
    sources: tuple[Source, ...]
    start: date
    end: date
    indicator: Indicator
    direction: str
    lag: int
    confirm: int
    dwell: int
    base: int
    steps: tuple[Step, ...]
    cap: int
    cost: Cost | None

    def value_of(self, level: int) -> int:
        """The parameter at a level, never above the cap."""
        return self.base if level == 0 else min(self.steps[level - 1].value, self.cap)


def read_rule(body: Value, packs: PackSet | None = None) -> DynamicRule:
    """A located YAML document. packs: to hold the steps against the law's parameter, where the rule names its policy.

    Raises BadInput with file and line: E_PACK_FORM, E_NO_SOURCE, E_NO_END, E_HYSTERESIS, E_STEPS, E_CAP, E_BELOW_RIGHT, E_POLICY_UNKNOWN.
    """
    top = fields.mapping(body, "dynamic", body.place)
    sources = fields.sources(top)
    if not sources:
        raise fields.refuse("没有写依据", "no source", top.place, "写 source: [{doc: 文件, article: 条款}]", "give `source`", code="E_NO_SOURCE")
    if "to" not in top:
        raise fields.refuse("没有写结束日期", "no end", top.place, "写 to: YYYY-MM-DD", "give `to: YYYY-MM-DD`", code="E_NO_END")
    start, end = fields.as_day(top.get("from"), "from", top.place), fields.as_day(top["to"], "to", top.place)
    if end < start:
        what = "结束早于开始", "the end lies before the start"
        raise fields.refuse(*what, top.place, "检查 from 和 to", "check `from` and `to`", code="E_DATES_ORDER")
    direction = _word(top, "direction", DIRECTIONS, "up")
    rule = DynamicRule(
        str(fields.text(top, "dynamic")),
        str(fields.text(top, "name", default=str(fields.text(top, "dynamic")))),
        str(fields.text(top, "parameter")),
        str(fields.text(top, "policy", default="")),
        str(fields.text(top, "unit", default="fen")),
        sources,
        start,
        end,
        _indicator(top),
        direction,
        _count(top, "lag", 0, least=0),
        _count(top, "confirm", 1, least=1),
        _count(top, "dwell", 1, least=1),
        fields.whole(top.get("base"), "base", top.place),
        tuple(_step(v, top) for v in fields.sequence(top.get("steps"), "steps", top.place)),
        fields.whole(top.get("cap"), "cap", top.place),
        _cost(top),
    )
    check_steps(rule.steps, rule.direction, rule.base, rule.cap, top.place)
    if packs is not None and rule.policy:
        check_law(rule.policy, rule.parameter, [rule.base, *(s.value for s in rule.steps)], rule.start, packs, top.place)
    return rule


def _indicator(top: Mapping) -> Indicator:
    value = top.get("indicator")
    if isinstance(value, Text):
        return Indicator(str(value))
    row = fields.mapping(value, "indicator", top.place)
    return Indicator(str(fields.text(row, "series")), str(fields.text(row, "over", default="")), _word(row, "change", CHANGES, "none"))


def _step(value: Value, top: Mapping) -> Step:
    row = fields.mapping(value, "steps", top.place)
    return Step(_number(row, "enter"), _number(row, "leave"), fields.whole(row.get("value"), "value", row.place))


def _cost(top: Mapping) -> Cost | None:
    if fields.is_empty(top.get("cost")):
        return None
    row = fields.mapping(top.get("cost"), "cost", top.place)
    heads = fields.text(row, "heads")
    share = _number(row, "share") if "share" in row else 1.0
    budget = fields.optional_whole(row, "budget_fen")
    try:
        return Cost("", float(heads), share, budget)
    except ValueError:
        return Cost(str(heads), 0.0, share, budget)


def _number(row: Mapping, key: str) -> float:
    text = fields.text(row, key)
    try:
        return float(Fraction(text))
    except (ValueError, ZeroDivisionError) as error:
        what = f"{key} 应为数字，写的是“{text}”", f"{key} should be a number, found {text!r}"
        raise fields.refuse(*what, text.place, "写数字", "write a number") from error


def _count(top: Mapping, key: str, default: int, *, least: int) -> int:
    found = fields.optional_whole(top, key)
    if found is None:
        return default
    if found < least:
        raise fields.refuse(f"{key} 不能小于 {least}", f"{key} is at least {least}", top.place, "改大一些", "make it larger")
    return found


def _word(row: Mapping, key: str, allowed: tuple[str, ...], default: str) -> str:
    found = str(fields.text(row, key, default=default))
    if found not in allowed:
        may = f"可选：{'、'.join(allowed)}", f"one of: {', '.join(allowed)}"
        raise fields.refuse(f"{key} 不能是“{found}”", f"{key} cannot be {found!r}", row.place, *may, code="E_WORD_UNKNOWN")
    return found
