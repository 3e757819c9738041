"""For every programme that is placed, the simplest rule that held-out people bear out, or the word that there is none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from leye.policy.optimise.prices import clean_prices
from leye.policy.optimise.programmes import Programme
from leye.policy.optimise.run import Run
from leye.policy.optimise.tree_learn import Learned, learn_tree
from leye.policy.optimise.tree_rule import Term, rule_document, rule_id, rule_text, terms
from leye.policy.pack import PackSet

PACK = "pack: {name}\nname: {{zh: 优化建议（草案）, en: Drafts of the optimiser}}\nregion: CN\nextends: cn\n"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One programme's tree. asked: its columns in the rule language · text: the draft, "" when there is no rule to propose."""

    programme: Programme
    learned: Learned
    asked: dict[str, Term]
    text: str


def propose(run: Run, packs: PackSet) -> list[Proposal]:
    """Trees of the placed programmes. Only what may choose and what a rule can say is asked about."""
    asked = terms(run.may_choose, run.plan, packs)
    found = []
    for i, finding in enumerate(run.findings):
        effect = finding.effect
        if not finding.placed or effect is None or not asked:
            continue
        programme = run.plan.programmes[i]
        kept = effect.kept
        among = run.history.rows_of(programme.history)
        rows = run.history.covariates.filter(pl.Series(among)).filter(pl.Series(kept))
        _, person = np.unique(run.history.person[among][kept], return_inverse=True)
        price = _price(run, programme, effect.mean.estimate)
        with threadpool_limits(1, user_api="blas"):
            learned = learn_tree(
                _askable(rows, asked), effect.scores[kept], person.astype(np.int64), effect.nuisance.fold[kept], seed=run.seed, price=price
            )
        text = rule_text(rule_document(programme, learned, asked, packs, run.on)) if learned.is_rule else ""
        found.append(Proposal(programme, learned, asked, text))
    return found


def write_drafts(proposals: list[Proposal], folder: Path) -> list[Path]:
    """A folder of rules as a pack of its own, to be linted, tested and signed; nothing is written without a rule to propose."""
    texts = {rule_id(p.programme): p.text for p in proposals if p.text}
    if not texts:
        return []
    (folder / "policies").mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(PACK.format(name=folder.name), encoding="utf-8")
    files = []
    for name, text in texts.items():
        files.append(folder / "policies" / f"{name}.yaml")
        files[-1].write_text(text, encoding="utf-8")
    return files


def _price(run: Run, programme: Programme, average: float) -> float:
    """What a place must gain to be worth it: the average effect where money is short, for a draw among all would gain as much; else nothing."""
    if run.allocation is None:
        return 0.0
    prices = dict(zip(run.allocation.problem.names, clean_prices(run.allocation), strict=True))
    return average if prices.get(programme.pays, 0.0) > 0 else 0.0


def _askable(rows: pl.DataFrame, asked: dict[str, Term]) -> pl.DataFrame:
    """The columns with the values that a rule sees: whole numbers for numbers."""
    return rows.select(pl.col(name).floor() if rows[name].dtype.is_float() else pl.col(name) for name in asked)
