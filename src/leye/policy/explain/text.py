"""Explanations as text for a terminal or a printed page, in Chinese or English: a head, one line a node, what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from leye.kernel.money import yuan_text
from leye.policy.explain.answer import Line
from leye.policy.words import VERDICT_ZH, verdict_word

if TYPE_CHECKING:
    from leye.policy.explain.explanation import Explanation

MARKS = {True: "✔", False: "✘", None: "?"}


def text_of(explanations: Iterable[Explanation], on: date) -> str:
    """All explanations, an empty line between two."""
    return "\n\n".join(one_text(e, on) for e in explanations) + "\n"


def one_text(explanation: Explanation, on: date) -> str:
    """One policy."""
    english = explanation.person.explainer.english
    lines = [_head(explanation, on, english)]
    for line in explanation.lines:
        lines.append(_line(line, english))
        if line.note:
            indent = "  " * line.level
            lines.append(f"   {indent}note: {line.note}" if english else f"   {indent}注：{line.note}")
    lines += [f" note: {note}" if english else f" 说明：{note}" for note in explanation.plan.notes]
    lines.append(f" next: {explanation.next}" if english else f" 下一步：{explanation.next}")
    return "\n".join(lines)


def short_of(explanation: Explanation) -> str:
    """What stands behind the verdict: the amount of a yes, how far a no is, how much is missing of an unknown; empty where there is nothing."""
    english, answer = explanation.person.explainer.english, explanation.answer
    if answer.verdict:
        return amount_text(answer.amount_fen, explanation.unit, answer.months, english=english)
    if answer.verdict is None:
        return f"{len(answer.missing)} missing" if english else f"缺{len(answer.missing)}项"
    nearest = explanation.nearest
    return "" if nearest is None or nearest.near is None else nearest.near.short


def amount_text(fen: int | None, unit: str | None, months: int | None, *, english: bool) -> str:
    """每月800元，可享50个月; empty where there is no amount."""
    if fen is None:
        return ""
    money = f"{yuan_text(fen)} yuan" if english else f"{yuan_text(fen)}元"
    if unit == "month":
        money = f"{money} a month" if english else f"每月{money}"
    elif unit == "year":
        money = f"{money} a year" if english else f"每年{money}"
    elif unit == "loan":
        money = f"loan of up to {money}" if english else f"贷款不超过{money}"
    if unit == "month" and months is not None:
        money += f" for {months} months" if english else f"，可享{months}个月"
    return money


def _head(explanation: Explanation, on: date, english: bool) -> str:
    who = explanation.person.env.get("person_id")
    verdict = verdict_word(explanation.verdict)
    word = verdict if english else VERDICT_ZH[verdict]
    short = short_of(explanation)
    doubt = "".join(_DOUBTS[english][key] for key in explanation.doubts)
    if english:
        return f"{f'{who} ' if who else ''}{on} {explanation.name}: {word}{f' ({short})' if short else ''}{doubt}"
    return f"{f'{who} ' if who else ''}{on} {explanation.name}：{word}{f'（{short}）' if short else ''}{doubt}"


_DOUBTS = (
    {"status": "【依据待核实】", "dates": "【起止日期待核实】", "values": "【当地数值待核实】"},
    {"status": " [basis not verified]", "dates": " [first or last day not verified]", "values": " [local values not verified]"},
)


def _line(line: Line, english: bool) -> str:
    said = [line.said] if line.said else []
    if line.source:
        said.append(
            (f"ask for: {line.source}" if english else f"请核实：{line.source}")
            if line.verdict is None
            else f"source: {line.source}"
            if english
            else f"来源：{line.source}"
        )
    inside = (", " if english else "，").join(said)
    text = f" {'  ' * line.level}{MARKS[line.verdict]} {line.text}"
    if inside:
        text += f" ({inside})" if english else f"（{inside}）"
    if line.near is not None:
        text += f": {line.near.text}" if english else f"：{line.near.text}"
    if line.basis:
        text += f"  basis: {line.basis}" if english else f"  依据 {line.basis}"
    return text
