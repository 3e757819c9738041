"""Two-sided explained ranking: a three-valued gate, two additive monotone scores in whole units, and reasons that add up to them.

`rank` gives every person the best open posts, `rank_for_jobs` every post its best people, `explain` one pair; `told` says an explanation
in Chinese or English. The contract of columns, nulls and order: docs/reference/ranking.md.
"""

from leye.match.ranking.codes_in_force import CodesRead, codes_read
from leye.match.ranking.doubtful import doubtful_pay
from leye.match.ranking.gate import Condition, conditions, passes
from leye.match.ranking.lists import pairs, rank, rank_for_jobs, rank_parts
from leye.match.ranking.reasons import explain, told
from leye.match.ranking.tables import read_jobs, read_people

__all__ = [
    "CodesRead",
    "Condition",
    "codes_read",
    "conditions",
    "doubtful_pay",
    "explain",
    "pairs",
    "passes",
    "rank",
    "rank_for_jobs",
    "rank_parts",
    "read_jobs",
    "read_people",
    "told",
]
