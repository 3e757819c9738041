"""Learn the weights from outcomes, judge them on people and days they never saw, and say gate by gate whether they may be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leye.match.learning import fairness, quality
from leye.match.learning.asof import Versions
from leye.match.learning.contributions import GROUPS, Pairs, chances, contributions, pairs_of
from leye.match.learning.events import Watch, end_of, read_events
from leye.match.learning.fit import Scales, fit_curve, fit_scales
from leye.match.learning.pack import Pack, breaks_of_order, floors, hand_pack, scaled
from leye.match.learning.slices import check_enough, slices
from leye.match.learning.verdict import Gate, Verdict
from leye.match.ranking.weights import LIMIT, UNITS, made_weights, reach

Floats = NDArray[np.float64]
WORST_ERROR = 0.05
"""Calibration error of a chance at most. # chosen by us: a chance said in tenths is then right to half a step"""
FOUR_FIFTHS = 0.8
"""Lowest over highest rate (US Uniform Guidelines 1978, 29 CFR 1607.4(D)); the same limit as in the audits of the ranking."""
TOLD_MORE = 0.05
"""By how much more than the hand weights a score may tell the group. # chosen by us: about the luck of a hundred people"""
TARGETS = {"person": "applied", "employer": "accepted"}


@dataclass(frozen=True)
class Learned:
    """pack: in the form of `ranking/weights.yaml`, with `learned` (where it comes from, before and after) and `verdict`."""

    pack: Pack
    verdict: Verdict


@dataclass(frozen=True)
class _Slice:
    """Outcomes and both sides of the showings of a slice."""

    rows: pl.DataFrame
    pairs: Pairs

    def target(self, side: str) -> tuple[NDArray[np.bool_], Floats]:
        """Rows that the side had a say in, and its answers."""
        asked = np.ones(len(self.rows), dtype=bool) if side == "person" else self.rows["applied"].to_numpy().astype(bool)
        return asked, self.rows[TARGETS[side]].to_numpy()[asked].astype(float)


def learn(
    events: pl.DataFrame, people: pl.DataFrame, jobs: pl.DataFrame, *, until: date, watch: Watch | None = None, groups: pl.DataFrame | None = None
) -> Learned:
    """Fit, calibrate and judge. The same tables give the same bytes; nothing that happened or was written after `until` changes any.

    events: columns of `events.EVENTS` · people, jobs: columns of `match.columns`, with `as_of` a row a version · groups: `person_id` and audited
    columns (`fairness.AUDITED`, `birth`); without it, those that stand in `people`, which features never see.
    Raises BadInput: E_LEARN_EVENTS, E_LEARN_ORDER, E_LEARN_SPAN, E_LEARN_FEW, E_RANK_ID, E_RANK_VALUE, E_RANK_ALIGNED.
    """
    watch = watch or Watch()
    cut = end_of(until)
    split = slices(read_events(events), cut, watch)
    mine, theirs = Versions(people, "person_id", "people"), Versions(jobs, "job_id", "jobs")
    parts = {name: _slice(rows, name, mine, theirs) for name, rows in (("fit", split.fit), ("calibrate", split.calibrate), ("judge", split.judge))}
    hand = hand_pack()
    scales = {side: _scales(parts["fit"], side, hand) for side in TARGETS}
    curves = {side: _curve(parts["calibrate"], side, scales[side]) for side in TARGETS}
    made = scaled(hand, scales, curves)
    audited = fairness.groups_of(people if groups is None else groups, until)
    gates, figures = _judge(parts["judge"], hand, made, audited)
    verdict = Verdict(gates)
    made |= {"version": f"{hand['version']}+learned.{until.isoformat()}", "source": f"learned from outcomes known on {until.isoformat()}"}
    made["learned"] = _facts(parts, scales, figures, until, watch, split.fit_until.date(), split.calibrate_until.date())
    made["learned"]["tables_dated"] = mine.is_dated and theirs.is_dated
    made["verdict"] = verdict.as_dict()
    return Learned(made, verdict)


def _slice(rows: pl.DataFrame, name: str, people: Versions, jobs: Versions) -> _Slice:
    pairs = pairs_of(rows, people, jobs)
    kept = rows[pairs.keep]
    check_enough(kept, name)
    return _Slice(kept, pairs)


def _scales(part: _Slice, side: str, hand: Pack) -> Scales:
    asked, answers = part.target(side)
    return fit_scales(contributions(part.pairs, side)[asked], answers, hand[side]["base"], floors(hand, side))


def _curve(part: _Slice, side: str, scales: Scales) -> tuple[float, float]:
    asked, answers = part.target(side)
    return fit_curve(scales.base + contributions(part.pairs, side)[asked] @ scales.scale, answers)


def _judge(part: _Slice, hand: Pack, made: Pack, audited: dict[str, dict[str, str]]) -> tuple[tuple[Gate, ...], dict[str, Any]]:
    """The gates, and the figures before and after that they rest on; scores come from the code that ranks, under the pack as it will be written."""
    breaks = breaks_of_order(hand, made)
    longest = max(reach(made[side]) for side in TARGETS)
    shape = (
        Gate("monotone", float(len(breaks)), 0.0, "most", "失去单调方向的权重个数", "weights that lost their direction"),
        Gate("range", longest, LIMIT / UNITS, "most", "各项权重绝对值之和", "sum of absolute weights of a side"),
    )
    if not all(g.holds for g in shape):
        return shape, {}
    people, gain = part.rows["person_id"].to_list(), part.rows["gain"].to_numpy()
    p = {name: chances(part.pairs, made_weights(pack, name)) for name, pack in (("hand", hand), ("learned", made))}
    score = {name: both[0] * both[1] for name, both in p.items()}
    lists = {name: quality.ndcg_by_person(people, s, gain) for name, s in score.items()}
    figures: dict[str, Any] = {"people_with_outcomes": len(lists["hand"])}
    figures["ndcg"] = {name: round(float(np.mean(list(found.values()))), 4) for name, found in lists.items()}
    sure = quality.sure_gain(lists["hand"], lists["learned"])
    gates = [*shape, Gate("ranking", sure, 0.0, "least", "排序质量（NDCG@10）提高的下限", "lower bound of the gain in NDCG@10")]
    for k, side in enumerate(TARGETS):
        asked, answers = part.target(side)
        error = {name: quality.calibration_error(p[name][k][asked], answers) for name in p}
        figures[f"calibration_{side}"] = {name: round(e, 4) for name, e in error.items()}
        gates.append(
            Gate(f"calibration_{side}", error["learned"], WORST_ERROR, "most", f"校准误差：{side}", f"calibration error of p_{side}"),
        )
    return (*gates, *_fairness(people, score, audited)), figures


def _fairness(people: list[str], score: dict[str, Floats], audited: dict[str, dict[str, str]]) -> list[Gate]:
    """Two gates an audited column that has two groups big enough to judge; with none of them one gate that says so and does not hold."""
    gates = []
    for column, group in audited.items():
        ratio = fairness.four_fifths(people, score["learned"], group)
        before, after = (fairness.told_by(people, score[name], group) for name in ("hand", "learned"))
        if ratio is not None and before is not None and after is not None:
            gates += [
                Gate(
                    f"four_fifths_{column}", ratio, FOUR_FIFTHS, "least", f"各组进入前五分之一的比率之比：{column}", f"four-fifths ratio by {column}"
                ),
                Gate(f"told_{column}", after - before, TOLD_MORE, "most", f"得分比原来多泄露多少：{column}", f"how much more a score tells {column}"),
            ]
    none = Gate("four_fifths", None, FOUR_FIFTHS, "least", "没有可审计的分组（--groups）", "no groups big enough to audit (--groups)")
    return gates or [none]


def _facts(
    parts: dict[str, _Slice], scales: dict[str, Scales], figures: dict[str, Any], until: date, watch: Watch, fit_until: date, calibrate_until: date
) -> dict[str, Any]:
    return {
        "until": until.isoformat(), "fit_until": fit_until.isoformat(), "calibrate_until": calibrate_until.isoformat(),
        "watch": {"apply_days": watch.apply_days, "answer_days": watch.answer_days},
        "rows": {n: {"shown": len(s.rows), "applied": int(s.rows["applied"].sum()), "accepted": int(s.rows["accepted"].sum()),
                     "not_known_that_day": s.pairs.unread} for n, s in parts.items()},
        "scales": {side: dict(zip((g.name for g in GROUPS[side]), map(float, s.scale), strict=True)) for side, s in scales.items()},
        "before_and_after": figures,
    }  # fmt: skip
