"""Entities of Chinese résumés: the shipped kind of model beside a plain window-2 CRF, trained and scored in one run. `leye bench match_resume`."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from leye.match.resumes import training
from leye.match.resumes.entities import SLOTS
from leye.match.resumes.features import features

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("LEYE_SHARED", HERE.parents[2] / "shared")) / "data" / "match"
TRAIN, TEST = SHARED / "resume_ner_train.jsonl.gz", SHARED / "resume_ner_dev.jsonl.gz"
PLAIN = {"c1": 0.1, "c2": 0.1, "max_iterations": 25, "feature.possible_transitions": True}


def window_two(text: str) -> list[list[str]]:
    """The peer: two characters to each side and their pairs beside the middle one."""
    padded = "^^" + text + "$$"
    rows = []
    for k in range(2, len(text) + 2):
        row = ["bias", *(f"{d}:{padded[k + d]}" for d in (-2, -1, 0, 1, 2)), f"-1,0:{padded[k - 1 : k + 1]}", f"0,1:{padded[k : k + 2]}"]
        rows.append([*row, f"digit:{padded[k].isdigit()}", f"alpha:{padded[k].isalpha()}"])
    return rows


def row_of(name, see, settings, rows, tested):
    """A line of the table, and the scores by label."""
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model"
        began = time.process_time()
        training.train(rows, model, see=see, settings=settings)
        trained = time.process_time() - began
        began = time.process_time()
        scores = training.score(model, tested, see=see)
        each_ms = (time.process_time() - began) * 1000 / len(tested)
        size = model.stat().st_size / 1e6
    s = scores["all"]
    return f"| {name} | {s.precision:.3f} | {s.recall:.3f} | **{s.f1:.3f}** | {each_ms:.2f} | {size:.1f} | {trained:.0f} |", scores


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def main() -> None:
    if not TRAIN.exists():
        sys.exit(f"no development data in {SHARED}; set LEYE_SHARED")
    rows, tested = training.read_labelled(TRAIN), training.read_labelled(TEST)
    peer, plain = row_of("window-2 CRF (peer)", window_two, PLAIN, rows, tested)
    own, ours = row_of("Leye, as shipped", features, training.SETTINGS, rows, tested)
    labels = [f"| {label} | {plain[label].f1:.3f} | {ours[label].f1:.3f} | {ours[label].right + ours[label].missed} |" for label in SLOTS]
    text = "\n".join([
        "# Résumé entities",
        "",
        f"`leye bench match_resume`, {datetime.now(UTC):%Y-%m-%d}. Trained on {len(rows):,} sentences, scored on {len(tested)} that nothing was tuned on;",  # noqa: E501
        "a span is right when its label and both ends are. CPU on one core, features included.",
        "",
        "| model | precision | recall | F1 | ms a sentence | MB | training, CPU s |",
        "|---|---|---|---|---|---|---|",
        peer,
        own,
        "",
        "| label | F1 peer | F1 Leye | spans |",
        "|---|---|---|---|",
        *labels,
        "",
        "Data: published biographies of listed companies' executives (Zhang & Yang, ACL 2018), not shipped.",
        f"`{TRAIN.name}` sha256 {digest(TRAIN)}…, `{TEST.name}` {digest(TEST)}….",
        "Below the best published neural readers (about 0.945, their own reports);",
        "these need a deep-learning library and a graphics card to train.",
    ])  # fmt: skip
    (HERE / "README.md").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
