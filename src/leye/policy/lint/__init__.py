"""Refusals of rule packs: everything wrong with a folder at once, each at its file and line with what to do. See docs/reference/rule-language.md."""

from leye.policy.lint.codes import CODES
from leye.policy.lint.documents import Bases
from leye.policy.lint.finding import Finding
from leye.policy.lint.run import is_refused, is_unreadable, lint

__all__ = ["CODES", "Bases", "Finding", "is_refused", "is_unreadable", "lint"]
