"""From what an analyst sends to the text of a reform: a form, a text, or a form laid over the changes of a text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from leye.kernel.errors import BadInput
from leye.office.reforms import simulating
from leye.policy import PackSet
from leye.policy.simulate.reform import as_text
from leye.site.analyst.reform_form import LOCAL, NATION, RuleForm, budgets_of, changes_of, document, rule_form, take_up_of
from leye.site.words import pick


def text_of(typed: Mapping[str, str], packs: PackSet, on: date) -> str:
    """The reform that was sent: `text` as it is, else the form's changes after those of `base`. Raises BadInput."""
    if typed.get("text", "").strip():
        return typed["text"]
    form = form_of(typed, packs, on)
    changes = [] if form is None else changes_of(form, typed)
    if not changes:
        raise _nothing_typed()
    made = document(
        typed.get("name", ""), typed.get("why", ""), typed.get("start", ""), changes, take_up=take_up_of(typed), budgets=budgets_of(typed)
    )
    base = typed.get("base", "")
    if not base.strip():
        return made
    from dataclasses import replace

    first, more = simulating.read(base), simulating.read(made)
    joined = replace(
        first,
        changes=(*first.changes, *more.changes),
        start=more.start or first.start,
        take_up=more.take_up or first.take_up,
        budgets={**first.budgets, **more.budgets},
        why=more.why or first.why,
    )
    return as_text(joined)


def form_of(typed: Mapping[str, str], packs: PackSet, on: date) -> RuleForm | None:
    """The form of the policy that was chosen; None where none was."""
    region = typed.get("region", NATION)
    known = {code for code, _ in region_choices(packs)}
    return rule_form(packs, typed.get("policy", ""), region if region in known else NATION, on, typed)


def policy_choices(packs: PackSet, on: date) -> list[tuple[str, str]]:
    """(id, words) to choose from: those in force first, then those that have ended, then the numbers of places."""
    rows = []
    for policy in packs.policies.values():
        is_on = any(v.in_force(on) for v in policy.versions)
        name = pick(policy.name, policy.name_en)
        rows.append((not is_on, name, policy.id, name if is_on else name + pick("（不在有效期）", " (not in force)")))
    found = [(code, words) for _, _, code, words in sorted(rows)]
    return [*found, (LOCAL, pick("各地标准（最低工资、失业金标准等）", "Local figures (minimum wage, benefit …)"))]


def region_choices(packs: PackSet) -> list[tuple[str, str]]:
    """(code, words) of the places for which packs say anything: the nation and the packs' regions."""
    found = {NATION: pick("全国", "The whole country")}
    for pack in packs.packs:
        if pack.region != NATION:
            found.setdefault(pack.region, pick(pack.name_zh, pack.name_en) + f" {pack.region}")
    return list(found.items())


def _nothing_typed() -> BadInput:
    return BadInput(
        "还没有改任何一项",
        en="nothing was changed",
        remedy_zh="改一个数、去掉或改写一条条件、改金额或期限，再点“算一算”",
        remedy_en="change a number, a condition, the amount or the term, then press Simulate",
        code="E_REFORM_EMPTY",
    )


__all__ = ["LOCAL", "NATION", "form_of", "policy_choices", "region_choices", "text_of"]
