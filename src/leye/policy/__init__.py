"""Rule packs: who is entitled to what, how much, why, and what is still unknown; what a reform would do; where the money does most.

The language is in docs/reference/rule-language.md. `load` reads packs, `bind` puts them on a day and a place, `Evaluator` answers for one person,
`mark_table` for a table.
"""

from leye.policy.bind import Bound, BoundPolicy, bind, places
from leye.policy.facts import Fact, FactTable
from leye.policy.pack import PackSet, Policy, Version
from leye.policy.read_pack import load, shipped
from leye.policy.scalar import Answer, Evaluator

__all__ = ["Answer", "Bound", "BoundPolicy", "Evaluator", "Fact", "FactTable", "PackSet", "Policy", "Version", "bind", "load", "places", "shipped"]
