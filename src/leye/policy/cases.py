"""The worked cases of packs, run: policies and derived facts, each expectation compared key by key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

from leye.kernel.errors import BadInput, Place
from leye.policy import fields
from leye.policy.bind import bind
from leye.policy.choice import GIVES_WAY, choices
from leye.policy.expression import DerivedRef
from leye.policy.facts import FactTable, FactValue
from leye.policy.grammar import Scope
from leye.policy.located import Mapping as LocatedMapping
from leye.policy.located import Text, parse_located, texts
from leye.policy.pack import Case, Derived, PackSet
from leye.policy.read_policy import read_policy
from leye.policy.scalar import Env, Evaluator
from leye.policy.words import verdict_of, verdict_word

EXPECT_KEYS = ("verdict", "amount_fen", "months", "missing", "choice", "value")
"""What a case may expect; `value` is for derived facts."""

Found: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseFailure:
    """A case that came out otherwise. expected, found: only the keys that differ; `error` where the case itself cannot be read."""

    policy: str
    name: str
    file: str
    line: int
    expected: Found
    found: Found

    def as_dict(self) -> Found:
        """JSON form."""
        return {n: getattr(self, n) for n in ("policy", "name", "file", "line", "expected", "found")}


@dataclass(frozen=True, slots=True)
class CaseReport:
    """Outcome of a run. policies: how many have cases; derived facts count with their cases only."""

    policies: int
    cases: int
    failures: tuple[CaseFailure, ...]

    def as_dict(self) -> Found:
        """JSON form of `leye policy test --json`."""
        return {
            "policies": self.policies,
            "cases": self.cases,
            "failed": len(self.failures),
            "failures": [f.as_dict() for f in self.failures],
        }


def run(packs: PackSet, only: Iterable[str] | None = None, policy: str = "") -> CaseReport:
    """Every case of the packs. only: ids of the packs whose cases are run (their rules are read together with all others) · policy: one alone."""
    folders = None if only is None else {p.folder.name for p in packs.packs if p.id in set(only)}
    room = _Room(packs)
    cases = [(c.policy, c, None) for c in _policy_cases(packs)] + [(d.id, c, d) for d in packs.derived.values() for c in d.cases]
    chosen = [
        (name, case, derived)
        for name, case, derived in cases
        if (folders is None or (case.place.file or "").split("/")[0] in folders) and policy in ("", name)
    ]
    failures = [failure for name, case, derived in chosen if (failure := _failure(room, name, case, derived)) is not None]
    return CaseReport(len({name for name, _, derived in chosen if derived is None}), len(chosen), tuple(failures))


def _policy_cases(packs: PackSet) -> list[Case]:
    return [c for p in packs.policies.values() for c in p.cases] + list(packs.cases)


@dataclass
class _Room:
    """Evaluators by what they answer for, so that cases of one day and place share one."""

    packs: PackSet
    kept: dict[tuple[str, date, str], Evaluator] = field(default_factory=dict)

    def evaluator(self, policy: str, on: date, region: str) -> Evaluator:
        """The rules of one policy (all of them for the empty name) on a day in a place."""
        packs = self.packs
        return self._evaluator(replace(packs, policies={policy: packs.policies[policy]}) if policy else packs, (policy, on, region))

    def derived(self, name: str, on: date, region: str) -> Evaluator:
        """A derived fact as the amount of a policy of its own: what no policy reads is otherwise left out of the binding."""
        amount = DerivedRef(name, self.packs.derived[name].type)
        probe = replace(_PROBE, versions=tuple(replace(v, amount=amount) for v in _PROBE.versions))
        return self._evaluator(replace(self.packs, policies={_PROBE.id: probe}), (f"derived {name}", on, region))

    def _evaluator(self, packs: PackSet, key: tuple[str, date, str]) -> Evaluator:
        if key not in self.kept:
            self.kept[key] = Evaluator(bind(packs, key[1], key[2]))
        return self.kept[key]


_PROBE_TEXT = """
policy: probe
name: 推算事实
about: person
versions: [{from: 1900-01-01, sunset: 只为运行案例, who: {when: "true", say: 人人}, unit: status}]
"""
_PROBE = read_policy(fields.mapping(parse_located(_PROBE_TEXT), "probe", Place()), Scope(FactTable()), "")


def _failure(room: _Room, name: str, case: Case, derived: Derived | None) -> CaseFailure | None:
    try:
        expected = expected_of(case.expect, room.packs.facts, derived.type if derived is not None else "")
        found = _found(room, name, case, derived, set(expected))
    except BadInput as error:
        expected, found = {}, {"error": error.zh, "remedy": error.remedy_zh}
    differing = {key: value for key, value in expected.items() if key not in found or found[key] != value}
    if not differing and "error" not in found:
        return None
    shown = found if "error" in found else {key: found.get(key) for key in differing}
    return CaseFailure(name, case.name, case.place.file or "", case.place.row or 0, differing, shown)


def _found(room: _Room, name: str, case: Case, derived: Derived | None, keys: set[str]) -> Found:
    facts = facts_of_case(case, room.packs.facts)
    region = str(facts.get("region") or "CN")
    if derived is not None:
        evaluator = room.derived(name, case.on, region)
        return {"value": _plain(evaluator.value(evaluator.bound.derived[name], evaluator.env(facts)))}
    if name not in room.packs.policies:
        raise _no_policy(name, case)
    evaluator = room.evaluator("" if "choice" in keys else name, case.on, region)
    env = evaluator.env(facts)
    answer = evaluator.answer(env, name)
    found: Found = {
        "verdict": verdict_word(answer.verdict),
        "amount_fen": answer.amount_fen,
        "months": answer.months,
        "missing": list(answer.missing),
    }
    return {**found, "choice": _choice(evaluator, env, name)} if "choice" in keys else found


def _choice(evaluator: Evaluator, env: Env, name: str) -> str | None:
    return choices(evaluator.answers(env)).get(name)


def facts_of_case(case: Case, table: FactTable) -> dict[str, FactValue]:
    """Facts of a case by id, in their types. Raises BadInput with the line for a name nobody knows, or a value that cannot be."""
    found: dict[str, FactValue] = {}
    for key, value in case.facts.items():
        if key not in table or not isinstance(value, Text):
            raise fields.refuse(
                f"案例里没有“{key}”这个事实",
                f"no fact {str(key)!r}",
                key.place if isinstance(key, Text) else case.place,
                "用 leye policy facts 查看可用的名称；值写成一个词或数",
                "see `leye policy facts`; the value is one word or number",
                code="E_FACT_UNKNOWN",
            )
        try:
            found[table[key].id] = table[key].from_text(value)
        except BadInput as error:
            error.places = (value.place,)
            raise
    return found


def expected_of(expect: LocatedMapping, table: FactTable, value_type: str = "") -> Found:
    """What a case expects, in machine words. value_type: of the derived fact it is about. Raises BadInput with the line."""
    found: Found = {}
    for key, value in expect.items():
        place = value.place
        if key == "verdict" and isinstance(value, Text):
            found[key] = verdict_word(verdict_of(value, place))
        elif key in ("amount_fen", "months"):
            found[key] = None if fields.is_empty(value) else fields.whole(value, key, place)
        elif key == "missing":
            names = [t for t in texts(value) if t not in fields.EMPTY]
            found[key] = sorted({_fact_id(n, table) for n in names}, key=table.order.__getitem__)
        elif key == "choice" and isinstance(value, Text):
            found[key] = None if fields.is_empty(value) else value.replace("give way to ", GIVES_WAY)
        elif key == "value" and value_type and isinstance(value, Text):
            found[key] = _derived_value(value, value_type)
        else:
            raise fields.refuse(
                f"案例的 expect 里不认识“{key}”",
                f"a case cannot expect {str(key)!r}",
                place,
                f"可写：{'、'.join(EXPECT_KEYS)}",
                f"one of: {', '.join(EXPECT_KEYS)}",
                code="E_KEY_UNKNOWN",
            )
    return found


def _fact_id(name: Text, table: FactTable) -> str:
    if name not in table:
        raise fields.refuse(
            f"没有“{name}”这个事实",
            f"no fact {str(name)!r}",
            name.place,
            "用 leye policy facts 查看",
            "see `leye policy facts`",
            code="E_FACT_UNKNOWN",
        )
    return table[name].id


def _derived_value(value: Text, kind: str) -> Any:
    if fields.is_empty(value):
        return None
    if kind == "bool":
        return str(value) in ("true", "是")
    return fields.whole(value, "value", value.place) if kind in ("int", "fen") else str(value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _no_policy(name: str, case: Case) -> BadInput:
    return fields.refuse(
        f"案例写的政策“{name}”不在规则包里" if name else "案例没有写是哪项政策",
        f"no policy {name!r} in the packs",
        case.place,
        "在 policy 里写政策的编号",
        "give the policy's id under `policy`",
        code="E_POLICY_UNKNOWN",
    )


__all__ = ["EXPECT_KEYS", "CaseFailure", "CaseReport", "expected_of", "facts_of_case", "run"]
