"""The opening of a receipt: field keys and values, given to the person only, held against the commitments of the record."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Any

from leye.kernel.errors import BadInput, CheckFailed
from leye.trust.commitments import commit_with
from leye.trust.record import canonical_json
from leye.trust.subtree import marks_root

LARGEST_OPENING = 8 << 20
"""Bytes of an opening. Chosen by us: evidence of a person in a run with some thousands of outcomes."""

_KEY_HEX = 64


class OpeningFalse(CheckFailed):
    """An opening that does not fit the record (exit 1)."""

    code = "E_OPENING_FALSE"


def read_opening(text: str) -> dict[str, Any]:
    """The JSON of an opening: `{"fields": {name: {"key": hex, "value": …}}, "reasons": […], "marks": […] | null}`. Raises BadInput (E_OPENING)."""
    try:
        found = json.loads(text)
        fields = found["fields"]
        well_formed = all(len(bytes.fromhex(field["key"])) * 2 == _KEY_HEX and "value" in field for field in fields.values())
        if not well_formed or not isinstance(found.get("reasons") or [], list) or not isinstance(found.get("marks") or [], list):
            raise ValueError("a part has another form")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadInput(
            "这不是回执的开启文件",
            en=f"not an opening: {error}",
            remedy_zh="用和回执一起收到的 .opening.json",
            remedy_en="use the .opening.json that came with the receipt",
            code="E_OPENING",
        ) from None
    return dict(found)


def check_opening(record: bytes, opening: Mapping[str, Any]) -> None:
    """Every opened value gives what the record committed to, the words are those of the opened reasons, the outcomes those under the record's root.

    opening: as `read_opening` gives it. Raises OpeningFalse, naming the fields.
    """
    said = _record(record)
    fields: Mapping[str, Mapping[str, Any]] = opening["fields"]
    wrong = [name for name, field in fields.items() if not _holds(_committed(said, name), field)]
    if (words := fields.get("reasons")) is not None and opening.get("reasons") is not None and words["value"] != _words(opening["reasons"]):
        wrong.append("reasons")
    if opening.get("marks") and said.get("root") != marks_root([canonical_json(mark) for mark in opening["marks"]]).hex():
        wrong.append("marks")
    if wrong or not fields:
        raise _false(wrong)


def _record(record: bytes) -> dict[str, Any]:
    try:
        said = json.loads(record)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise _false([])
    return said


def _committed(said: Mapping[str, Any], name: str) -> list[object]:
    """Commitments that a name may stand for: the subject and the words lie beside the inputs, and an input may bear their name."""
    inputs = said.get("inputs")
    found = [inputs.get(name)] if isinstance(inputs, dict) else [inputs] if name == "inputs" else []
    return [*found, said.get({"subject": "subject", "reasons": "words"}.get(name, ""))]


def _holds(committed: list[object], field: Mapping[str, Any]) -> bool:
    made = commit_with(bytes.fromhex(field["key"]), field["value"])
    return any(isinstance(one, str) and hmac.compare_digest(one.encode(), made.encode()) for one in committed)


def _words(reasons: list[Any]) -> list[list[Any]]:
    return [[reason.get(part) for part in ("code", "zh", "en", "basis")] if isinstance(reason, dict) else [reason] for reason in reasons]


def _false(names: list[str]) -> OpeningFalse:
    which = "、".join(names) or "记录没有承诺任何字段"
    return OpeningFalse(
        f"开启文件和记录对不上：{which}",
        en=f"the opening does not fit the record: {', '.join(names) or 'the record commits to nothing'}",
        remedy_zh="向发给你的机构另要一份；仍不对就投诉",
        remedy_en="ask whoever gave it to you for another; complain when it fails too",
    )
