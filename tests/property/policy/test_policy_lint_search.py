"""What lint claims about people, beside a slow count of all of them: never, always, clashes, gaps, overlaps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leye.policy import Evaluator, bind, load
from leye.policy.expression import Iff, Node
from leye.policy.lint import Bases, lint

DOMAIN: dict[str, list[Any]] = {
    "graduate": [True, False],
    "dibao": [True, False],
    "hukou_type": ["urban", "rural"],
    "disability_grade": [0, 1, 2, 3, 4],
    "cert_level": [0, 1, 2, 3, 4, 5],
}
"""Facts of which every value can be tried: 240 people in all."""
PEOPLE = [dict(zip(DOMAIN, values, strict=True)) for values in itertools.product(*DOMAIN.values())]
BASES: Bases = {}

NUMBERS = st.sampled_from(["disability_grade", "cert_level"])
FLAGS = ["graduate", "dibao", "not graduate", "not dibao"]
HOMES = ["hukou_type == 'rural'", "hukou_type in ('urban', 'rural')", "hukou_type != '城镇'"]
ATOMS = st.one_of(
    st.sampled_from([*FLAGS, *HOMES]),
    st.builds("{} {} {}".format, NUMBERS, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.integers(-1, 6)),
    st.builds("{} {} {}".format, NUMBERS, st.sampled_from(["<", ">=", "=="]), NUMBERS),
    st.builds("{} + {} {} {}".format, NUMBERS, NUMBERS, st.sampled_from(["<", ">="]), st.integers(0, 9)),
)


def clauses(depth: int) -> st.SearchStrategy[str]:
    """A clause tree in flow style."""
    leaf = ATOMS.map(lambda a: f'{{when: "{a}", say: 条件}}')
    if depth == 0:
        return leaf
    inner = st.lists(clauses(depth - 1), min_size=1, max_size=3)
    groups = st.builds(lambda kind, parts: f"{{{kind}: [{', '.join(parts)}]}}", st.sampled_from(["all", "any"]), inner)
    return st.one_of(leaf, groups, clauses(depth - 1).map(lambda c: f"{{not: [{c}]}}"), inner.map(lambda p: f"{{at_least: 1, of: [{', '.join(p)}]}}"))


def pack(folder: Path, who: list[str], amount: str) -> Path:
    """A pack whose one policy has a condition a line, so that lines tell conditions."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["policy: p", "name: 例", "about: person", "pays: employment_fund", "status: verified", "source: [某文]", "versions:"]
    lines += [
        "  - from: 2025-01-01",
        "    to: 2025-12-31",
        "    unit: once",
        f"    {amount}",
        "    who:",
        "      all:",
        *(f"        - {w}" for w in who),
    ]
    (folder / "pack.yaml").write_text("pack: own\nname: {zh: 例}\nregion: CN\nextends: cn\n", encoding="utf-8")
    (folder / "p.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def found(folder: Path, *codes: str) -> list[tuple[str, int]]:
    return [(f.code, f.line) for f in lint(folder, BASES) if f.code in codes]


def evaluator_of(folder: Path) -> tuple[Evaluator, Any]:
    from datetime import date

    bound = bind(load([folder]), date(2025, 1, 1))
    return Evaluator(bound), next(p for p in bound.policies if p.policy.id == "p")


def values(evaluator: Evaluator, node: Node) -> Iterator[Any]:
    return (evaluator.value(node, evaluator.env(person)) for person in PEOPLE)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(who=st.lists(clauses(2), min_size=1, max_size=4))
def test_refused_as_impossible_exactly_where_nobody_fits(who: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = pack(tmp_path_factory.mktemp("p") / "own", who, "amount_fen: 100")
    evaluator, policy = evaluator_of(folder)
    refused = bool(found(folder, "E_NEVER", "E_CONTRADICTION", "E_UNREACHABLE"))
    somebody = any(values(evaluator, policy.who.node))
    if not somebody:
        assert refused
    every_leaf_possible = _every_leaf_possible(evaluator, policy)
    if somebody and every_leaf_possible and not _has_branches(policy):
        assert not refused


def _leaves(node: Any) -> Iterator[Any]:
    parts = getattr(node, "parts", None)
    if parts is None:
        yield node
    else:
        for part in parts:
            yield from _leaves(part)


def _every_leaf_possible(evaluator: Evaluator, policy: Any) -> bool:
    return all(any(values(evaluator, leaf.node)) for leaf in _leaves(policy.who))


def _has_branches(policy: Any) -> bool:
    """Whether there is more than conditions that must all hold: a branch may be refused although somebody is entitled through another."""
    return any(hasattr(p, "parts") for p in policy.who.parts)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(atom=ATOMS)
def test_never_and_always_are_told_exactly_where_they_hold(atom: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = pack(tmp_path_factory.mktemp("p") / "own", [f'{{when: "{atom}", say: 条件}}'], "amount_fen: 100")
    evaluator, policy = evaluator_of(folder)
    outcomes = set(values(evaluator, policy.who.parts[0].node))
    expected = {(True, False): [], (True,): [("W_ALWAYS", 14)], (False,): [("E_NEVER", 14)]}[tuple(sorted(outcomes, reverse=True))]
    assert found(folder, "E_NEVER", "W_ALWAYS") == expected


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(who=ATOMS, rows=st.lists(ATOMS, min_size=1, max_size=3))
def test_amount_tables_are_refused_exactly_where_somebody_falls_between_or_on_two_rows(
    who: str, rows: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    table = ", ".join(f'{{when: "{row}", fen: {100 * n}, say: 一档}}' for n, row in enumerate(rows, 1))
    folder = pack(tmp_path_factory.mktemp("p") / "own", [f'{{when: "{who}", say: 条件}}'], f"amounts: [{table}]")
    evaluator, policy = evaluator_of(folder)
    conditions, node = [], policy.amount
    while isinstance(node, Iff):
        conditions.append(node.cond)
        node = node.other
    counts = [
        sum(bool(evaluator.value(c, evaluator.env(p))) for c in conditions) for p in PEOPLE if evaluator.value(policy.who.node, evaluator.env(p))
    ]
    codes = {code for code, _ in found(folder, "E_AMOUNT_GAP", "E_AMOUNT_OVERLAP")}
    assert ("E_AMOUNT_GAP" in codes) == (0 in counts)
    assert ("E_AMOUNT_OVERLAP" in codes) == any(c > 1 for c in counts)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(who=ATOMS, fact=NUMBERS, factor=st.integers(-3, 3), plus=st.integers(-9, 9))
def test_a_negative_amount_is_refused_exactly_where_somebody_would_get_one(
    who: str, fact: str, factor: int, plus: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = pack(tmp_path_factory.mktemp("p") / "own", [f'{{when: "{who}", say: 条件}}'], f"amount_fen: {fact} * {factor} + {plus}")
    evaluator, policy = evaluator_of(folder)
    entitled = [p for p in PEOPLE if evaluator.value(policy.who.node, evaluator.env(p))]
    negative = any(evaluator.value(policy.amount, evaluator.env(p)) < 0 for p in entitled)
    assert bool(found(folder, "E_AMOUNT_NEGATIVE")) == negative


def test_a_clash_is_told_with_the_fewest_conditions_that_clash(tmp_path: Path) -> None:
    who = ["graduate", "dibao", "cert_level >= 4", "hukou_type == 'rural'", "cert_level < 3"]
    folder = pack(tmp_path / "own", [f'{{when: "{w}", say: 条件}}' for w in who], "amount_fen: 100")
    told = [f for f in lint(folder, BASES) if f.code == "E_CONTRADICTION"]
    assert len(told) == 1 and told[0].line == 18
    assert "cert_level >= 4" in told[0].zh and "第 16 行" in told[0].zh
    assert "graduate" not in told[0].zh and "dibao" not in told[0].zh


def test_independent_conditions_do_not_multiply(tmp_path: Path) -> None:
    """Thirty flags that have nothing to do with a clash are 2 to the thirtieth people; each group is looked at alone, so they do not matter."""
    flags = [f.id for f in load(["cn"]).facts if f.type == "bool"][:30]
    who = [*flags, "cert_level >= 4", "cert_level < 3"]
    folder = pack(tmp_path / "own", [f'{{when: "{w}", say: 条件}}' for w in who], "amount_fen: 100")
    assert [code for code, _ in found(folder, "E_CONTRADICTION", "E_NEVER")] == ["E_CONTRADICTION"]


def test_where_the_search_gives_up_nothing_is_claimed(tmp_path: Path) -> None:
    """A sum over many facts that nobody reaches: the search would take for ever, and an unproven claim would refuse a sound pack."""
    facts = [f.id for f in load(["cn"]).facts if f.base == "int" and f.is_range and f.type == "int"][:12]
    who = [f"{' + '.join(facts)} == -1"]
    folder = pack(tmp_path / "own", [f'{{when: "{w}", say: 条件}}' for w in who], "amount_fen: 100")
    assert found(folder, "E_NEVER", "E_CONTRADICTION") == []
