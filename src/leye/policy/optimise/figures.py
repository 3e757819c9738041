"""report.json: every figure of a plan, by name; unknown is null, shares are 0 to 1, money is fen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from leye.policy.optimise.effects import Effect
from leye.policy.optimise.proposals import Proposal
from leye.policy.optimise.run import Finding, Run
from leye.policy.optimise.scores import Mean
from leye.policy.optimise.tree import Leaf, Tree
from leye.policy.optimise.tree_rule import rule_id

Figures = dict[str, Any]


def figures(run: Run, proposals: Sequence[Proposal] = ()) -> Figures:
    """The whole report as plain values."""
    return {name: _known(value) for name, value in _figures(run, proposals).items()}


def _known(value: Any) -> Any:
    """JSON has no infinities and the product no NaN: what is not known is null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {k: _known(v) for k, v in value.items()}
    return [_known(v) for v in value] if isinstance(value, list) else value


def _figures(run: Run, proposals: Sequence[Proposal]) -> Figures:
    found = run.allocation
    return {
        "on": run.on.isoformat(),
        "seed": run.seed,
        "people": len(run.candidates.person_id),
        "history": {
            "rows": len(run.history.programme),
            "covariates": run.history.covariates.columns,
            "covariates_joined_from_people": run.history.joined,
            "covariates_that_choose": list(run.may_choose),
            "dropped": run.history.dropped,
            "ignored_columns": list(run.history.ignored_columns),
        },
        "programmes": [_finding(run, f) for f in run.findings],
        "allocation": None
        if found is None
        else {
            "placed": run.assignments.height,
            "spent_fen": int(run.assignments["cost_fen"].sum()),
            "expected_effect": run.expected,
            "expected_interval_95": [run.expected - 1.96 * run.expected_se, run.expected + 1.96 * run.expected_se],
            "bound": found.bound,
            "gap": found.gap,
            "drawn_by_lot": int(run.assignments["by_lot"].sum()),
        },
        "rules_proposed": [_proposal(p) for p in proposals],
        "budgets": [_slots(b) for b in run.budgets],
        "rules": [_slots(r) for r in run.rows],
        "certificate": None
        if run.certificate is None
        else {
            "solver": "HiGHS",
            "bound": run.certificate.bound,
            "gap": run.certificate.gap,
            "cells": run.certificate.cells,
            "people": run.certificate.people,
            "prices": dict(zip(found.problem.names, run.certificate.price.tolist(), strict=True)) if found else {},
        },
    }


def _proposal(proposal: Proposal) -> Figures:
    learned = proposal.learned
    return {
        "programme": proposal.programme.id,
        "policy": rule_id(proposal.programme) if proposal.text else None,
        "tree": _tree(learned.tree),
        "effect_of_those_first": _mean(learned.chosen),
        "effect_of_the_others": _mean(learned.others),
        "difference": _mean(learned.apart),
        "by_depth": {str(d): _mean(v) for d, v in learned.by_depth.items()},
        "offered_share": learned.offered,
        "exact": learned.exact,
    }


def _mean(mean: Mean) -> Figures:
    return {"estimate": mean.estimate, "se": mean.se, "interval_95": list(mean.interval(1.96))}


def _tree(tree: Tree) -> Figures:
    if isinstance(tree, Leaf):
        return {"offer": tree.offer, "people": tree.people}
    split = tree.split
    return {"column": split.column, "op": split.op, "value": split.value, "yes": _tree(tree.yes), "no": _tree(tree.no)}


def _slots(row: object) -> Figures:
    return {name: _plain(getattr(row, name)) for name in row.__dataclass_fields__}  # type: ignore[attr-defined]


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _finding(run: Run, finding: Finding) -> Figures:
    programme = run.plan.by_id(finding.programme)
    said: Figures = {
        "programme": finding.programme,
        "name": programme.name,
        "verdict": finding.verdict,
        "placed": finding.placed,
        "override": {"reason": programme.override, "by": programme.override_by} if finding.by_override else None,
        "eligible": finding.eligible,
        "unsure": finding.unsure,
        "unpriced": finding.unpriced,
        "outside_support": finding.outside,
    }
    if finding.refusal is not None:
        said["refusal"] = finding.refusal.as_dict()
    return said | ({} if finding.effect is None else _effect(finding.effect))


def _effect(effect: Effect) -> Figures:
    targeting = effect.targeting
    return {
        "effect": effect.mean.estimate,
        "se": effect.mean.se,
        "interval": [effect.lo, effect.hi],
        "level": effect.level,
        "unadjusted": effect.unadjusted,
        "participants": effect.participants,
        "others": effect.others,
        "compared": effect.mean.n,
        "groups": [
            {
                "group": g.group,
                "effect": None if g.mean is None else g.mean.estimate,
                "se": None if g.mean is None else g.mean.se,
                "interval": None if g.mean is None else [g.lo, g.hi],
                "refused_zh": g.refused_zh,
                "refused_en": g.refused_en,
            }
            for g in effect.groups
        ],
        "overlap": effect.overlap.as_dict(),
        "balance": [d.as_dict() for d in effect.balance],
        "outcome_calibration": dict(zip(("without", "with"), (c.as_dict() for c in effect.outcome_calibration), strict=True)),
        "effect_calibration": targeting.calibration.as_dict() | {"tells_people_apart": targeting.tells_apart, "shrink": targeting.shrink},
        "robustness_value": {"estimate": effect.robustness[0], "interval": effect.robustness[1]},
        "warnings": [{"zh": zh, "en": en} for zh, en in effect.warnings],
    }
