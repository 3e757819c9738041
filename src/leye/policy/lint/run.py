"""One folder through all checks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from leye.policy.lint.assembled import assembled
from leye.policy.lint.bounds import check_bounds
from leye.policy.lint.conditions import check_conditions, is_possible
from leye.policy.lint.coverage import check_coverage, check_divisors
from leye.policy.lint.documents import Bases, has_facts, read_folder
from leye.policy.lint.finding import Finding
from leye.policy.lint.forms import check_forms
from leye.policy.lint.groups import check_derived, check_groups
from leye.policy.lint.money import check_money
from leye.policy.lint.people import People
from leye.policy.lint.said import check_said
from leye.policy.lint.worked import check_cases


def lint(folder: Path, bases: Bases | None = None) -> list[Finding]:
    """All findings of a pack's folder, by file and line. bases: kept between folders, so that what they extend is read once.

    Raises NotFound or BadInput where nothing can be said: no pack.yaml, or one that cannot be read, or a base pack that does not load.
    """
    of = read_folder(folder, {} if bases is None else bases)
    if not has_facts(of):
        return sorted(of.findings)
    for check in (check_forms, check_said, check_cases, check_bounds, check_divisors, check_groups, check_derived):
        check(of)
    made = assembled(of)
    if made is not None:
        check_coverage(of, made)
        for own in made.versions:
            people = People(made, own)
            check_conditions(people, of.findings)
            if is_possible(people):  # amounts of nobody are nobody's fault
                check_money(people, of.findings)
    return sorted(of.findings)


def is_refused(findings: Iterable[Finding]) -> bool:
    """Whether any finding refuses the pack; warnings do not."""
    return any(f.is_error for f in findings)


def is_unreadable(findings: Iterable[Finding]) -> bool:
    """Whether a file could not be read at all, so that what it says was not looked at."""
    return any(f.code in ("E_YAML", "E_FACTS_TABLE") for f in findings)
