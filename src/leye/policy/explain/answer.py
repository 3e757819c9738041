"""What an explanation says: one `Line` a condition or group of conditions, one `Explanation` a policy, and their JSON form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from leye.policy.words import verdict_word

Json = dict[str, Any]


class NearMiss(NamedTuple):
    """How far a failing condition is from holding.

    fact: the fact or derived fact that is short · by: how much, > 0, in `unit` (months, years, fen, days, people, times, orders) · over: too much
    rather than too little · to: value of the fact from which on the condition holds, None where only time helps · turns_on: first day on which it
    holds by itself · when: the assumption behind that day, empty where there is none · short: the distance in words · text: all of it.
    """

    fact: str
    by: int
    unit: str
    over: bool
    to: int | None
    turns_on: date | None
    when: str
    short: str
    text: str

    def as_dict(self) -> Json:
        """JSON form."""
        day = None if self.turns_on is None else self.turns_on.isoformat()
        return {
            "fact": self.fact, "by": self.by, "unit": self.unit, "over": self.over, "to": self.to, "turns_on": day, "when": self.when,
            "text": self.text,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One node of the rule. verdict: True yes, False no, None unknown.

    kind: clause | all | any | not | at_least · level: depth, 0 on top · fact, value: of a clause, the first fact or derived fact that it reads, and
    its value · said: the values read, in words · source: where a value comes from and its day, or the register to ask · basis: reference to the law ·
    note: what differs between sources · near: of a failing clause · facts: all facts behind, in the JSON form where it is more than `fact`.
    """

    kind: str
    level: int
    text: str
    verdict: bool | None
    fact: str | None = None
    value: object = None
    said: str = ""
    source: str = ""
    basis: str = ""
    note: str = ""
    near: NearMiss | None = None
    facts: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None

    def as_dict(self) -> Json:
        """JSON form: the five fixed keys, then what there is beside them."""
        value = self.value.isoformat() if isinstance(self.value, date) else self.value
        found: Json = {
            "text": self.text, "verdict": verdict_word(self.verdict), "fact": self.fact, "value": value, "basis": self.basis, "kind": self.kind,
            "level": self.level, "said": self.said,
        }  # fmt: skip
        if self.facts != (self.fact,) and self.facts:
            found["facts"] = self.facts
        if self.source:
            found["source"] = self.source
        if self.note:
            found["note"] = self.note
        if self.near is not None:
            found["near"] = self.near.as_dict()
        if self.start is not None:
            found |= {"from": self.start.isoformat(), "to": None if self.end is None else self.end.isoformat()}
        return found
