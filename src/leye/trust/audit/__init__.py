"""Fairness figures of decisions: rates, ratios to the best group, intervals, intersections, verdicts, swaps.

`read_decisions` or `check_decisions`, then `audit`, then `write_audit`. Formulas and their edges: docs/reference/trust-audit.md.
"""

from leye.trust.audit.figures import RATE_COLUMNS, Audit, audit
from leye.trust.audit.table import Decisions, Measure, at_most, check_decisions, parse_decisions, read_decisions
from leye.trust.audit.write import write_audit

__all__ = ["RATE_COLUMNS", "Audit", "Decisions", "Measure", "at_most", "audit", "check_decisions", "parse_decisions", "read_decisions", "write_audit"]
