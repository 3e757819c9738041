"""Why an effect is not estimated or a plan not made: the data do not carry the answer, and no number is better than a false one."""

from __future__ import annotations

from leye.kernel.errors import BadInput, CheckFailed


class NoOverlap(CheckFailed):
    """Participants and the others are too unlike to be compared."""

    code = "E_OVERLAP"


class TooFew(CheckFailed):
    """Too few people, or too few of either outcome, for an interval that means anything."""

    code = "E_TOO_FEW"


class TinyShare(CheckFailed):
    """Participants are so small a share of the history that their comparison group is a handful of look-alikes."""

    code = "E_TINY_SHARE"


class Unbalanced(CheckFailed):
    """Weighting leaves the two groups different in something that was measured."""

    code = "E_BALANCE"


class FloorImpossible(CheckFailed):
    """A floor, quota or cap cannot be met by anybody who is eligible."""

    code = "E_FLOOR"


class Discretion(BadInput):
    """An entitlement was put among the programmes that may be optimised."""

    code = "E_ENTITLEMENT"


def no_overlap(programme: str, what_zh: str, what_en: str) -> NoOverlap:
    """The refusal of one programme, saying what fails."""
    return NoOverlap(
        f"“{programme}”的参加者和未参加者差别太大，无法比较：{what_zh}",
        en=f"participants of {programme} and the others are too unlike to be compared: {what_en}",
        remedy_zh="补充参加条件相近而未参加的人的记录，或先分期、抽签试点再评估",
        remedy_en="add records of people who could have taken part and did not, or roll the programme out in stages or by lot first",
    )


def too_few(programme: str, what_zh: str, what_en: str) -> TooFew:
    """The refusal of one programme whose numbers are too small."""
    return TooFew(
        f"“{programme}”人数太少，不能评估：{what_zh}",
        en=f"{programme}: too few to evaluate: {what_en}",
        remedy_zh="积累更多记录后再评估，或与条件相同的项目合并",
        remedy_en="evaluate when more records have come in, or pool it with a programme of the same conditions",
    )
