"""A tree as a rule of the pack's own language: a draft with clauses, sentences, parameters and worked cases, for a person to change and sign."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import yaml

from leye.policy.expression import FactRef, Node, node_type
from leye.policy.facts import Fact
from leye.policy.grammar import parse
from leye.policy.lookup import version_of
from leye.policy.optimise.conditions import scope_of
from leye.policy.optimise.programmes import Covariate, Plan, Programme
from leye.policy.optimise.tree import Split, offering_paths
from leye.policy.optimise.tree_cases import worked_cases
from leye.policy.optimise.tree_learn import Learned
from leye.policy.pack import Clause, ClauseNode, PackSet, Parameter, ParameterValue, leaves

Document = dict[str, Any]
DRAFT_DAYS = 364
"""How long a draft would stand if signed as it is; chosen by us: effects are estimated anew every year."""

UNITS_ZH = {"months": "个月", "years": "年", "days": "天", "times": "次", "people": "人"}


@dataclass(frozen=True, slots=True)
class Term:
    """A column in the rule language: its expression, type (bool, int, enum), and the words for it."""

    text: str
    type: str
    zh: str
    unit: str
    fact: Fact | None


def terms(columns: tuple[str, ...], plan: Plan, packs: PackSet) -> dict[str, Term]:
    """Columns that a rule can ask about: those with an expression of the plan, facts, derived facts. Dates are asked as whole months since."""
    scope = scope_of(packs)
    found: dict[str, Term] = {}
    for name in columns:
        told = plan.covariates.get(name)
        if told is None and name not in packs.facts.facts and name not in packs.derived:
            continue
        text = name if told is None else told.text
        node = parse(text, scope)
        if node_type(node) == "date":
            text = f"months_since({text})"
            node = parse(text, scope)
        if node_type(node) in ("bool", "int", "enum"):
            found[name] = _term(name, text, node, told, packs)
    return found


def _term(name: str, text: str, node: Node, told: Covariate | None, packs: PackSet) -> Term:
    fact = packs.facts.facts[node.id] if isinstance(node, FactRef) else None
    derived = packs.derived.get(name)
    known = [(told.zh, told.unit)] if told is not None and told.zh else []
    known += [(fact.zh, fact.unit)] if fact is not None else [(derived.zh, derived.unit)] if derived is not None else []
    zh, unit = known[0] if known else (text, "1")
    return Term(text, node_type(node), zh or text, unit if unit != "-" else "1", fact)


def rule_id(programme: Programme) -> str:
    """Id of the draft."""
    return f"{programme.id}_by_effect"


def rule_document(programme: Programme, learned: Learned, asked: Mapping[str, Term], packs: PackSet, on: date) -> Document:
    """The `policy:` document. Its cases are worked out by the rule engine itself, and hold when the file is tested."""
    parameters: Document = {}
    base, copied = _base(programme, packs, on)
    paths = [[_clause(split, holds, asked, parameters, on) for split, holds in path] for path in offering_paths(learned.tree)]
    ways = [p[0] if len(p) == 1 else {"all": p, "say": "、".join(str(c["say"]) for c in p)} for p in paths]
    chosen = ways if len(ways) == 1 else [{"any": ways, "say": "属于按效果优先安排的人", "say_en": "One of those who gain most"}]
    document: Document = {
        "policy": rule_id(programme),
        "name": f"{programme.name}（按效果优先）",
        "name_en": f"{programme.name_en}, those who gain most first",
        "about": "person",
        "pays": programme.pays,
        "status": "unverified",
        "discretionary": False,
        "benefit": {"zh": f"优先安排“{programme.name}”", "en": f"First in line for {programme.name_en}"},
        "source": [{"doc": f"项目资金安排建议（数据日期 {on.isoformat()}）", "article": "由历史记录学出，待人工审定、签发"}],
        "versions": [
            {
                "from": on.isoformat(),
                "to": (on + timedelta(days=DRAFT_DAYS)).isoformat(),
                "region": "CN",
                "dates": "unverified",
                "who": {"all": [*base, *chosen]},
                "unit": "status",
                "amount_fen": None,
                "months": None,
                "parameters": copied | parameters,
                "notes": [_note(learned)],
            }
        ],
    }
    document["tests"] = worked_cases(rule_text(document), packs, on)
    return document


def rule_text(document: Document) -> str:
    """The document as YAML of the pack's language."""
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=150)


def _note(learned: Learned) -> Document:
    chosen, others = learned.chosen, learned.others
    low, high = (v * 100 for v in chosen.interval(1.96))
    zh = (
        f"用没有参与学习的人检验：属于优先的人每100人因此多就业 {chosen.estimate * 100:.1f} 人（95% 区间 {low:.1f} 至 {high:.1f}），"
        f"其余的人 {others.estimate * 100:.1f} 人；历史可比人员中 {learned.offered:.0%} 属于优先"
    )
    en = (
        f"On people it was not learned from: of a hundred who come first {chosen.estimate * 100:.1f} more find work (95 %: {low:.1f} to {high:.1f}), "
        f"of the rest {others.estimate * 100:.1f}; {learned.offered:.0%} of those compared come first"
    )
    return {"zh": zh, "en": en, "source": "本系统双重稳健估计和策略树", "grade": "C"}


def _base(programme: Programme, packs: PackSet, on: date) -> tuple[list[Document], Document]:
    """The programme's own conditions, and the parameters they read."""
    if programme.who:
        return [{"when": programme.who, "say": f"符合“{programme.name}”的参加条件", "say_en": f"Meets the conditions of {programme.name_en}"}], {}
    version = version_of(packs.policies[programme.id], "CN", on)
    if version is None:
        return [], {}
    copied = _copied(version.who)
    read = " ".join(clause.text for clause in leaves(version.who))
    parameters = {str(name): _parameter(p) for name, p in version.parameters.items() if re.search(rf"\b{re.escape(name)}\b", read)}
    return copied["all"] if set(copied) == {"all"} else [copied], parameters


def _copied(node: ClauseNode) -> Document:
    if isinstance(node, Clause):
        kept = {"when": node.text, "say": node.say, "say_en": node.say_en, "basis": node.basis}
        return {k: str(v) for k, v in kept.items() if v}
    parts: list[Document] = [_copied(p) for p in node.parts]
    body: Document = {"at_least": node.k, "of": parts} if node.kind == "at_least" else {node.kind: parts[0] if node.kind == "not" else parts}
    return body | {k: str(v) for k, v in (("say", node.say), ("say_en", node.say_en)) if v}


def _parameter(p: Parameter) -> Document:
    values: Document = {}
    for value in p.values:
        values.setdefault(str(value.region), {})[value.start.isoformat()] = _value(value)
    bounds = {k: v for k, v in (("min", p.low), ("max", p.high)) if v is not None}
    return {"zh": str(p.zh), "unit": str(p.unit), **bounds, "values": values}


def _value(value: ParameterValue) -> Document:
    return {k: v if isinstance(v, int) else str(v) for k, v in (("value", value.value), ("ref", value.ref)) if v not in (None, "")}


def _clause(split: Split, holds: bool, asked: Mapping[str, Term], parameters: Document, on: date) -> Document:
    """One question of a path as a clause; thresholds become parameters, so that a person can move them."""
    term = asked[split.column]
    if term.type == "bool":
        when = en = term.text if holds else f"not ({term.text})"
    elif term.type == "enum":
        when = en = f"{term.text} {'==' if holds else '!='} '{split.value}'"
    else:
        op, cut = ">=" if holds else "<", int(split.value)
        when, en = f"{term.text} {op} {_cut(split, cut, term, parameters, on)}", f"{term.text} {op} {cut}"
    return {"when": when, "say": said_zh(split, holds, asked), "say_en": en}


def said_zh(split: Split, holds: bool, asked: Mapping[str, Term]) -> str:
    """A question with its answer in Chinese."""
    term = asked[split.column]
    if term.type == "bool":
        return term.zh if holds else f"不是：{term.zh}"
    if term.type == "enum":
        word = term.fact.word(str(split.value)) if term.fact is not None else str(split.value)
        return f"{term.zh}{'为' if holds else '不为'}{word}"
    cut = int(split.value)
    shown = term.fact.word(cut) if term.fact is not None else f"{cut}{UNITS_ZH.get(term.unit, '')}"
    return f"{term.zh}{'不少于' if holds else '少于'}{shown}"


def _cut(split: Split, cut: int, term: Term, parameters: Document, on: date) -> str:
    name = f"cut_{split.column}_{cut}".replace("-", "minus_")
    value = {"value": cut, "ref": "本单位优化建议，待签发"}
    parameters[name] = {
        "zh": f"{term.zh}的界限",
        "unit": term.unit,
        "min": min(cut, 0),
        "max": max(2 * cut, 1),
        "values": {"CN": {on.isoformat(): value}},
    }
    return name
