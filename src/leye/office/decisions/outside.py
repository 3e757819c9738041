"""Decisions as other programs write them down: one JSON object a line, each turned into a `Decision` or answered with its line and what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from leye.kernel.clock import BEIJING
from leye.kernel.decision import SUBJECT_KINDS, Decision, Outcome, Subject
from leye.kernel.errors import BadInput, Place
from leye.kernel.reason import Reason
from leye.office.decisions import refusals
from leye.office.decisions.gate import decide_many
from leye.office.decisions.ledger import Sealed
from leye.office.decisions.subjects import subject_of
from leye.office.registry.cards import reason_of
from leye.office.registry.queries import admission

TEXTS = ("algo", "version", "purpose")
LARGEST_LINE = 1_000_000  # characters; chosen by us: a record has 64 KiB, its inputs may be longer only in the evidence


def seal_file(file: Path) -> list[Sealed]:
    """Seal all lines of a file, or none. Raises BadInput (E_DECISION) with line and field, GateRefused with the line."""
    lines = [(at, _decision(_object(text, at), at)) for at, text in _lines(file)]
    try:
        return decide_many([decision for _, decision in lines])
    except refusals.GateRefused as refused:
        if refused.which is not None:
            refused.places = (lines[refused.which][0],)
        raise


def _lines(file: Path) -> Iterator[tuple[Place, str]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            "文件不是 UTF-8", en="the file is not UTF-8", remedy_zh="请先转成 UTF-8", places=(Place(file=file.name),), code="E_ENC"
        ) from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield Place(file=file.name, row=number), line


def _object(text: str, at: Place) -> dict[str, Any]:
    if len(text) > LARGEST_LINE:
        raise _bad(at, "", "这一行太长", "the line is too long")
    try:
        found = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_repeats)
    except (ValueError, RecursionError) as error:
        raise _bad(at, "", f"不是 JSON：{error}", f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise _bad(at, "", "一行要是一个 JSON 对象", "a line must hold one JSON object")
    return found


def _decision(said: dict[str, Any], at: Place) -> Decision:
    for name in TEXTS:
        if not isinstance(said.get(name), str) or not said[name]:
            raise _bad(at, name, "要有文字", "must be a text")
    algo, version = said["algo"], said["version"]
    return Decision(
        algo=algo,
        version=version,
        purpose=said["purpose"],
        subject=_subject(algo, version, said.get("subject"), at),
        outcome=_outcome(said, at),
        reasons=_reasons(algo, version, said.get("explanation"), at),
        features=tuple(_names(said.get("features"), "features", at)),
        inputs=_inputs(said.get("inputs"), at),
        at=_instant(said.get("at"), at),
        candidates=_count(said.get("candidates"), at),
        policy_basis=str(said.get("policy_basis") or ""),
        region=_region(said.get("region"), at),
        protected=_protected(said.get("protected"), at),
    )


def _subject(algo: str, version: str, found: object, at: Place) -> Subject:
    """A bare id is about what the card speaks of: a series of an algorithm over series, else a person or firm."""
    if isinstance(found, str) and found:
        card = admission(algo, version)
        return Subject("series", found) if card is not None and card.subject == "series" else subject_of(found)
    if isinstance(found, dict) and found.get("kind") in SUBJECT_KINDS and isinstance(found.get("id"), str) and found["id"]:
        return Subject(found["kind"], found["id"])
    raise _bad(at, "subject", "要写这条决定说的是谁，例如 P00000012", "must say whom it is about, such as P00000012")


def _outcome(said: dict[str, Any], at: Place) -> Outcome:
    value, score, amount = said.get("outcome"), said.get("score"), said.get("amount_fen")
    if isinstance(value, bool | int | float):
        value = json.dumps(value)
    if not isinstance(value, str) or not 0 < len(value) <= 60:
        raise _bad(at, "outcome", "要写结果，最多 60 个字", "must be a text of at most 60 characters")
    if score is not None and (isinstance(score, bool) or not isinstance(score, int | float)):
        raise _bad(at, "score", "要是数字，或者空着", "must be a number, or absent")
    if amount is not None and (isinstance(amount, bool) or not isinstance(amount, int)):
        raise _bad(at, "amount_fen", "要是整数（分），或者空着", "must be whole fen, or absent")
    return Outcome(value, None if score is None else float(score), amount)


def _reasons(algo: str, version: str, found: object, at: Place) -> tuple[Reason, ...]:
    """Codes as the card explains them; a code that it does not declare, like an empty explanation, is left for the gate to refuse."""
    basis = f"card:{algo}@{version}"
    return tuple(reason_of(algo, version, code, basis=basis) for code in _names(found, "explanation", at))


def _names(found: object, name: str, at: Place) -> list[str]:
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(n, str) for n in found):
        raise _bad(at, name, "要是文字的列表", "must be a list of texts")
    return [n for n in found if n]


def _inputs(found: object, at: Place) -> dict[str, Any]:
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _bad(at, "inputs", "要是字段和值", "must be an object of names and values")
    return found


def _protected(found: object, at: Place) -> dict[str, str]:
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise _bad(at, "protected", "要是字段和文字", "must be an object of names and texts")
    return found


def _instant(found: object, at: Place) -> datetime:
    try:
        when = datetime.fromisoformat(str(found))
    except ValueError:
        raise _bad(at, "at", "要是时间，例如 2025-09-01T09:00:00+08:00", "must be an instant such as 2025-09-01T09:00:00+08:00") from None
    return when if when.tzinfo else when.replace(tzinfo=BEIJING)


def _count(found: object, at: Place) -> int | None:
    if found is None or (isinstance(found, int) and not isinstance(found, bool) and found >= 0):
        return found
    raise _bad(at, "candidates", "要是不小于 0 的整数", "must be a whole number of at least 0")


def _region(found: object, at: Place) -> str:
    if found in (None, ""):
        return ""
    if isinstance(found, str) and found.isascii() and found.isdecimal() and len(found) == 6:
        return found
    raise _bad(at, "region", "要是六位区划代码", "must be a six-digit region code")


def _bad(at: Place, field: str, zh: str, en: str) -> BadInput:
    place = Place(at.file, None, at.row, field or None)
    return BadInput(
        zh, en=en, remedy_zh="改好这一行再交；这次一条也没有收", remedy_en="mend the line; nothing was taken", places=(place,), code="E_DECISION"
    )


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is no JSON number")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return dict(pairs)
