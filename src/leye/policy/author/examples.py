"""Worked examples for a policy that has none: people found by search, what the rule says of them, to be checked by whoever knows the document.

An example that the rule itself gives is no proof that the rule is right: it makes its consequences visible in the form in which they are reviewed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from leye.kernel.errors import Place
from leye.policy import fields
from leye.policy.author.write import scalar
from leye.policy.bind import BoundNode
from leye.policy.expression import Not
from leye.policy.facts import FactValue
from leye.policy.lint.assembled import Assembled, OwnVersion
from leye.policy.lint.people import Day, People, flattened, text_of
from leye.policy.lint.witness import Holds, Person, TooMany
from leye.policy.located import Sequence as LocatedSequence
from leye.policy.located import parse_located
from leye.policy.pack import PackSet, Policy
from leye.policy.read_pack import scope_of
from leye.policy.read_policy import read_policy
from leye.policy.words import VERDICT_ZH, verdict_word

MOST = 4  # chosen by us: refusals and unknowns of each kind that are listed


@dataclass(frozen=True, slots=True)
class _Example:
    name: str
    person: Person


def with_examples(text: str, packs: PackSet, file: str = "") -> str:
    """The file with examples in place of an empty `tests: []`; unchanged when it has cases. Raises BadInput where the file does not read."""
    found = fields.mapping(parse_located(text, file=file), "policy", Place(file=file))
    tests = found.get("tests")
    if isinstance(tests, LocatedSequence) and len(tests):
        return text
    name = str(fields.text(found, "policy"))
    policy = read_policy(found, scope_of(packs), "own", packs.policies.get(name))
    day = _first_day(packs, policy)
    if day is None:
        return text
    lines = [line for example in _examples(day, packs) for line in _written(example, day, policy, packs)]
    return _without_tests(text) + "\n".join(["tests:", *lines, ""])


def _without_tests(text: str) -> str:
    kept = [line for line in text.rstrip().split("\n") if line.replace(" ", "") not in ("tests:[]", "tests:")]
    return "\n".join(kept) + "\n"


def _first_day(packs: PackSet, policy: Policy) -> Day | None:
    """The newest version on its first day."""
    own = policy.versions[-1:]
    joined = replace(packs, policies={**packs.policies, policy.id: policy})
    empty = parse_located("{}")
    found = [d for v in own for d in People(Assembled(joined, []), OwnVersion(policy, v, fields.mapping(empty, "", Place()))).days]
    return found[0] if found else None


def _examples(day: Day, packs: PackSet) -> Iterator[_Example]:
    parts = list(flattened(day.bound.who)) if day.bound.who is not None else []
    yes = _find(day, [Holds(p.node) for p in parts])
    if yes is None:
        return
    yield _Example("条件都满足", yes)
    for number, part in list(enumerate(parts))[:MOST]:
        goals = [Holds(Not(p.node) if n == number else p.node) for n, p in enumerate(parts)]
        no = _find(day, goals) or _find(day, [Holds(Not(part.node))])
        if no is not None:
            yield _Example(f"不满足：{_say(part)}", no)
    for fact in [f for f in yes if _verdict(day, _but(yes, f)) == "unknown"][:MOST]:
        yield _Example(f"不知道{packs.facts[fact].zh}", _but(yes, fact))


def _find(day: Day, goals: list[Holds]) -> Person | None:
    try:
        return day.find(goals, until_today=True)
    except TooMany:
        return None


def _but(person: Person, fact: str) -> Person:
    return {k: v for k, v in person.items() if k != fact}


def _say(part: BoundNode) -> str:
    """The sentence of a condition; of a group without one, its conditions."""
    clause = getattr(part, "clause", None)
    return str(clause.say or clause.text) if clause is not None else text_of(part)


def _verdict(day: Day, person: Person) -> str:
    return verdict_word(day.evaluator.answer(day.evaluator.env(person), day.bound.policy.id).verdict)


def _written(example: _Example, day: Day, policy: Policy, packs: PackSet) -> Iterator[str]:
    answer = day.evaluator.answer(day.evaluator.env(example.person), policy.id)
    version = day.bound.version
    region = version.region if version is not None else "CN"
    order = packs.facts.order
    facts = [("region", region), *sorted(((k, _plain(v)) for k, v in example.person.items() if k != "region"), key=lambda kv: order[kv[0]])]
    expect = [f"verdict: {VERDICT_ZH[verdict_word(answer.verdict)]}"]
    if answer.verdict and version is not None and version.amount is not None:
        expect.append(f"amount_fen: {'null' if answer.amount_fen is None else answer.amount_fen}")
    if answer.verdict and answer.months is not None:
        expect.append(f"months: {answer.months}")
    if answer.verdict is None:
        expect.append(f"missing: [{', '.join(answer.missing)}]")
    yield f"  - name: {scalar(example.name + '（系统列出，请核对）')}"
    yield f"    on: {day.on}"
    yield f"    facts: {{{', '.join(f'{k}: {v}' for k, v in facts)}}}"
    yield f"    expect: {{{', '.join(expect)}}}"


def _plain(value: FactValue) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
