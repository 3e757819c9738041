"""The worked cases of a pack: enough of them, on every side, and each readable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leye.kernel.errors import BadInput, Place
from leye.policy import fields
from leye.policy.cases import expected_of, facts_of_case
from leye.policy.grammar import parse
from leye.policy.lint.documents import PackFolder, Sheet
from leye.policy.lint.shape import Look
from leye.policy.located import Mapping, Sequence, Text, Value
from leye.policy.lookup import covers
from leye.policy.pack import Case
from leye.policy.read_policy import read_case
from leye.policy.words import VERDICT_WORDS, VERDICT_ZH, verdict_of, verdict_word

ENOUGH = 3


def check_cases(of: PackFolder) -> None:
    """Add what is lacking of cases and wrong in them."""
    beside = list(_cases_beside(of))
    known = {str(s.found["policy"]) for s in of.of_kind("policy")} | (set() if of.base is None else set(of.base.policies))
    for case in beside:
        _check_words(case, of)
        if case.policy not in known:
            _stranger(case, of)
    for sheet in of.of_kind("policy"):
        own = list(_read(sheet.items("tests"), str(sheet.found["policy"])))
        for case in own:
            _check_words(case, of)
        _enough(sheet, [*own, *(c for c in beside if c.policy == str(sheet.found["policy"]))], of)
    for sheet in of.of_kind("tables"):
        for item in sheet.items("derived"):
            _derived_cases(item, of)


def _cases_beside(of: PackFolder) -> Iterator[Case]:
    for sheet in of.of_kind("tables"):
        for key in ("cases", "tests"):
            yield from _read(sheet.items(key), "")


def _read(items: Iterator[Mapping], policy: str) -> Iterator[Case]:
    for item in items:
        try:
            yield read_case(item, policy)
        except BadInput:
            continue  # its form was found already


def _check_words(case: Case, of: PackFolder, value_type: str = "") -> None:
    """Every fact and expectation, each on its own."""
    look = Look(of.scope, of.findings)
    for key, value in case.facts.items():
        with look.catching():
            facts_of_case(replace(case, facts=_one(key, value, case.facts)), of.facts)
    for key, value in case.expect.items():
        with look.catching():
            expected_of(_one(key, value, case.expect), of.facts, value_type)


def _one(key: str, value: Value, of: Mapping) -> Mapping:
    made = Mapping({key: value})
    made.file, made.line = of.file, of.line
    return made


def _stranger(case: Case, of: PackFolder) -> None:
    of.findings.add(
        "E_POLICY_UNKNOWN",
        case.place,
        f"案例“{case.name}”说的政策“{case.policy}”不在规则包里",
        f"case {case.name!r} is about {case.policy!r}, which no pack has",
        "改成规则包里有的编号",
        "give the id of a policy of the pack",
    )


def _enough(sheet: Sheet, cases: list[Case], of: PackFolder) -> None:
    name = sheet.found["policy"]
    place = name.place
    if of.base is not None and str(name) in of.base.policies:
        _regional_case(sheet, cases, of, place)
        return
    if not cases:
        of.findings.add(
            "E_NO_CASES",
            place,
            f"“{name}”没有案例",
            f"{str(name)!r} has no cases",
            "在 tests 下写三个以上：符合、不符合、待核实各至少一个",
            "write three or more under `tests`: one each of 符合, 不符合, 待核实",
        )
        return
    if len(cases) < ENOUGH:
        of.findings.add(
            "E_FEW_CASES",
            place,
            f"“{name}”只有 {len(cases)} 个案例",
            f"{str(name)!r} has {len(cases)} case(s)",
            f"写到 {ENOUGH} 个以上",
            f"write {ENOUGH} or more",
        )
    told = {_verdict(c) for c in cases}
    lacking = [w for w in ("yes", "no", "unknown") if w not in told and (w != "unknown" or _reads_facts(sheet, of))]
    if lacking:
        zh = "、".join(VERDICT_ZH[w] for w in lacking)
        of.findings.add(
            "E_CASES_ONE_SIDED",
            place,
            f"“{name}”的案例里没有{zh}",
            f"the cases of {str(name)!r} lack {', '.join(lacking)}",
            f"各补一个{zh}的案例",
            "add a case of each",
        )


def _regional_case(sheet: Sheet, cases: list[Case], of: PackFolder, place: Place) -> None:
    """A version of a national policy needs one case in its region."""
    for version in sheet.items("versions"):
        region = version.get("region")
        where = str(region) if isinstance(region, Text) else "CN"
        if not any(covers(where, str(c.facts.get("region", "CN"))) for c in cases):
            of.findings.add(
                "E_NO_CASES",
                version.place if isinstance(region, Text) else place,
                f"{where} 的版本没有案例",
                f"the version of {where} has no case",
                f"写一个 facts 里 region 在 {where} 的案例",
                f"write a case whose facts have a region in {where}",
            )


def _verdict(case: Case) -> str:
    word = case.expect.get("verdict")
    return verdict_word(verdict_of(word)) if isinstance(word, Text) and word in VERDICT_WORDS else ""


def _reads_facts(sheet: Sheet, of: PackFolder) -> bool:
    """Whether any condition reads a fact, so that it can be unknown. What cannot be read counts as doing so."""
    from leye.policy.expression import DerivedRef, FactRef, walk

    for version in sheet.items("versions"):
        own = version.get("parameters")
        scope = of.scope.within(frozenset(own)) if isinstance(own, Mapping) else of.scope
        for text in conditions(version.get("who")):
            try:
                if any(isinstance(n, FactRef | DerivedRef) for n in walk(parse(text, scope))):
                    return True
            except BadInput:
                return True
    return False


def conditions(value: Value | None) -> Iterator[Text]:
    """Every `when` of a clause tree."""
    if isinstance(value, Mapping):
        when = value.get("when")
        if isinstance(when, Text):
            yield when
        for key in ("all", "any", "not", "of"):
            yield from conditions(value.get(key))
    elif isinstance(value, Sequence):
        for part in value:
            yield from conditions(part)


def _derived_cases(item: Mapping, of: PackFolder) -> None:
    name, kind = item.get("fact"), item.get("type")
    tests = item.get("tests")
    cases = [t for t in tests if isinstance(t, Mapping)] if isinstance(tests, Sequence) else []
    if not cases and isinstance(name, Text):
        of.findings.add(
            "E_NO_CASES",
            name.place,
            f"推算事实“{name}”没有案例",
            f"derived fact {str(name)!r} has no cases",
            "在 tests 下写几个算好的值",
            "write some worked values under `tests`",
        )
    for case in _read(iter(cases), ""):
        _check_words(case, of, str(kind) if isinstance(kind, Text) else of.scope.derived.get(str(name), "int"))


__all__ = ["ENOUGH", "check_cases", "conditions", "fields"]
