"""What the rules do not say and pushing needs: who gets the money, which facts show that it is drawn already, which facts a payment changes.

Data of `packs/push/handling.yaml`. A policy that is not named there is pushed, is paid to the person (a hire or firm policy to the firm), and
changes no fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from leye.kernel.errors import Place
from leye.packs import open_pack
from leye.policy import fields
from leye.policy.expression import Node
from leye.policy.facts import FactTable
from leye.policy.grammar import Scope, parse
from leye.policy.located import Mapping as Located
from leye.policy.located import read_located
from leye.policy.pack import PackSet, Policy

PACK = "push/handling.yaml"
PLUS_ONE, MONTH, POLICY = "+1", "month", "policy"
"""Words of `sets` with a meaning of their own."""


@dataclass(frozen=True, slots=True)
class Handling:
    """One policy. paid_to: person, firm, or empty for what its `about` says · already: a condition over facts, None where no fact shows it
    · sets: fact -> what a payment makes of it · is_pushed: False with the reason in `why`."""

    policy: str
    paid_to: str = ""
    already: Node | None = None
    already_text: str = ""
    sets: Mapping[str, str] = field(default_factory=dict)
    is_pushed: bool = True
    why_zh: str = ""
    why_en: str = ""


@dataclass(frozen=True)
class Handlings:
    """All of a file. this_month, this_year: facts that only payments of the month or year of the day change · same_item: only while the certificate
    is the same · needs_consent: facts that an employee tells, not the platform."""

    policies: Mapping[str, Handling]
    this_month: frozenset[str] = frozenset()
    this_year: frozenset[str] = frozenset()
    same_item: frozenset[str] = frozenset()
    needs_consent: frozenset[str] = frozenset()

    def paid_to(self, policy: Policy) -> str:
        """`person` or `firm`: who applies and who gets it."""
        said = self.policies[policy.id].paid_to if policy.id in self.policies else ""
        return said or ("person" if policy.about == "person" else "firm")

    def is_pushed(self, policy: Policy) -> bool:
        """Whether it goes to counsellors' and firms' lists: verified, and something to apply for."""
        return policy.status == "verified" and (policy.id not in self.policies or self.policies[policy.id].is_pushed)


@lru_cache(maxsize=8)
def rules_of_handling(packs: PackSet) -> Handlings:
    """The shipped handling, read for a pack set's facts. Raises BadInput with the line."""
    return read_handling(open_pack(PACK), packs.facts)


def read_handling(file: Path, facts: FactTable) -> Handlings:
    """Handling of a file. Raises BadInput (E_PACK_FORM, E_FACT_UNKNOWN, E_GRAMMAR) with the line."""
    shown = f"push/{file.name}"
    root = fields.mapping(read_located(file, shown=shown), file.name, Place(file=shown))
    found = fields.mapping(root.get("policies"), "policies", root.place)
    policies = {str(name): _one(str(name), fields.mapping(value, str(name), root.place), facts) for name, value in found.items()}
    return Handlings(policies, *(_names(root, key, facts) for key in ("this_month", "this_year", "same_item", "needs_consent")))


def _names(root: Located, key: str, facts: FactTable) -> frozenset[str]:
    names = [str(n) for n in fields.sequence(root.get(key), key, root.place)]
    for name in names:
        _known(name, facts, root.place)
    return frozenset(names)


def _one(name: str, found: Located, facts: FactTable) -> Handling:
    text = fields.text(found, "already", default="")
    why_zh, why_en = fields.two_languages(found, "why")
    sets = {} if "sets" not in found else fields.mapping(found["sets"], "sets", found.place)
    kept = {str(fact): str(fields.text(sets, fact)) for fact in sets}  # type: ignore[arg-type]
    for fact, value in kept.items():
        _check(fact, value, facts, found.place)
    return Handling(
        name,
        paid_to=str(fields.text(found, "paid_to", default="")),
        already=parse(text, Scope(facts), wants="bool") if text else None,
        already_text=str(text),
        sets=kept,
        is_pushed=fields.text(found, "push", default="yes") != "no",
        why_zh=why_zh,
        why_en=why_en,
    )


def _check(fact: str, value: str, facts: FactTable, place: Place) -> None:
    """A fact that the table knows, and a value that it can have."""
    _known(fact, facts, place)
    if value not in (PLUS_ONE, MONTH, POLICY) and value not in facts.facts:
        facts.facts[fact].from_text(value)


def _known(fact: str, facts: FactTable, place: Place) -> None:
    if fact not in facts.facts:
        raise fields.refuse(
            f"没有“{fact}”这个事实", f"no fact {fact!r}", place, "用 leye policy facts 查名称", "see `leye policy facts`", code="E_FACT_UNKNOWN"
        )
