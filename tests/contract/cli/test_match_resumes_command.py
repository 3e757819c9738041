"""`leye match parse-resumes` and `train-resumes` as programs use them."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from leye.match.resumes import training
from leye.match.resumes.entities import MODEL, EntityModel, model_card, shipped
from leye.packs import open_pack

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("LEYE_SHARED", ROOT.parent / "shared")) / "data" / "match"


def leye(*args: str, seed: str = "0") -> subprocess.CompletedProcess[str]:
    here = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": seed}
    return subprocess.run([sys.executable, "-m", "leye", "match", *args], capture_output=True, text=True, env=here, check=False)


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return path


TEXT = "😀李小红，2016年至2019年任佛山市美的电器有限公司出纳。会计学专业，本科学历，中国国籍，汉族。"


def test_slots_with_places_in_the_original(tmp_path: Path) -> None:
    source = lines(tmp_path / "r.jsonl", {"id": "a", "text": TEXT}, {"id": 2, "text": ""})
    done = leye("parse-resumes", str(source), "--out", str(tmp_path / "s.jsonl"), "--json")
    assert done.returncode == 0, done.stderr
    first, second = [json.loads(line) for line in (tmp_path / "s.jsonl").read_text(encoding="utf-8").splitlines()]
    assert json.loads(done.stdout)["resumes"] == 2 and second == {"id": 2, "slots": []}
    read = {(s["slot"], TEXT[s["start"] : s["end"]]) for s in first["slots"]}
    assert {
        ("org", "佛山市美的电器有限公司"),
        ("title", "出纳"),
        ("education", "本科学历"),
        ("nationality", "中国国籍"),
        ("ethnicity", "汉族"),
    } <= read
    assert all(s["value"] == TEXT[s["start"] : s["end"]] and 0 < s["confidence"] <= 1 for s in first["slots"] if s["source"] == "model")
    other = leye("parse-resumes", str(source), "--out", str(tmp_path / "t.jsonl"), seed="7")
    assert other.returncode == 0 and (tmp_path / "s.jsonl").read_bytes() == (tmp_path / "t.jsonl").read_bytes()


@pytest.mark.parametrize("row", [{"id": "a"}, {"text": "x"}, ["a"], {"id": None, "text": "x"}, {"id": "b", "text": "x"}])
def test_bad_lines_exit_2_and_write_nothing(row: object, tmp_path: Path) -> None:
    from leye.kernel.errors import BadInput
    from leye.match.resumes.lines import read_lines

    source = lines(tmp_path / "r.jsonl", {"id": "b", "text": "y"}, row)
    with pytest.raises(BadInput) as refused:
        read_lines(source)
    assert refused.value.code == "E_RESUME_LINE" and refused.value.places[0].row == 2


def test_a_missing_file_exits_2(tmp_path: Path) -> None:
    done = leye("parse-resumes", str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "s.jsonl"))
    assert done.returncode == 2 and "E_NO_FILE" in done.stderr and not (tmp_path / "s.jsonl").exists()


def test_training_is_repeatable_and_scored(tmp_path: Path) -> None:
    row = {"id": "1", "text": "任甲乙公司经理。", "spans": [{"label": "ORG", "start": 1, "end": 5}, {"label": "TITLE", "start": 5, "end": 7}]}
    source = lines(tmp_path / "train.jsonl", *[row | {"id": str(k)} for k in range(5)])
    rows = training.read_labelled(source)
    for name in ("a", "b"):
        training.train(rows, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert training.score(tmp_path / "a", rows)["all"] == training.Score(10, 0, 0)
    training.write_card(tmp_path / "a", source, 5, "leye match train-resumes train.jsonl --out a")
    assert [e.slot for e in EntityModel(tmp_path / "a").entities("任甲乙公司经理。")] == ["org", "title"]


def test_a_model_without_its_card_or_of_other_features_is_refused(tmp_path: Path) -> None:
    from leye.kernel.errors import BadInput

    model = tmp_path / "m"
    model.write_bytes(b"x")
    about = {"sha256": hashlib.sha256(b"x").hexdigest(), "features": "of another version"}
    for card in ("", "{}", json.dumps(about)):
        (tmp_path / "m.json").write_text(card)
        with pytest.raises(BadInput) as refused:
            EntityModel(model)
        assert refused.value.code == "E_MODEL"


def test_wrong_training_rows_are_named(tmp_path: Path) -> None:
    from leye.kernel.errors import BadInput

    for spans in ([{"label": "ORG", "start": 0, "end": 9}], [{"label": "AGE", "start": 0, "end": 1}], "x"):
        with pytest.raises(BadInput) as refused:
            training.read_labelled(lines(tmp_path / "t.jsonl", {"id": "1", "text": "甲乙", "spans": spans}))
        assert refused.value.code == "E_RESUME_TRAINING" and refused.value.places[0].row == 1


def test_the_shipped_model_is_small_and_its_card_is_true() -> None:
    file = open_pack(MODEL)
    assert file.stat().st_size <= 15_000_000
    assert model_card(file)["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert shipped() is shipped()


def test_the_shipped_model_keeps_its_score() -> None:
    file = SHARED / "resume_ner_dev.jsonl.gz"
    if not file.exists():
        pytest.skip(f"no development data in {SHARED}")
    with gzip.open(file, "rt", encoding="utf-8") as opened:
        assert sum(1 for _ in opened) == 463
    assert training.score(open_pack(MODEL), training.read_labelled(file))["all"].f1 >= 0.92
