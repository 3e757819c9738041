"""The linter of cards: what is declared must be used, what is used must be declared, needed and allowed. An error stops registration.

What it cannot see: names that a program builds at run time, and a program that was not handed in; then the card's deposited statement is checked
and the note `E_CARD_STATEMENT` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from leye.kernel.errors import Place
from leye.trust.registry.card import NEGOTIATED, Card, Feature
from leye.trust.registry.findings import Finding, finding
from leye.trust.registry.identity import Source
from leye.trust.registry.lined_yaml import Document
from leye.trust.registry.minimum import Group, group_of
from leye.trust.registry.names_used import constants_set, names_used
from leye.trust.registry.org_id import is_org_id

SHORTEST_WHY = 4  # chosen by us: characters; "需要" alone justifies nothing
LONGEST_NAME = 40  # chosen by us: a longer text in a program is a sentence, not a name
_EMPTY_WHY = {"业务需要", "工作需要", "算法需要", "needed", "necessary", "required", "business need"}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PARTS = {
    "purposes": ("用途", "purpose"),
    "features": ("特征", "feature"),
    "reasons": ("理由代码", "reason code"),
    "outcomes": ("结果", "outcome"),
    "data": ("所用数据", "data used"),
    "risks": ("风险", "risk"),
    "limits": ("局限", "limit"),
    "tests": ("测试", "test"),
}
_Used = Mapping[str, tuple[str, int]]


def lint(card: Card, document: Document, sources: Sequence[Source]) -> list[Finding]:
    """Everything that is wrong with a card, in the order of the card, what concerns the code last."""
    used = names_used(sources)
    found = [*_lacking(card, document), *_features(card, document, used), *_reasons(card, document), *_owner(card, document)]
    return [*found, *_in_code(card, used), *_settings(card, document, sources), *_held_by(card, document, sources)]


def _lacking(card: Card, document: Document) -> Iterator[Finding]:
    for key, (zh, en) in _PARTS.items():
        if not getattr(card, key):
            yield finding("E_CARD_EMPTY", document.place(key), zh=zh, en=en)
    left = [key for key in NEGOTIATED if key not in card.negotiation]
    if card.kind == "dispatch" and left:
        yield finding("E_CARD_NEGOTIATION", document.place("negotiation"), left=", ".join(left))


def _features(card: Card, document: Document, used: _Used) -> Iterator[Finding]:
    for i, feature in enumerate(card.features):
        group = _group_of(feature)
        if group is not None and group.is_banned:
            yield finding("E_CARD_BANNED", document.place(f"features.{i}.name"), name=feature.name, **_holes(group))
        elif group is not None and not feature.required_by:
            yield finding("E_CARD_PROTECTED", document.place(f"features.{i}.name"), name=feature.name, **_holes(group))
        if not _is_justified(feature):
            yield finding("E_CARD_WHY", document.place(f"features.{i}.why"), name=feature.name)
        if used and feature.name not in used:
            yield finding("E_CARD_UNUSED", document.place(f"features.{i}.name"), name=feature.name)


def _group_of(feature: Feature) -> Group | None:
    return group_of(feature.name) or group_of(feature.words.zh) or group_of(feature.words.en)


def _is_justified(feature: Feature) -> bool:
    zh, en = feature.why.zh, feature.why.en
    return len(zh) >= SHORTEST_WHY and len(en) >= SHORTEST_WHY and zh not in _EMPTY_WHY and en.lower() not in _EMPTY_WHY


def _reasons(card: Card, document: Document) -> Iterator[Finding]:
    for i, reason in enumerate(card.reasons):
        if set(_PLACEHOLDER.findall(reason.words.zh)) != set(_PLACEHOLDER.findall(reason.words.en)):
            yield finding("E_CARD_REASON", document.place(f"reasons.{i}"), name=reason.code)


def _owner(card: Card, document: Document) -> Iterator[Finding]:
    if card.owner.org_id and not is_org_id(card.owner.org_id):
        yield finding("E_CARD_ORG", document.place("owner.org_id"), name=card.owner.org_id)
    if not card.owner.contact and card.code.held_by == "operator":
        yield finding("E_CARD_CONTACT", document.place("owner"))


def _in_code(card: Card, used: _Used) -> Iterator[Finding]:
    """Banned and protected names in the program itself. A statement may name them, in order to rule them out.

    A program about series sees totals: there `age` is that of a lamp. The gate lets such an algorithm say nothing about a person. An attribute that
    is declared with its clause may be spoken of in any words: rules are data, and their sentences say 残疾 where the feature is `disability_grade`.
    """
    if card.code.held_by != "product":
        return
    declared = {f.name for f in card.features}
    with_clause = {group.id for f in card.features if f.required_by and (group := _group_of(f)) is not None}
    for name, (file, line) in used.items():
        group = group_of(name, is_code=True) if len(name) <= LONGEST_NAME and name not in declared else None
        if group is not None and group.is_banned:
            yield finding("E_CARD_CODE_BANNED", Place(file, row=line), name=name, **_holes(group))
        elif (
            group is not None and card.subject != "series" and name.lower() in group.names and group.id not in with_clause
        ):  # as one word: `page_race` and `age_of_file` are other things
            yield finding("E_CARD_CODE_PROTECTED", Place(file, row=line), name=name, **_holes(group))


def _holes(group: Group) -> dict[str, str]:
    return {"zh": group.words.zh, "en": group.words.en, "why_zh": group.why.zh, "why_en": group.why.en}


def _settings(card: Card, document: Document, sources: Sequence[Source]) -> Iterator[Finding]:
    """A setting that the code fixes at its top must have the value that runs."""
    runs = constants_set(sources)
    for key, value in card.config.items():
        if key in runs and runs[key][0] != value:
            there, file, line = runs[key]
            yield finding("E_CARD_SETTING", document.place(f"config.{key}"), name=key, value=value, runs=there, where=f"{file}:{line}")


def _held_by(card: Card, document: Document, sources: Sequence[Source]) -> Iterator[Finding]:
    if not sources:
        yield finding("E_CARD_NO_CODE", document.place("code.paths"))
    elif card.code.held_by == "operator":
        yield finding("E_CARD_STATEMENT", document.place("code"))
