"""Shallow trees: the search against trying everything, unknown answers, and drafts that lint and test as any rule does."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from leye.policy.cases import run as run_cases
from leye.policy.lint import lint
from leye.policy.located import parse_located
from leye.policy.optimise import tree_search
from leye.policy.optimise.programmes import Plan, read_plan
from leye.policy.optimise.scores import Mean
from leye.policy.optimise.tree import Branch, Leaf, Split, Tree, depth_of, offering_paths, offers, simplified
from leye.policy.optimise.tree_learn import Learned, learn_tree, questions
from leye.policy.optimise.tree_rule import rule_document, rule_text, said_zh, terms
from leye.policy.optimise.tree_search import best_tree, gather_answers
from leye.policy.read_pack import load, shipped

ON = date(2025, 8, 31)
SPLITS = tuple(Split(f"x{i}", ">=", 1.0) for i in range(4))


def by_trying_everything(yes: np.ndarray, reward: np.ndarray, depth: int, least: int) -> float:
    """The best sum over all trees of a depth."""
    best = max(float(reward.sum()), 0.0)
    if depth == 0:
        return best
    for p in range(yes.shape[1]):
        side = yes[:, p]
        if least <= side.sum() <= len(side) - least:
            parts = (by_trying_everything(yes[s], reward[s], depth - 1, least) for s in (side, ~side))
            best = max(best, sum(parts))
    return best


@pytest.mark.parametrize(("seed", "depth"), list(product(range(6), range(4))))
def test_the_search_finds_what_trying_everything_finds(seed: int, depth: int) -> None:
    dice = np.random.default_rng(seed)
    yes = dice.random((60, 4)) < [0.5, 0.3, 0.6, 0.2]
    reward = dice.normal(size=60) + yes[:, 0] * 1.5 - (yes[:, 1] & yes[:, 2]) * 2
    found = best_tree(gather_answers(yes, reward), SPLITS, depth=depth, least=4)
    assert found.value == pytest.approx(by_trying_everything(yes, reward, depth, 4))
    frame = pl.DataFrame({f"x{i}": yes[:, i].astype(float) for i in range(4)})
    assert found.exact and depth_of(found.tree) <= depth
    assert reward[offers(found.tree, frame)].sum() == pytest.approx(found.value), "the tree earns what it says"


def test_a_shortlist_says_that_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = np.random.default_rng(1)
    yes = dice.random((200, 4)) < 0.5
    reward = dice.normal(size=200)
    whole = best_tree(gather_answers(yes, reward), SPLITS, depth=3, least=5)
    monkeypatch.setattr(tree_search, "MOST_WORK", 10)
    monkeypatch.setattr(tree_search, "SHORTLIST", 1)
    short = best_tree(gather_answers(yes, reward), SPLITS, depth=3, least=5)
    assert whole.exact and not short.exact and short.value <= whole.value + 1e-9


def test_every_leaf_holds_enough_people() -> None:
    dice = np.random.default_rng(2)
    yes = dice.random((300, 4)) < [0.5, 0.02, 0.5, 0.9]
    reward = np.where(yes[:, 1], 50.0, dice.normal(size=300))

    def sizes(tree: Tree) -> list[int]:
        return [tree.people] if isinstance(tree, Leaf) else sizes(tree.yes) + sizes(tree.no)

    found = best_tree(gather_answers(yes, reward), SPLITS, depth=3, least=20)
    assert min(sizes(found.tree)) >= 20 and sum(sizes(found.tree)) == 300


TREE = Branch(Split("a", ">=", 3.0), Leaf(True), Branch(Split("k", "==", "x"), Leaf(True), Leaf(False)))
ANSWERS = [
    (3.0, "y", True, "the first answer is enough"),
    (2.0, "x", True, "the second answer"),
    (2.0, "y", False, "neither"),
    (None, "x", True, "offered either way"),
    (None, "y", False, "offered only if: asked first"),
    (2.0, None, False, "not before it is known"),
    (None, None, False, "nothing known"),
]


@pytest.mark.parametrize(("a", "k", "offered", "why"), ANSWERS, ids=[w[-1] for w in ANSWERS])
def test_unknown_answers(a: float | None, k: str | None, offered: bool, why: str) -> None:
    assert offers(TREE, pl.DataFrame({"a": [a], "k": [k]}, schema={"a": pl.Float64, "k": pl.String})).tolist() == [offered]


def test_questions_that_change_nothing_go() -> None:
    twice = Branch(Split("a", ">=", 1.0), Branch(Split("b", ">=", 1.0), Leaf(True, 5), Leaf(True, 6)), Leaf(True, 7))
    assert simplified(twice) == Leaf(True, 18)
    assert [len(p) for p in offering_paths(TREE)] == [1, 2]


def test_questions_are_ones_that_a_rule_can_ask() -> None:
    dice = np.random.default_rng(3)
    frame = pl.DataFrame({
        "months": dice.integers(0, 30, 1_000).astype(float), "flag": (dice.random(1_000) < 0.3).astype(float), "rare": [1.0] * 10 + [0.0] * 990,
        "kind": ["a"] * 600 + ["b"] * 390 + ["c"] * 10,
    })  # fmt: skip
    asked = questions(frame)
    assert {s.column for s in asked} == {"months", "flag", "kind"}
    assert all(s.value == int(s.value) for s in asked if s.op == ">=") and Split("flag", ">=", 1.0) in asked
    assert {s.value for s in asked if s.op == "=="} == {"a", "b"}


def learned(differs: float, n: int = 6_000, seed: int = 5) -> Learned:
    dice = np.random.default_rng(seed)
    flag, months = dice.random(n) < 0.3, dice.integers(0, 24, n).astype(float)
    score = 0.08 + differs * (flag - 0.3) + dice.normal(0, 1.0, n)
    frame = pl.DataFrame({"flag": flag.astype(float), "months": months})
    return learn_tree(frame, score, np.arange(n), dice.integers(0, 5, n), seed=1, price=0.08)


def test_a_real_difference_becomes_a_rule_of_the_least_depth() -> None:
    found = learned(0.4)
    assert found.is_rule and depth_of(found.tree) == 1 and found.exact
    assert isinstance(found.tree, Branch) and found.tree.split == Split("flag", ">=", 1.0)
    assert found.chosen.interval(1.96)[0] <= 0.08 + 0.4 * 0.7 <= found.chosen.interval(1.96)[1]
    assert found.others.interval(1.96)[0] <= 0.08 - 0.4 * 0.3 <= found.others.interval(1.96)[1]
    assert found.offered == pytest.approx(0.3, abs=0.03)


def test_no_difference_is_no_rule() -> None:
    assert [s for s in range(12) if learned(0.0, seed=s).is_rule] == []


def plan() -> Plan:
    text = """
programmes:
  - {id: internship, cost_fen: 900000}
  - {id: place, name: 培训名额, who: registered_unemployed, pays: employment_fund, cost_fen: 1}
covariates: {months: {is: months_since(registered_unemployed_since), zh: 登记失业月数, unit: months}}
"""
    return read_plan(parse_located(text), shipped())


DEEP = Branch(
    Split("months", ">=", 6.0),
    Branch(Split("graduate", ">=", 1.0), Leaf(True), Leaf(False)),
    Branch(Split("left_job_reason", "==", "resigned"), Leaf(False), Branch(Split("monthly_wage_fen", ">=", 300000.0), Leaf(True), Leaf(False))),
)


def draft(folder: Path, which: int, tree: Tree = DEEP) -> Path:
    mean = Mean(0.1, 0.02, 900)
    found = Learned(tree, mean, Mean(0.01, 0.02, 900), mean, {2: mean}, 0.4, True)
    asked = terms(("months", "graduate", "left_job_reason", "monthly_wage_fen"), plan(), shipped())
    document = rule_document(plan().programmes[which], found, asked, shipped(), ON)
    (folder / "policies").mkdir(parents=True)
    (folder / "pack.yaml").write_text("pack: draft\nname: {zh: 草案, en: Draft}\nregion: CN\nextends: cn\n", encoding="utf-8")
    (folder / "policies" / f"{document['policy']}.yaml").write_text(rule_text(document), encoding="utf-8")
    return folder


@pytest.mark.parametrize("which", [0, 1], ids=["with the pack's clauses", "with a condition of its own"])
@pytest.mark.parametrize("tree", [DEEP, Branch(Split("graduate", ">=", 1.0), Leaf(True), Leaf(False))], ids=["three deep", "one deep"])
def test_a_draft_lints_and_its_cases_hold(tmp_path: Path, which: int, tree: Tree) -> None:
    folder = draft(tmp_path / "draft", which, tree)
    assert [str(f) for f in lint(folder)] == []
    report = run_cases(load([folder]), only=["draft"])
    assert report.failures == () and report.cases > 3


def test_a_draft_is_no_programme_yet(tmp_path: Path) -> None:
    text = next((draft(tmp_path / "draft", 1) / "policies").glob("*.yaml")).read_text(encoding="utf-8")
    assert "status: unverified" in text and "discretionary: false" in text and "待人工审定、签发" in text
    assert "登记失业月数不少于6个月" in text and "离职原因不为主动辞职" in text and "3,000元" in text
    assert "cut_months_6" in text and "per_id" not in text


def test_what_no_rule_can_say_is_not_asked() -> None:
    asked = terms(("months", "graduated_on", "graduate", "shoe_size", "age"), plan(), shipped())
    assert list(asked) == ["months", "graduated_on", "graduate", "age"] and asked["graduated_on"].text == "months_since(graduated_on)"
    assert said_zh(Split("graduate", ">=", 1.0), False, asked).startswith("不是：")
