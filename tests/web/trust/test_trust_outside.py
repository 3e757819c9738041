"""Decisions written down by other programs: every bad line is answered with its place, every refusal with its line, and nothing is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from leye.kernel.errors import BadInput
from leye.office.decisions.ledger import open_log
from leye.office.decisions.models import Decision
from leye.office.decisions.outside import seal_file
from leye.office.decisions.refusals import GateRefused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

SOUND: dict[str, Any] = {
    "algo": "platform.dispatch", "version": "2025.8", "subject": "P00000012", "purpose": "dispatch", "outcome": "offered", "score": 0.7,
    "explanation": ["nearest"], "features": ["zone", "hour"], "inputs": {"zone": "440605-01", "hour": 9, "more": [1, None]},
    "at": "2025-09-01T09:00:00+08:00",
}  # fmt: skip


def written(tmp_path: Path, *lines: Any) -> Path:
    file = tmp_path / "decisions.jsonl"
    file.write_text("".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines), encoding="utf-8")
    return file


def test_forms_that_other_programs_use_are_taken(tmp_path: Path) -> None:
    lines = [
        SOUND | {"subject": {"kind": "firm", "id": "F00000003"}, "score": None, "at": "2024-01-01T00:00:00"},
        SOUND | {"outcome": True, "amount_fen": 0, "candidates": 0, "region": "440605", "protected": {"sex": "F"}},
        {k: v for k, v in SOUND.items() if k not in ("score", "inputs")},
    ]
    sealed = seal_file(written(tmp_path, *lines))
    rows = {row.pk: row for row in Decision.objects.all()}
    assert [rows[s.decision_id].subject_kind for s in sealed] == ["firm", "person", "person"]
    assert [rows[s.decision_id].outcome for s in sealed] == ["offered", "true", "offered"]
    assert rows[sealed[0].decision_id].at.isoformat() == "2023-12-31T16:00:00+00:00", "an instant without a zone is Beijing's"
    said = json.loads(open_log().record(sealed[1].leaf_index))
    assert (said["amount_fen"], said["candidates"]) == (0, 0)


REFUSED = [
    ({"version": "1.0"}, "E_GATE_UNREGISTERED", "another version"),
    ({"features": ["zone", "voiceprint"]}, "E_GATE_FEATURE", "a banned feature"),
    ({"explanation": []}, "E_GATE_REASON", "no explanation"),
    ({"explanation": ["because"]}, "E_GATE_REASON", "an unknown code"),
    ({"purpose": "credit"}, "E_GATE_PURPOSE", "an undeclared purpose"),
]


@pytest.mark.parametrize(("change", "code", "why"), REFUSED, ids=[r[-1] for r in REFUSED])
def test_a_refusal_names_the_line_and_takes_nothing(change: dict[str, Any], code: str, why: str, tmp_path: Path) -> None:
    before = open_log().size()
    with pytest.raises(GateRefused) as refused:
        seal_file(written(tmp_path, SOUND, "", SOUND | change))
    assert (refused.value.code, refused.value.places[0].row) == (code, 3)
    assert open_log().size() == before


BAD = [
    ("{", "not JSON"),
    ("[]", "no object"),
    (SOUND | {"at": "yesterday"}, "no instant"),
    (SOUND | {"subject": ""}, "nobody"),
    (SOUND | {"score": "high"}, "a score that is no number"),
    (SOUND | {"outcome": None}, "no outcome"),
    (SOUND | {"features": "zone"}, "features are no list"),
    (SOUND | {"inputs": [1]}, "inputs are no object"),
    ('{"algo":"a","algo":"b"}', "a name twice"),
    ('{"score":NaN}', "NaN"),
    ("[" * 100_000, "nested without end"),
    (SOUND | {"inputs": {f"f{i}": i for i in range(2_000)}}, "a record that is too long"),
]


@pytest.mark.parametrize(("line", "why"), BAD, ids=[b[-1] for b in BAD])
def test_a_bad_line_is_answered_and_nothing_is_taken(line: Any, why: str, tmp_path: Path) -> None:
    before = open_log().size()
    with pytest.raises(BadInput) as refused:
        seal_file(written(tmp_path, SOUND, line))
    assert refused.value.remedy_zh and refused.value.code in {"E_DECISION", "E_RECORD"}
    assert open_log().size() == before


def test_a_file_that_is_no_text_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(json.dumps(SOUND, ensure_ascii=False).encode("utf-16"))
    with pytest.raises(BadInput) as refused:
        seal_file(file)
    assert refused.value.code == "E_ENC"
