"""One text for one set of facts, and nothing that another language would read otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from leye.kernel.errors import BadInput
from leye.trust.record import LARGEST, canonical_json, instant_text, record_bytes

ANSWERS = [
    ({"b": 1, "a": [True, None, "x"]}, b'{"a":[true,null,"x"],"b":1}', "keys sorted, no spaces"),
    ({"k": "派单\n\"'"}, '{"k":"派单\\n\\"\'"}'.encode(), "Chinese stays Chinese, only what must is escaped"),
    ({"x": 0.1, "y": -0.0, "z": 1e22}, b'{"x":0.1,"y":-0.0,"z":1e+22}', "shortest round trip"),
    ((1, 2), b"[1,2]", "a tuple is a list"),
]


@pytest.mark.parametrize(("value", "text", "why"), ANSWERS, ids=[a[-1] for a in ANSWERS])
def test_canonical_answers(value: Any, text: bytes, why: str) -> None:
    assert canonical_json(value) == text


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), {"x": object()}, {1: 2, "1": 3}, "\ud800"], ids=["nan", "inf", "object", "mixed keys", "surrogate"]
)
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(BadInput) as refused:
        canonical_json(value)
    assert refused.value.code == "E_RECORD"
    assert refused.value.remedy_zh


def test_empty_parts_are_left_out_and_zero_is_not() -> None:
    assert record_bytes({"a": None, "b": "", "c": [], "d": {}, "n": 0, "f": False}) == b'{"f":false,"n":0}'


def test_a_record_that_is_too_long_is_refused_with_its_length() -> None:
    room = LARGEST - len(b'{"t":""}')
    assert len(record_bytes({"t": "x" * room})) == LARGEST
    with pytest.raises(BadInput, match=str(LARGEST + 1)):
        record_bytes({"t": "x" * (room + 1)})


def test_one_instant_has_one_text() -> None:
    noon = datetime(2025, 9, 1, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    assert instant_text(noon) == "2025-09-01T04:00:00.000005Z" == instant_text(noon.astimezone(timezone(-timedelta(hours=5))))
