"""What a score can be at most before it is computed: by place, occupation, pay band and the skills that a post is known to share.

Every bound is a sum of the most that each part can add; probabilities never fall with the logit, so that the product bounds the score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from leye.match.ranking import points
from leye.match.ranking.blocks import Cells
from leye.match.ranking.board import Board
from leye.match.ranking.coded import Ints
from leye.match.ranking.profile import Profile
from leye.match.ranking.scan_skills import SkillScan
from leye.match.ranking.seeker import FAIL, Seeker
from leye.match.ranking.weights import COARSE, LIMIT, weights

Array = np.ndarray[Any, Any]
SLACK_KM = 1e-6
"""A box's distance is computed by other sums than a row's; so much, a thousandth of a metre, it may be off."""

_NEVER = 1 << 29
"""More units than any sum has."""


@dataclass(frozen=True)
class Reach:
    """Units by which each side's logit is bounded: block_person, block_employer: (blocks,) everything but occupation, pay and skills shown ·
    pay: (bands,) · person_tables, employer_tables: the most that tables add · skills: (blocks,) the most of skills where none is shown."""

    block_person: Ints
    block_employer: Ints
    pay: Ints
    person_tables: int
    employer_tables: int
    skills: Ints

    @classmethod
    def of(cls, board: Board, seeker: Seeker, skills: SkillScan) -> Reach:
        """Of one person over a board."""
        w, row = weights(), seeker.person.row
        of_person, of_employer = _most(seeker.person_tables), _most(seeker.employer_tables)
        unshown = int(skills.titles.max(initial=0)) + np.where(board.blocks.asks & skills.knows_none, w.employer.by["skills"]["none"], 0)
        person = np.maximum(seeker.place, FAIL) + _nearest(board, seeker.person) + np.int32(w.person.base + of_person)
        employer = w.employer.base + points.record(w.employer.by, row["record_score"]) + of_employer + unshown
        pay = pay_units(seeker.person, board.band_top)
        return cls(person, employer.astype(np.int32), pay, of_person, of_employer, unshown.astype(np.int32))

    def cell_pay(self, cells: Cells, at: Array) -> Ints:
        """The most that pay counts in some cells; unknown pay counts nothing, which may be more than the highest known."""
        known = self.pay[cells.band[at]]
        made: Ints = np.where(cells.unpaid[at], np.maximum(known, 0), known)
        return made


def _most(tables: dict[str, Ints]) -> int:
    """The most that one value of every table adds together."""
    return sum(max(int(t.max(initial=FAIL)), FAIL) for t in tables.values())


def at_most(p: Ints, e: Ints) -> Array:
    """The score that two logits in units give at most; FAIL, far outside the table, is its foot."""
    w = weights()
    person = w.person.p_at_most.take((p + np.int32(LIMIT)) // COARSE, mode="clip")
    made: Array = person * w.employer.p_at_most.take((e + np.int32(LIMIT)) // COARSE, mode="clip")
    return made


def lacking(p: Ints, e: Ints, floor: float) -> Ints:
    """Units that the employer's side lacks at least, before two logits could give a score of `floor`; at most 0 where nothing is lacking."""
    w = weights()
    with np.errstate(divide="ignore"):
        # a rounding of the quotient must not shut out a score that equals the floor
        steps = np.searchsorted(w.employer.p_at_most, floor / w.person.p_at_most * (1.0 - 1e-12))
    least = np.where(steps == 0, -_NEVER, np.where(steps == len(w.employer.p_at_most), _NEVER, steps * COARSE - LIMIT)).astype(np.int32)
    made: Ints = least.take((p + np.int32(LIMIT)) // COARSE, mode="clip") - e
    return made


def pay_units(person: Profile, offer: Array) -> Ints:
    """`points.pay` of many offers (binary logarithms of monthly fen); it never falls with the offer."""
    w = weights().person.by
    least, hoped = points.log_of(person.least_fen), points.log_of(person.hoped_fen)
    if least is None and hoped is None:
        low, high = (points.log_of(float(x)) or 0.0 for x in w["pay_reference_fen"])
        made = np.rint(w["pay"]["no_wish"] * (1.0 - _between(0.0, (offer - low) / (high - low))))
    else:
        parts = [(w["pay"]["least"], least), (w["pay"]["hoped"], hoped)]
        made = sum((np.rint(weight * _between(-1.0, offer - wish)) for weight, wish in parts if wish is not None), np.zeros(len(offer)))
    return whole(made)


def _between(low: float, values: Any) -> Any:
    """Values clipped to [low, 1]; numpy's own clip costs several times as much on short arrays."""
    return np.minimum(np.maximum(values, low), 1.0)


def way_units(person: Profile, km: Array, shuttle: Array) -> Ints:
    """`points.location` and `points.commute` of many distances; their sum never grows with the distance."""
    w = weights().person.by
    made = np.rint(w["location"]["near"] * _between(-1.0, 1.0 - km / w["location"]["half_km"]))
    stated, mode = person.row["commute_max_km"], w["commute_mode_km"].get(person.row["commute_mode"])
    reach = stated if stated is not None else mode
    if reach is not None:
        made = np.where(km <= max(reach, 0.1), made, np.minimum(made, 0.0))
        made = made + _commute(w["commute"], km, max(reach, 0.1), stated is not None, shuttle)
    return whole(made)


def _commute(part: points.W, km: Any, reach: float, stated: bool, shuttle: Any) -> Any:
    inside = np.rint(part["within"] * (1.0 - km / reach)) + part["inside"] if stated else 0.0 * km
    loss = np.rint(part["beyond"] * np.minimum((km - reach) / reach, 1.0))
    return np.where(km <= reach, inside, -np.where(shuttle, np.floor(loss / 2), loss))


def _nearest(board: Board, person: Profile) -> Ints:
    """The most that the way to any row of each block counts: from the nearest point of the box around its places."""
    blocks = board.blocks
    if person.place is None:
        return np.zeros(len(blocks.first), dtype=np.int32)
    here = np.array(person.place)[:, None]
    apart = np.minimum(np.maximum(np.maximum(blocks.low - here, here - blocks.high), 0.0), 2.0)
    km: Any = points.distance_km(np.sqrt((apart * apart).sum(axis=0)))
    made = way_units(person, np.maximum(km - SLACK_KM, 0.0), blocks.shuttle)
    return np.where(blocks.unplaced, np.maximum(made, 0), made)


def whole(made: Any) -> Ints:
    """Units of contributions that were rounded as floats; the unknown (NaN) is nothing."""
    units: Ints = np.where(np.isnan(made), 0.0, made).astype(np.int32)
    return units
