"""A reform as data: a YAML patch over the law in force, read with its lines (`patch` puts it onto the packs).

```yaml
reform: 技能提升补贴提高标准
why: 紧缺工种缺口扩大
from: 2025-09-01                 # first day of the change; the day of the comparison when absent
changes:
  - {policy: skill_up, parameter: level3_fen, value: 250000}           # a number of the version in force; region: CN-44 for one place
  - {policy: skill_up, parameter: level3_fen, value: 300000, beyond_cap: 假设上位法放宽}   # above the law's own cap only with its reason
  - {policy: skill_up, clause: 3, when: ui_total_months >= 6, say: 参保累计满6个月}   # clauses count from 1, as the policy's page numbers them
  - {policy: skill_up, drop_clause: 7}
  - {policy: skill_up, add_clause: {when: not dibao, say: 不是低保对象}}
  - {policy: skill_up, amount_fen: "iff(cert_level == 5, 120000, 200000)"}
  - {policy: ui_hardship, extend_to: 2026-12-31}
  - {policy: si_deferral, end_on: 2025-09-30}
  - {parameter: local_ui_benefit_fen, region: CN-44, value: 200000}    # a value of a place
  - add_policy: {policy: new_one, …}                                   # a whole policy in the form of a pack
budgets: {ui_fund: 50000000000}        # fen a year; the fund's cost is held against it
take_up: {base: "0.60", low: "0.45", high: "0.75", notified: "0.15"}   # see take_up.py; absent: the stated assumption of the product
```
"""

from __future__ import annotations

from collections.abc import Mapping as Readable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path

from leye.kernel.errors import Place
from leye.policy import fields
from leye.policy.located import Mapping, Sequence, Value, parse_located, read_located
from leye.policy.simulate.change_keys import TAKE_UP, TOP, action_of, check_funds, check_keys


@dataclass(frozen=True, slots=True)
class TakeUpGiven:
    """Shares of the entitled who take a benefit up, as a reform states them. notified: added where everybody is told."""

    base: float
    low: float
    high: float
    notified: float


@dataclass(frozen=True)
class Reform:
    """A patch as read. changes: in order, their keys checked · budgets: fund -> fen a year."""

    name: str
    why: str
    start: date | None
    changes: tuple[Mapping, ...]
    take_up: TakeUpGiven | None
    budgets: Readable[str, int] = field(default_factory=dict)


def read_reform(source: Path | Mapping) -> Reform:
    """A reform from its file or from located YAML. Raises BadInput with file and line; E_NO_FILE."""
    if not isinstance(source, Mapping):
        if not source.is_file():
            raise fields.refuse(
                f"没有改革方案文件 {source}", f"no reform file {source}", Place(file=str(source)), "检查路径", "check the path", code="E_NO_FILE"
            )
        source = fields.mapping(read_located(source), source.name, Place(file=source.name))
    check_keys(source, TOP)
    changes = tuple(fields.mapping(c, "changes", source.place) for c in fields.sequence(source.get("changes"), "changes", source.place))
    if not changes:
        raise fields.refuse(
            "没有写任何改动", "no changes", source.place, "在 changes 下写至少一项", "give at least one under `changes`", code="E_REFORM_EMPTY"
        )
    for change in changes:
        action_of(change)
    return Reform(
        str(fields.text(source, "reform")),
        str(fields.text(source, "why", default="")),
        fields.day(source, "from"),
        changes,
        _take_up(source),
        _budgets(source),
    )


def reform_of_text(text: str, *, file: str = "reform.yaml") -> Reform:
    """A reform from YAML text. Raises BadInput with the line."""
    return read_reform(fields.mapping(parse_located(text, file=file), file, Place(file=file)))


def as_text(reform: Reform) -> str:
    """The reform as YAML that reads back to the same."""
    import yaml

    given = reform.take_up
    body: dict[str, object] = {"reform": reform.name}
    body |= {"why": reform.why} if reform.why else {}
    body |= {"from": reform.start.isoformat()} if reform.start else {}
    body["changes"] = [_plain(c) for c in reform.changes]
    body |= {"take_up": {k: f"{getattr(given, k):g}" for k in TAKE_UP}} if given else {}
    body |= {"budgets": {k: str(v) for k, v in reform.budgets.items()}} if reform.budgets else {}
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=150)


def _plain(value: Value) -> object:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, Sequence) else str(value)


def _budgets(found: Mapping) -> dict[str, int]:
    if fields.is_empty(found.get("budgets")):
        return {}
    given = fields.mapping(found["budgets"], "budgets", found.place)
    check_funds(given)
    return {str(k): fields.whole(v, str(k), given.place) for k, v in given.items()}


def _take_up(found: Mapping) -> TakeUpGiven | None:
    if "take_up" not in found:
        return None
    given = fields.mapping(found["take_up"], "take_up", found.place)
    check_keys(given, TAKE_UP)
    base, low, high, notified = (_share(given, key, default) for key, default in (("base", None), ("low", None), ("high", None), ("notified", "0")))
    if not (0 < low <= base <= high < 1 and 0 <= notified < 1):
        raise fields.refuse(
            "申领率要满足 0 < low ≤ base ≤ high < 1，notified 在 0 和 1 之间",
            "take-up needs 0 < low <= base <= high < 1 and notified between 0 and 1",
            given.place,
            "检查这几个数",
            "check the numbers",
            code="E_TAKE_UP",
        )
    return TakeUpGiven(base, low, high, notified)


def _share(given: Mapping, key: str, default: str | None) -> float:
    text = fields.text(given, key, default=default)
    try:
        return float(Fraction(str(text)))
    except (ValueError, ZeroDivisionError):
        raise fields.refuse(
            f"“{key}”不是比例：{text}", f"{key!r} is no share: {text}", given.place, "写成 0.6", "write 0.6", code="E_TAKE_UP"
        ) from None
