"""Openings: every value given back is held against the record's commitment, words and outcomes too."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from leye.kernel.decision import Outcome
from leye.kernel.errors import BadInput
from leye.trust.commitments import commit, field_key
from leye.trust.openings import OpeningFalse, check_opening, read_opening
from leye.trust.record import record_bytes
from leye.trust.subtree import Mark, mark_bytes, marks_root

SALT = bytes(range(32))
WORDS: list[Any] = [["nearest", "离得最近", "the nearest", "320 m"]]
RECORD = record_bytes(
    {
        "type": "decision",
        "subject": commit(SALT, "subject", "W00000007"),
        "inputs": {"distance_m": commit(SALT, "distance_m", 320), "hour": commit(SALT, "hour", None)},
        "words": commit(SALT, "reasons", WORDS),
    }
)


def field(name: str, value: Any) -> dict[str, Any]:
    return {"key": field_key(SALT, name).hex(), "value": value}


OPENING: dict[str, Any] = {
    "fields": {
        "subject": field("subject", "W00000007"),
        "distance_m": field("distance_m", 320),
        "hour": field("hour", None),
        "reasons": field("reasons", WORDS),
    },
    "reasons": [{"code": "nearest", "zh": "离得最近", "en": "the nearest", "basis": "320 m"}],
    "marks": None,
}
MARKS = [Mark("skills_grant", Outcome("yes", amount_fen=150_000), ("aged_16_24",)), Mark("rent", Outcome("no"), ("owns_home",))]
BATCH = record_bytes({"type": "marks", "inputs": commit(SALT, "inputs", {"age": 20}), "root": marks_root([mark_bytes(m) for m in MARKS]).hex()})
BATCH_OPENING: dict[str, Any] = {"fields": {"inputs": field("inputs", {"age": 20})}, "marks": [json.loads(mark_bytes(m)) for m in MARKS]}


def changed(opening: dict[str, Any], *path: Any, to: Any) -> dict[str, Any]:
    made = copy.deepcopy(opening)
    at = made
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = to
    return made


def test_what_fits():
    check_opening(RECORD, read_opening(json.dumps(OPENING)))
    check_opening(BATCH, read_opening(json.dumps(BATCH_OPENING)))


def test_one_fact_can_be_shown_without_the_rest():
    check_opening(RECORD, {"fields": {"distance_m": OPENING["fields"]["distance_m"]}})


FALSE = [
    (RECORD, changed(OPENING, "fields", "subject", "value", to="W00000008"), "subject"),
    (RECORD, changed(OPENING, "fields", "distance_m", "value", to=321), "distance_m"),
    (RECORD, changed(OPENING, "fields", "distance_m", "value", to="320"), "distance_m"),
    (RECORD, changed(OPENING, "fields", "hour", "key", to="00" * 32), "hour"),
    (RECORD, changed(OPENING, "fields", "reasons", "value", to=[]), "reasons"),
    (RECORD, changed(OPENING, "reasons", 0, "zh", to="别的理由"), "reasons"),
    (RECORD, changed(OPENING, "fields", "wage_fen", to=field("wage_fen", 1)), "wage_fen"),
    (RECORD, changed(OPENING, "fields", to={}), "record"),
    (BATCH, changed(BATCH_OPENING, "marks", 0, 3, to=999), "marks"),
    (BATCH, changed(BATCH_OPENING, "marks", to=BATCH_OPENING["marks"][:1]), "marks"),
    (BATCH, changed(BATCH_OPENING, "fields", "inputs", "value", to={"age": 21}), "inputs"),
    (b"not json", OPENING, "record"),
    (b"[1]", OPENING, "record"),
    (b'{"inputs": {"distance_m": 5}}', {"fields": {"distance_m": OPENING["fields"]["distance_m"]}}, "distance_m"),
]


@pytest.mark.parametrize(("record", "opening", "named"), FALSE, ids=[f"{n} {case[2]}" for n, case in enumerate(FALSE)])
def test_what_does_not_fit_is_named(record, opening, named):
    with pytest.raises(OpeningFalse) as caught:
        check_opening(record, opening)
    assert named in caught.value.en


CROOKED = [
    "", "null", "[]", "{}", '{"fields": []}', '{"fields": {"a": 1}}', '{"fields": {"a": {"key": "zz", "value": 1}}}',
    '{"fields": {"a": {"key": "00", "value": 1}}}', json.dumps({"fields": {"a": {"key": "00" * 32}}}),
    json.dumps({**OPENING, "reasons": "x"}), json.dumps({**OPENING, "marks": 7}), "[" * 9_999,
]  # fmt: skip


@pytest.mark.parametrize("text", CROOKED)
def test_what_is_no_opening(text):
    with pytest.raises(BadInput, match="E_OPENING"):
        read_opening(text)
