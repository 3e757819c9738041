"""Training the entity model from labelled sentences, and how good it is on others."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leye.kernel.errors import BadInput, Place
from leye.match.resumes.entities import SLOTS, feature_fingerprint
from leye.match.resumes.features import features
from leye.match.resumes.tags import Span, to_spans, to_tags

SETTINGS: dict[str, Any] = {"c1": 0.1, "c2": 0.05, "max_iterations": 100, "feature.possible_transitions": False}
"""L1, L2 weights and iterations; found by cross-validation over blocks of sentences inside the training file (docs/models/resumes.md)."""

See = Callable[[str], list[list[str]]]
"""Text to features, one list a character."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence with its gold spans."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of spans: right (label and both ends), wrong, missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of what was read that is right; 0 when nothing was read."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of what stands there that was read."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


def read_labelled(file: Path) -> list[Labelled]:
    """Lines `{"id","text","spans":[{"label","start","end"}]}`, plain or gzip. Raises BadInput with the row (E_RESUME_TRAINING)."""
    opened = gzip.open if file.suffix == ".gz" else open
    rows: list[Labelled] = []
    with opened(file, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
                spans = tuple(Span(s["label"], int(s["start"]), int(s["end"])) for s in row["spans"])
                to_tags(len(row["text"]), spans)
                if any(s.label not in SLOTS for s in spans):
                    raise ValueError(f"labels are {', '.join(SLOTS)}")
            except (ValueError, KeyError, TypeError) as error:
                raise _bad_row(file, number, str(error)) from error
            rows.append(Labelled(row["text"], spans))
    return rows


def train(rows: Sequence[Labelled], out: Path, *, see: See = features, settings: dict[str, Any] = SETTINGS) -> None:
    """Write a model file; the same rows in the same order give the same weights."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    for row in rows:
        if row.text:
            trainer.append(pycrfsuite.ItemSequence(see(row.text)), to_tags(len(row.text), row.spans))
    trainer.set_params(settings)
    trainer.train(str(out))


def write_card(out: Path, data: Path, rows: int, command: str) -> None:
    """`<out>.json`: data with sha256, rows, command, settings, fingerprint of the features, sha256 of the model."""
    about = {
        "model": out.name,
        "sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
        "data": data.name,
        "data_sha256": hashlib.sha256(data.read_bytes()).hexdigest(),
        "rows": rows,
        "command": command,
        "settings": SETTINGS,
        "features": feature_fingerprint(),
    }
    out.with_name(out.name + ".json").write_text(json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def score(model: Path, rows: Sequence[Labelled], *, see: See = features) -> dict[str, Score]:
    """Scores by label and over all (`all`)."""
    import pycrfsuite

    tagger: Any = pycrfsuite.Tagger()
    tagger.open(str(model))
    counts = {label: [0, 0, 0] for label in ("all", *SLOTS)}
    for row in rows:
        read = set(to_spans(tagger.tag(see(row.text)))) if row.text else set()
        for kind, spans in enumerate((read & set(row.spans), read - set(row.spans), set(row.spans) - read)):
            for span in spans:
                counts["all"][kind] += 1
                counts[span.label][kind] += 1
    return {label: Score(*c) for label, c in counts.items()}


def _bad_row(file: Path, number: int, why: str) -> BadInput:
    return BadInput(
        f"标注读不懂：{why}",
        en=f"a labelled sentence cannot be read: {why}",
        remedy_zh='每行是 {"id","text","spans":[{"label","start","end"}]}，段不重叠、不越界',
        remedy_en='each line is {"id","text","spans":[{"label","start","end"}]}; spans stay inside and apart',
        places=(Place(str(file), row=number),),
        code="E_RESUME_TRAINING",
    )
