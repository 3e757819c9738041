"""A form as a file of the rule language: one policy with one version, in the layout of the shipped ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from leye.policy.author.compare import Written, written
from leye.policy.author.form import ConditionRow, PolicyForm
from leye.policy.pack import PackSet

_PLAIN = re.compile(r"[A-Za-z一-鿿][\w一-鿿〔〕（）]*\Z")


def scalar(text: str) -> str:
    """A text as one scalar that every reader takes for a text.

    >>> scalar("失业登记满6个月"), scalar("a: b")
    ('失业登记满6个月', '"a: b"')
    """
    return text if _PLAIN.match(text) and text.lower() not in ("null", "true", "false", "yes", "no", "on", "off") else _quoted(text)


def _quoted(text: str) -> str:
    """In double quotes; what cannot be printed (line ends of other systems among them) as escapes, or a reader would fold it into a blank."""
    return "".join(
        c if c.isprintable() else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}" for c in json.dumps(text, ensure_ascii=False)
    )


def policy_text(form: PolicyForm, packs: PackSet) -> str:
    """The file, without cases. Raises BadInput (E_FORM_ROW) naming the condition that cannot be written."""
    taken: set[str] = set(packs.parameters)
    rows = [(row, written(row, packs, taken)) for row in form.conditions]
    return "\n".join([*_head(form, is_new=form.policy not in packs.policies), *_version(form, rows), "tests: []", ""])


def _head(form: PolicyForm, *, is_new: bool) -> Iterator[str]:
    """Name and status belong to a new policy; a version of a national one has them from the national pack."""
    yield f"policy: {form.policy}"
    if is_new:
        yield f"name: {scalar(form.name)}"
        if form.name_en:
            yield f"name_en: {scalar(form.name_en)}"
        yield from (f"about: {form.about}", f"pays: {form.pays}", f"status: {form.status}", "discretionary: false")
        if form.benefit:
            yield f"benefit: {{zh: {scalar(form.benefit)}}}"
    article = f", article: {scalar(form.source_article)}" if form.source_article else ""
    yield from ("source:", f"  - {{doc: {scalar(form.source_doc)}{article}}}" if form.source_doc else "  []")


def _version(form: PolicyForm, rows: list[tuple[ConditionRow, Written]]) -> Iterator[str]:
    yield from ("versions:", f"  - from: {form.start}")
    if form.end is not None:
        yield f"    to: {form.end}"
    if form.sunset:
        yield f"    sunset: {scalar(form.sunset)}"
    yield from (f"    region: {form.region}", "    dates: verified", "    who:", "      all:")
    yield from _conditions([(r, w) for r, w in rows if r.group != "any"], " " * 8)
    if any(r.group == "any" for r, _ in rows):
        yield "        - any:"
        yield from _conditions([(r, w) for r, w in rows if r.group == "any"], " " * 12)
    yield f"    unit: {form.unit}"
    if form.amount_fen is not None:
        yield "    amount_fen: benefit_fen"
    if form.amount_why:
        yield f"    amount_why: {{zh: {scalar(form.amount_why)}}}"
    if form.months is not None:
        yield "    months: benefit_months"
    yield from _parameters(form, [w.parameter for _, w in rows if w.parameter is not None])


def _conditions(rows: Iterable[tuple[ConditionRow, Written]], indent: str) -> Iterator[str]:
    for row, made in rows:
        yield f"{indent}- when: {scalar(made.expression)}"
        yield f"{indent}  say: {scalar(row.say)}"
        if row.basis:
            yield f"{indent}  basis: {scalar(row.basis)}"


def _parameters(form: PolicyForm, found: list[tuple[str, str, int]]) -> Iterator[str]:
    every = list(found)
    if form.amount_fen is not None:
        every.append(("benefit_fen", "fen", form.amount_fen))
    if form.months is not None:
        every.append(("benefit_months", "months", form.months))
    if every:
        yield "    parameters:"
    for name, unit, value in every:
        yield f"      {name}: {{unit: {scalar(unit)}, values: {{{form.region}: {{{form.start}: {value}}}}}}}"
