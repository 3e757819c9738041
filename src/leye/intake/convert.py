"""One raw cell of a field to its typed columns, or to the reason why not. Called once for each distinct text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, TypeAlias

from leye.intake.cells.dispatch import cell_parser
from leye.intake.cells.outcome import Ambiguous, Bad, Missing, Ok
from leye.intake.reasons import explain
from leye.intake.spec import NUMERIC, FieldRule, SourceSpec
from leye.intake.units import Unit

Scalar: TypeAlias = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Typed:
    """Values in the order of `FieldRule.columns`, all None when the cell is missing; `code` is a W_ or M_ code or None."""

    values: tuple[Scalar, ...]
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the cell cannot be taken: an E_ code, a Chinese sentence, and what to do."""

    code: str
    reason: str
    suggestion: str


Outcome: TypeAlias = Typed | Refused

_PLAIN = re.compile(r"-?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,9})?\Z", re.ASCII)  # what most cells are; the grammar would say the same
_PERCENT = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?%\Z", re.ASCII)
_OWN_SCALE = re.compile(r"[万亿千百十仟佰拾萬億kKwW]")
_ERROR_CELL = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|#+)\Z|=")


def convert(rule: FieldRule, raw: str, *, unit: Unit | None, spec: SourceSpec) -> Outcome:
    """The typed columns of one raw text."""
    text = raw.strip()
    if _ERROR_CELL.match(text):
        return refuse("E_EXCEL_ERROR", raw)
    if text in rule.labels:
        return Typed((rule.labels[text],))
    outcome = _number(rule, raw, text, unit) if rule.type in NUMERIC else _CONVERTERS.get(rule.type, _coded)(rule, raw, spec)
    if rule.required and isinstance(outcome, Typed) and outcome.code is not None and outcome.code.startswith("M_"):
        return refuse("E_REQUIRED", raw)
    return outcome


def refuse(code: str, raw: str, *, near: str = "", detail: str = "") -> Refused:
    """A refusal with the catalogue's words; `near` is the nearest known value, `detail` what this case adds."""
    words = explain(code)
    reason = f"{words.reason}：{detail}" if detail else words.reason
    return Refused(code, reason, f"是不是“{near}”？{words.remedy}" if near else words.remedy)


def _missing(rule: FieldRule, code: str) -> Typed:
    return Typed((None,) * len(rule.columns), code)


def _not_ok(rule: FieldRule, raw: str, answer: Ambiguous | Missing | Bad) -> Outcome:
    if isinstance(answer, Missing):
        return _missing(rule, answer.code)
    return refuse(answer.code, raw, near=_candidates(answer), detail="；".join(str(n) for n in answer.notes))


def _candidates(answer: Ambiguous | Bad) -> str:
    """Names or codes of the readings that a person may choose between."""
    if isinstance(answer, Bad):
        return answer.suggestion or ""
    found = answer.candidates
    texts = [" ".join(str(c[k]) for k in ("code", "name") if k in c) if isinstance(c, dict) else str(c) for c in found]
    return "”或“".join(t for t in texts[:4] if t)


def _number(rule: FieldRule, raw: str, text: str, unit: Unit | None) -> Outcome:
    code: str | None = None
    if _PLAIN.match(text):
        value = Decimal(text.replace(",", "")) * (unit.scale if unit else 1)
    elif rule.type == "ratio" and (unit is None or unit.name == "%") and _PERCENT.match(text):
        value = Decimal(text[:-1]) / 100
    else:
        answer = cell_parser("number")(raw)
        if not isinstance(answer, Ok):
            return _not_ok(rule, raw, answer)
        figure, said = answer.value["value"], answer.value["unit"]
        is_same_percent = unit is not None and unit.name in ("%", "‰") and unit.name in unicodedata.normalize("NFKC", text)
        if unit and unit.is_scaled and not is_same_percent and (said is not None or _OWN_SCALE.search(text)):
            return refuse("E_UNIT_CONFLICT", raw, detail=f"该列单位是{unit.name}，单元格写作“{text}”")
        wrong = _wrong_dimension(rule, unit, said)
        if wrong:
            return refuse("E_UNIT_CONFLICT", raw, detail=wrong)
        code = answer.code
        value = Decimal(str(figure)) * (unit.scale if unit and said is None else 1)
    return _in_range(rule, raw, value, code, is_scaled=bool(unit and unit.is_scaled))


def _wrong_dimension(rule: FieldRule, unit: Unit | None, said: str | None) -> str:
    """What is wrong when the cell names a base unit that the column cannot have."""
    if said is None:
        return ""
    wanted = unit.dimension if unit and unit.dimension else {"money": "yuan", "ratio": "ratio"}.get(rule.type, "")
    if wanted and said != wanted:
        return f"该列应为 {wanted}，单元格写的是 {said}"
    return "该列没有单位，单元格却写了比率" if rule.type == "count" and said in ("ratio", "pp", "times", "per_one") else ""


@lru_cache(maxsize=256)
def _exact(bound: float) -> Decimal:
    return Decimal(str(bound))


def _in_range(rule: FieldRule, raw: str, value: Decimal, code: str | None, *, is_scaled: bool) -> Outcome:
    if (rule.low is not None and value < _exact(rule.low)) or (rule.high is not None and value > _exact(rule.high)):
        return refuse("E_RANGE", raw, detail=f"{value.normalize():f} 不在 {rule.low:g} 到 {rule.high:g} 之间")
    if rule.type in ("number", "ratio"):
        return Typed((float(value),), code)
    exact = value * 100 if rule.type == "money" else value
    whole = int(exact.to_integral_value(ROUND_HALF_UP))
    if whole != exact:
        if rule.type == "count" and not is_scaled:
            return refuse("E_RANGE", raw, detail="个数不是整数")
        code = "W_ROUNDING"
    return Typed((whole,), code)


def _text(rule: FieldRule, raw: str, spec: SourceSpec) -> Outcome:
    text = raw.strip()
    if not text:
        return _missing(rule, "M_BLANK")
    if not rule.labels:
        return Typed((text,))
    import difflib

    near = difflib.get_close_matches(text, rule.labels, n=1, cutoff=0.3)
    return refuse("E_CODE_UNKNOWN", raw, near=near[0] if near else "")


def _period(rule: FieldRule, raw: str, spec: SourceSpec) -> Outcome:
    answer = cell_parser("period", period=spec.reference or None)(raw)
    if not isinstance(answer, Ok):
        return _not_ok(rule, raw, answer)
    start, end, kind = (str(answer.value[k]) for k in ("start", "end", "kind"))
    if rule.kinds and kind not in rule.kinds:
        return refuse("E_PERIOD_KIND", raw, detail=f"这里要 {'、'.join(rule.kinds)}，读到的是 {kind}")
    return Typed((date.fromisoformat(start), date.fromisoformat(end), kind), answer.code)


def _salary(rule: FieldRule, raw: str, spec: SourceSpec) -> Outcome:
    answer = cell_parser("salary")(raw)
    if not isinstance(answer, Ok):
        return _not_ok(rule, raw, answer)
    return Typed(tuple(answer.value.get(k) for k in ("min_fen", "max_fen", "period", "months")), answer.code)


def _coded(rule: FieldRule, raw: str, spec: SourceSpec) -> Outcome:
    keywords: dict[str, Any] = {"home": spec.home or None, "period": spec.reference or None} if rule.type == "region" else {}
    answer = cell_parser(rule.type, **keywords)(raw)
    return Typed((answer.value["code"],), answer.code) if isinstance(answer, Ok) else _not_ok(rule, raw, answer)


def _identity(rule: FieldRule, raw: str, spec: SourceSpec) -> Outcome:
    answer = cell_parser(rule.type)(raw)
    if not isinstance(answer, Ok):
        return _not_ok(rule, raw, answer)
    return Typed((re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", raw)).upper(),), answer.code)


_CONVERTERS: dict[str, Callable[[FieldRule, str, SourceSpec], Outcome]] = {
    "id": _text,
    "text": _text,
    "period": _period,
    "salary": _salary,
    "person_id": _identity,
    "org_id": _identity,
}
