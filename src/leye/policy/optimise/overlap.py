"""Are participants and the others alike enough to be compared: who is left out, how much information remains, and the refusals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.policy.optimise.arrays import Bools, Floats
from leye.policy.optimise.refusals import TinyShare, no_overlap, too_few

LEAST_ARM = 100
"""People in either group. Chosen by us: with fewer an interval of an employment rate is wider than any effect ever found (±10 points)."""
LEAST_EVENTS = 20
"""Of the rarer outcome in either group. Chosen by us: a logistic model of fewer is a guess (ten an input is the usual rule of thumb)."""
LEAST_SHARE = 0.005
"""Participants in the history. Chosen by us: below one in two hundred a handful of look-alikes carries the comparison."""
LEAST_KEPT = 0.5
"""Of the participants, after the incomparable are left out. Chosen by us: an effect of a minority is not the programme's."""
LEAST_EFFECTIVE = 50.0
"""Effective sample size of either group. Chosen by us, as LEAST_ARM: 50 weighted equals give ±14 points."""
BINS = 20


@dataclass(frozen=True, slots=True)
class Overlap:
    """threshold: propensities below it and above 1 - it are left out · kept: (n,) rows that stay · edges: (BINS + 1,) of the histogram over all rows,
    counts_treated and counts_others in it · effective: sample size (participants, others) under the weights · trimmed: shares left out of the two."""

    threshold: float
    kept: Bools
    edges: Floats
    counts_treated: tuple[int, ...]
    counts_others: tuple[int, ...]
    effective: tuple[float, float]
    trimmed: tuple[float, float]
    largest_weight: float

    def as_dict(self) -> dict[str, object]:
        """For report.json."""
        return {
            "threshold": self.threshold,
            "histogram": {"edges": [float(e) for e in self.edges], "participants": list(self.counts_treated), "others": list(self.counts_others)},
            "effective_sample": {"participants": self.effective[0], "others": self.effective[1]},
            "share_trimmed": {"participants": self.trimmed[0], "others": self.trimmed[1]},
            "largest_weight_share": self.largest_weight,
        }


def crump_threshold(e: Floats) -> float:
    """The alpha of Crump, Hotz, Imbens and Mitnik 2009 (Biometrika 96, corollary 1): keeping alpha <= e <= 1 - alpha makes the variance of the
    average effect least. 0 when everybody may stay."""
    g = np.sort(1.0 / np.clip(e * (1.0 - e), 1e-12, None))
    mean = np.cumsum(g) / np.arange(1, len(g) + 1)
    if g[-1] <= 2.0 * mean[-1]:
        return 0.0
    inside = np.flatnonzero(g <= 2.0 * mean)
    gamma = 2.0 * float(mean[inside[-1]])
    return 0.5 - float(np.sqrt(max(0.25 - 1.0 / gamma, 0.0)))


def weights(e: Floats, treated: Bools) -> Floats:
    """(n,) inverse probability of what happened to each."""
    return np.asarray(1.0 / np.where(treated, e, 1.0 - e))


def measure_overlap(e: Floats, treated: Bools) -> Overlap:
    """The report of one programme; nothing is refused here."""
    threshold = crump_threshold(e)
    kept = np.asarray((e >= threshold) & (e <= 1.0 - threshold))
    edges = np.linspace(float(e.min()), float(e.max()) + 1e-12, BINS + 1)
    w = weights(e, treated)
    arms = [kept & treated, kept & ~treated]
    shares = [w[arm] / w[arm].sum() for arm in arms if arm.any()]
    return Overlap(
        threshold,
        kept,
        edges,
        tuple(int(c) for c in np.histogram(e[treated], edges)[0]),
        tuple(int(c) for c in np.histogram(e[~treated], edges)[0]),
        (effective(w[arms[0]]), effective(w[arms[1]])),
        (1.0 - float(kept[treated].mean()), 1.0 - float(kept[~treated].mean())),
        max((float(s.max()) for s in shares), default=1.0),
    )


def effective(w: Floats) -> float:
    """Kish's effective sample size, (sum w)^2 / sum w^2; 0 for nobody."""
    return float(w.sum() ** 2 / (w**2).sum()) if len(w) else 0.0


def require_numbers(programme: str, treated: Bools, outcome: Floats) -> None:
    """Raises TooFew or TinyShare before any model is fitted."""
    n, share = int(treated.sum()), float(treated.mean()) if len(treated) else 0.0
    for arm, zh, en in ((treated, "参加者", "participants"), (~treated, "未参加者", "others")):
        if arm.sum() < LEAST_ARM:
            raise too_few(programme, f"{zh} {int(arm.sum())} 人，至少要 {LEAST_ARM} 人", f"{int(arm.sum())} {en}, at least {LEAST_ARM} are needed")
        rarer = int(min(outcome[arm].sum(), (1 - outcome[arm]).sum()))
        if rarer < LEAST_EVENTS:
            raise too_few(
                programme,
                f"{zh}中就业与未就业较少的一方只有 {rarer} 人，至少要 {LEAST_EVENTS} 人",
                f"the rarer outcome among {en} has {rarer} people, at least {LEAST_EVENTS} are needed",
            )
    if share < LEAST_SHARE:
        raise TinyShare(
            f"“{programme}”的参加者只占历史记录的 {share:.2%}（{n} 人），少于 {LEAST_SHARE:.1%}",
            en=f"participants of {programme} are {share:.2%} of the history ({n}), less than {LEAST_SHARE:.1%}",
            remedy_zh="只留与参加者同地区、同时期、符合条件的未参加者，再评估",
            remedy_en="keep only others of the same places and time who were eligible, then evaluate",
        )


def require_overlap(programme: str, overlap: Overlap) -> None:
    """Raises NoOverlap when too little can be compared."""
    lost = overlap.trimmed[0]
    if 1.0 - lost < LEAST_KEPT:
        raise no_overlap(
            programme,
            f"{lost:.0%} 的参加者在未参加者中找不到可比的人",
            f"{lost:.0%} of the participants have nobody comparable among the others",
        )
    for size, zh, en in zip(overlap.effective, ("参加者", "未参加者"), ("participants", "others"), strict=True):
        if size < LEAST_EFFECTIVE:
            raise no_overlap(
                programme,
                f"加权后{zh}的有效人数只有 {size:.0f}，至少要 {LEAST_EFFECTIVE:.0f}",
                f"the effective sample of {en} is {size:.0f}, at least {LEAST_EFFECTIVE:.0f} is needed",
            )
