"""The rules of the advert parser, as the pack states them: a pattern, what it reads, what must not stand around it, and worked cases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import yaml

from leye.kernel.errors import BadInput, Place
from leye.match.slots import Strength
from leye.packs import open_pack

_LOOK_BACK = 16  # chosen by us: code points looked at on the left of a match
_FIELDS = {
    "id",
    "slot",
    "find",
    "value",
    "reads",
    "strength",
    "not_before",
    "not_after",
    "not_clause",
    "only_clause",
    "only_before",
    "blocks",
    "cases",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. value: constant read, unless `reads` names a reader · strength: fixed, or None to go by the clause · blocks: consumes, gives none."""

    id: str
    slot: str
    find: re.Pattern[str]
    value: Any
    reads: str | None
    strength: Strength | None
    not_before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    not_clause: re.Pattern[str] | None
    only_clause: re.Pattern[str] | None
    only_before: re.Pattern[str] | None
    blocks: bool
    cases: dict[str, list[list[Any]]]

    def fits(self, text: str, found: re.Match[str]) -> bool:
        """Whether what stands directly left and right of a match lets it stand; clauses are asked by the caller."""
        before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
        if self.not_before and self.not_before.search(before):
            return False
        if self.only_before and not self.only_before.search(before):
            return False
        return not (self.not_after and self.not_after.match(text, found.end()))


@cache
def rules() -> dict[str, tuple[Rule, ...]]:
    """Rules by group (the id before the dot), in the order of the pack: an earlier rule wins where two overlap.

    Raises BadInput (E_ADVERT_RULES) naming the rule.
    """
    table: dict[str, list[Rule]] = {}
    for file in sorted(open_pack("adverts/rules").glob("*.yaml")):
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
        for raw in told["rules"]:
            rule = _rule(raw, told.get("words", {}), file.name)
            table.setdefault(rule.id.partition(".")[0], []).append(rule)
    return {group: tuple(made) for group, made in table.items()}


def _rule(raw: dict[str, Any], words: dict[str, str], file: str) -> Rule:
    unknown = set(raw) - _FIELDS
    if unknown:
        raise _refused(file, str(raw.get("id")), f"不认识的字段：{'、'.join(sorted(unknown))}", f"unknown fields: {', '.join(sorted(unknown))}")
    try:
        patterns = {k: re.compile(_filled(raw[k], words)) for k in ("find", "not_after", "not_clause", "only_clause") if k in raw}
        before = {k: re.compile(f"(?:{_filled(raw[k], words)})$") for k in ("not_before", "only_before") if k in raw}
    except re.error as wrong:
        raise _refused(file, str(raw.get("id")), f"表达式写错：{wrong}", f"the pattern does not compile: {wrong}") from wrong
    return Rule(
        id=raw["id"],
        slot=raw["slot"],
        find=patterns["find"],
        value=raw.get("value"),
        reads=raw.get("reads"),
        strength=cast("Strength | None", raw.get("strength")),
        not_before=before.get("not_before"),
        not_after=patterns.get("not_after"),
        not_clause=patterns.get("not_clause"),
        only_clause=patterns.get("only_clause"),
        only_before=before.get("only_before"),
        blocks=raw.get("blocks", False),
        cases=raw.get("cases", {}),
    )


def _filled(pattern: str, words: dict[str, str]) -> str:
    """`<name>` stands for the word list of that name; lists may use lists above them."""
    for name, alternatives in reversed(words.items()):
        # (?P<name> opens a group of that name and is left alone
        pattern = f"(?:{alternatives})".join(re.split(rf"(?<!\?P)<{name}>", pattern))
    return pattern


def _refused(file: str, rule: str, zh: str, en: str) -> BadInput:
    return BadInput(
        f"规则 {rule} 读不了：{zh}",
        en=f"rule {rule} cannot be read: {en}",
        remedy_zh="改好规则包里的这一条",
        remedy_en="mend that rule of the pack",
        places=(Place(file),),
        code="E_ADVERT_RULES",
    )
