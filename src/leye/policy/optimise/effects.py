"""One programme against none: the average effect with its interval, by group, with everything that says whether to believe it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl
from scipy.special import ndtri

from leye.policy.optimise.arrays import Bools, Floats, Ints
from leye.policy.optimise.balance import WORRYING, Difference, measure_balance, require_balance
from leye.policy.optimise.calibration import Calibration, outcome_calibration
from leye.policy.optimise.crossfit import FOLDS, Nuisance, cross_fit, folds_by_person
from leye.policy.optimise.overlap import Overlap, measure_overlap, require_numbers, require_overlap
from leye.policy.optimise.scores import Mean, aipw, average
from leye.policy.optimise.sensitivity import bias_scale, robustness_value
from leye.policy.optimise.targeting import Targeting, learn_targeting

LEAST_GROUP = 30
"""Participants and others of a group, kept. Chosen by us: with fewer the normal interval of a mean of weighted outcomes does not hold."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Participants of one programme and the untreated. Rows: person (codes 0..), treated, outcome 0/1, covariates; groups: name -> (n,) members."""

    programme: str
    person: Ints
    treated: Bools
    outcome: Floats
    covariates: pl.DataFrame
    groups: Mapping[str, Bools] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GroupEffect:
    """Average effect in one group, or the reason why there is none."""

    group: str
    mean: Mean | None
    lo: float | None
    hi: float | None
    refused_zh: str = ""
    refused_en: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a programme changes, in shares of people (0.08: eight more of a hundred have the outcome).

    lo, hi: ends of the interval at `level`, made wide enough for all programmes together · unadjusted: plain difference of the two rates ·
    robustness: how strong a hidden cause must be to bring the estimate to 0, and to bring the interval's near end there ·
    treated, scores, kept, nuisance: (n,) for whoever goes on from here.
    """

    programme: str
    mean: Mean
    level: float
    lo: float
    hi: float
    unadjusted: float
    participants: int
    others: int
    groups: tuple[GroupEffect, ...]
    overlap: Overlap
    balance: tuple[Difference, ...]
    outcome_calibration: tuple[Calibration, Calibration]
    robustness: tuple[float, float]
    targeting: Targeting
    treated: Bools
    scores: Floats
    nuisance: Nuisance
    warnings: tuple[tuple[str, str], ...]

    @property
    def kept(self) -> Bools:
        """(n,) rows that were compared."""
        return self.overlap.kept

    @property
    def verdict(self) -> str:
        """effective | no_evidence | harmful, by the interval."""
        if self.lo > 0:
            return "effective"
        return "harmful" if self.hi < 0 else "no_evidence"


def estimate_effect(trial: Trial, *, seed: int, may_choose: tuple[str, ...], comparisons: int = 1, level: float = 0.95, folds: int = FOLDS) -> Effect:
    """The effect of one programme on those who can be compared.

    may_choose: covariates that targeting may use · comparisons: programmes evaluated together; the interval is Bonferroni's over them.
    Raises TooFew, TinyShare, NoOverlap, Unbalanced (all CheckFailed).
    """
    require_numbers(trial.programme, trial.treated, trial.outcome)
    fold = folds_by_person(trial.person, trial.treated, seed=seed, folds=folds)
    nuisance = cross_fit(trial.covariates, trial.treated, trial.outcome, fold)
    overlap = measure_overlap(nuisance.e, trial.treated)
    require_overlap(trial.programme, overlap)
    balance = measure_balance(trial.covariates, trial.treated, nuisance.e, overlap.kept)
    require_balance(trial.programme, balance)
    return _assemble(trial, nuisance, overlap, balance, may_choose, z_of(level, comparisons), level)


def z_of(level: float, comparisons: int) -> float:
    """Standard errors each side for `comparisons` intervals that all hold at `level` (Bonferroni)."""
    return float(ndtri(1.0 - (1.0 - level) / (2.0 * comparisons)))


def _assemble(
    trial: Trial, nuisance: Nuisance, overlap: Overlap, balance: list[Difference], may_choose: tuple[str, ...], z: float, level: float
) -> Effect:
    score, kept, treated, outcome = aipw(trial.treated, trial.outcome, nuisance), overlap.kept, trial.treated, trial.outcome
    mean = average(score, trial.person, kept)
    lo, hi = mean.interval(z)
    scale = bias_scale(treated, outcome, nuisance, kept)
    near = max(abs(mean.estimate) - z * mean.se, 0.0)
    chosen = trial.covariates.select(may_choose).filter(pl.Series(kept))
    return Effect(
        trial.programme,
        mean,
        level,
        lo,
        hi,
        float(outcome[treated].mean() - outcome[~treated].mean()),
        int(treated.sum()),
        int((~treated).sum()),
        tuple(_group_effect(name, members & kept, trial, score, z) for name, members in trial.groups.items()),
        overlap,
        tuple(balance),
        (outcome_calibration(nuisance.mu0[~treated], outcome[~treated]), outcome_calibration(nuisance.mu1[treated], outcome[treated])),
        (robustness_value(abs(mean.estimate), scale), robustness_value(near, scale)),
        learn_targeting(chosen, score[kept], trial.person[kept], nuisance.fold[kept]),
        treated,
        score,
        nuisance,
        tuple(_warnings(overlap, balance)),
    )


def _group_effect(name: str, members: Bools, trial: Trial, score: Floats, z: float) -> GroupEffect:
    inside, outside = int((members & trial.treated).sum()), int((members & ~trial.treated).sum())
    if min(inside, outside) < LEAST_GROUP:
        return GroupEffect(
            name,
            None,
            None,
            None,
            f"参加者 {inside} 人、未参加者 {outside} 人，各至少要 {LEAST_GROUP} 人",
            f"{inside} participants and {outside} others; at least {LEAST_GROUP} of each are needed",
        )
    mean = average(score, trial.person, members)
    return GroupEffect(name, mean, *mean.interval(z))


def _warnings(overlap: Overlap, balance: list[Difference]) -> list[tuple[str, str]]:
    """Pairs (zh, en) of what a reader should keep in mind."""
    said = []
    worst = [d for d in balance if abs(d.after) > WORRYING and abs(d.after) > 2 * d.noise]
    if worst:
        said.append(
            (
                f"加权后仍有 {len(worst)} 项差别超过 {WORRYING}，最大的是 {worst[0].covariate}（{worst[0].after:+.2f}）",
                f"{len(worst)} covariates differ by more than {WORRYING} after weighting, most {worst[0].covariate} ({worst[0].after:+.2f})",
            )
        )
    if overlap.trimmed[0] > 0.1:
        said.append(
            (
                f"{overlap.trimmed[0]:.0%} 的参加者没有可比的未参加者，未计入；结论只说其余的人",
                f"{overlap.trimmed[0]:.0%} of the participants have no comparable others and are left out; the finding is about the rest",
            )
        )
    if overlap.largest_weight > 0.05:
        said.append(
            (
                f"权重最大的一人占该组的 {overlap.largest_weight:.0%}，结果不够稳定",
                f"the heaviest person carries {overlap.largest_weight:.0%} of a group",
            )
        )
    return said
