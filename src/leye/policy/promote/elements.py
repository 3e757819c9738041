"""What a rule says that a notice must say: who, what, how much, until when, with which papers, where, on what basis, and what is not confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from leye.policy.bind import BoundPolicy
from leye.policy.explain.fact_words import fact_words
from leye.policy.pack import Clause, ClauseNode, PackSet, Version
from leye.policy.promote.amounts import amount_said, is_stale
from leye.policy.promote.said import Said

VERB = {
    "month": Said("可能可以领", "You may be able to get"),
    "year": Said("可能可以享受", "You may be able to have"),
    "once": Said("可能可以领", "You may be able to get"),
    "loan": Said("可能可以申请", "You may be able to apply for"),
    "status": Said("可能可以申请", "You may be able to apply for"),
    "rate": Said("可能可以享受", "You may be able to have"),
    "deferral": Said("可能可以申请", "You may be able to apply for"),
    "cover": Said("可能可以享受", "You may be able to have"),
}
"""Never a promise: whether it is so is decided at the counter."""


@dataclass(frozen=True, slots=True)
class Elements:
    """The pieces; empty where the rule says nothing. who: one condition each · bring: one paper each · unsure: one open point each."""

    title: Said
    maybe: Said
    gives: Said
    amount: Said
    who: tuple[Said, ...]
    until: Said
    bring: tuple[Said, ...]
    where: Said
    basis: tuple[str, ...]
    unsure: tuple[Said, ...]


def elements_of(bound: BoundPolicy, version: Version, packs: PackSet, on: date) -> Elements:
    """Read the pieces off a policy in force. A sentence of the pack whose sums the rule no longer has is left out and said to be under revision."""
    policy = bound.policy
    title = Said(title_of(policy.name), policy.name_en)
    you = Said("贵单位", "Your firm") if policy.about == "firm" else Said("您", "You")
    verb = VERB[version.unit]
    maybe = Said(f"{you.zh}{verb.zh}{title.zh}", f"{verb.en.replace('You', you.en)}: {title.en}")
    stale = is_stale(policy.benefit_zh, bound, on)
    where, caveat = _cut(policy.apply.where_zh, "；"), _rest(policy.apply.where_zh, "；")
    where_en, caveat_en = _cut(policy.apply.where_en, ";"), _rest(policy.apply.where_en, ";")
    unsure = list(_unsure(bound, version))
    if caveat:
        unsure.append(Said(caveat, caveat_en))
    if stale:
        unsure.append(Said("补贴办法的文字正在按新的金额修订", "The description is being revised for the new amounts"))
    papers_en = policy.apply.documents_en if len(policy.apply.documents_en) == len(policy.apply.documents_zh) else policy.apply.documents_zh
    return Elements(
        title=title,
        maybe=maybe,
        gives=Said() if stale else Said(policy.benefit_zh, policy.benefit_en),
        amount=amount_said(bound),
        who=tuple(_conditions(version.who)),
        until=_until(bound, version, packs),
        bring=tuple(Said(zh, en) for zh, en in zip(policy.apply.documents_zh, papers_en, strict=True)),
        where=Said(where, where_en),
        basis=tuple(str(s) for s in version.sources or policy.sources),
        unsure=tuple(unsure),
    )


def title_of(name: str) -> str:
    """A policy's name as said: what stands after an underscore goes into brackets.

    >>> title_of("社保补贴_灵活就业就业困难人员")
    '社保补贴（灵活就业就业困难人员）'
    """
    first, mark, rest = name.partition("_")
    return f"{first}（{rest}）" if mark else first


def _conditions(node: ClauseNode) -> Iterator[Said]:
    """The conditions one by one: those of an `all` apart, every other group in one sentence."""
    if not isinstance(node, Clause) and node.kind == "all":
        for part in node.parts:
            yield from _conditions(part)
    else:
        yield _condition(node)


def _condition(node: ClauseNode) -> Said:
    if isinstance(node, Clause) or node.say:
        return Said(node.say, node.say_en)
    parts = [_condition(p) for p in node.parts]
    if node.kind == "not":
        return Said(f"不属于：{parts[0].zh}", f"not: {parts[0].word('en')}")
    joints = {"all": ("，并且", " and "), "any": ("，或者", " or "), "at_least": ("；", "; ")}[node.kind]
    head = (f"下列至少{node.k}项：", f"at least {node.k} of: ") if node.kind == "at_least" else ("", "")
    return Said(head[0] + joints[0].join(p.zh for p in parts), head[1] + joints[1].join(p.word("en") for p in parts))


def _until(bound: BoundPolicy, version: Version, packs: PackSet) -> Said:
    """The deadline of the person and the last day of the rule, as far as they are known."""
    apply, zh, en = bound.policy.apply, [], []
    if apply.deadline_after:
        fact, words = packs.facts.facts[apply.deadline_after], fact_words(packs).get(apply.deadline_after)
        zh.append(f"从{fact.zh}起{apply.deadline_months}个月内申请")
        en.append(f"apply within {apply.deadline_months} months of: {words.name_en if words else fact.id.replace('_', ' ')}")
    if version.end is not None:
        zh.append(f"这项政策到{version.end.year}年{version.end.month}月{version.end.day}日为止")
        en.append(f"the policy ends on {version.end.isoformat()}")
    if not zh:
        return Said("没有规定截止日期，早点办", "No closing date is set; sooner is better")
    return Said("，".join(zh), "; ".join(en)[:1].upper() + "; ".join(en)[1:])


def _unsure(bound: BoundPolicy, version: Version) -> Iterator[Said]:
    if version.dates != "verified":
        yield Said("这项政策的起止日期还没有核实", "First and last day of this policy are not confirmed yet")
    if any(value.status != "verified" or value.dates != "verified" for _, value in bound.uses):
        yield Said("本地标准还没有核实", "The local standard is not confirmed yet")
    for note in (*bound.policy.notes, *version.notes):
        yield Said(note.zh, note.en)


def _cut(text: str, mark: str) -> str:
    return text.partition(mark)[0].strip()


def _rest(text: str, mark: str) -> str:
    return text.partition(mark)[2].strip()
