"""Names, firms, posts, schooling, majors, places of a résumé, read by a linear-chain model whose weights ship as a file.

The model, its data and its scores: docs/models/resumes.md. Reading is deterministic: equal text, equal spans.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from leye.kernel.errors import BadInput
from leye.match.resumes.features import features
from leye.match.resumes.sentences import sentences
from leye.match.resumes.tags import to_spans
from leye.packs import open_pack

MODEL = "models/resume_entities.crfsuite"
SLOTS = {
    "NAME": "name", "ORG": "org", "TITLE": "title", "EDU": "education", "PRO": "major", "LOC": "location", "CONT": "nationality", "RACE": "ethnicity",
}  # fmt: skip
"""Labels of the corpus and the slots that they fill."""


@dataclass(frozen=True, slots=True)
class Entity:
    """slot: one of SLOTS · start, end: code points of the text · confidence: the smallest marginal probability inside the span, 0–1."""

    slot: str
    start: int
    end: int
    confidence: float


class EntityModel:
    """A model file, opened. Raises BadInput (E_MODEL) when it is not one, or was made for other features than this version's."""

    def __init__(self, file: Path) -> None:
        import pycrfsuite

        about = model_card(file)
        if about.get("features") != feature_fingerprint():
            raise _other_features(file)
        self._tagger: Any = pycrfsuite.Tagger()
        self._tagger.open(str(file))

    def entities(self, text: str) -> list[Entity]:
        """Entities of a text in order, none overlapping; sentence by sentence."""
        found: list[Entity] = []
        for start, end in sentences(text):
            part = text[start:end]
            tags = self._tagger.tag(features(part))
            for label, first, last in to_spans(tags):
                sure = min(float(self._tagger.marginal(tags[k], k)) for k in range(first, last))
                found.append(Entity(SLOTS[label], start + first, start + last, sure))
        return found


@cache
def shipped() -> EntityModel:
    """The model that ships with the product."""
    return EntityModel(open_pack(MODEL))


def model_card(file: Path) -> dict[str, Any]:
    """What lies beside a model as `<file>.json`: data with sha256, command, settings. Raises BadInput (E_MODEL)."""
    try:
        about = json.loads(file.with_name(file.name + ".json").read_text(encoding="utf-8"))
        is_whole = hashlib.sha256(file.read_bytes()).hexdigest() == about["sha256"]
    except (OSError, ValueError, KeyError) as error:
        raise _no_model(file) from error
    if not is_whole:
        raise _no_model(file)
    return dict(about)


def feature_fingerprint() -> str:
    """Changes when the features of a fixed sentence change: a model must never meet features that it was not trained on."""
    rows = features("1.张三丰先生：中国国籍，汉族，佛山市人，ＡＢ大学会计学专业本科学历，现任本公司董事、CAD工程师。")
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:16]


def _no_model(file: Path) -> BadInput:
    return BadInput(
        f"{file.name} 不是完整的简历模型",
        en=f"{file.name} is no whole résumé model",
        remedy_zh="模型和旁边的 .json 要成对；用 leye match train-resumes 重新训练",
        remedy_en="a model lies beside its .json; train it again with leye match train-resumes",
        code="E_MODEL",
    )


def _other_features(file: Path) -> BadInput:
    return BadInput(
        f"{file.name} 是另一个版本训练的",
        en=f"{file.name} was trained for another version of the features",
        remedy_zh="用本版本的 leye match train-resumes 重新训练",
        remedy_en="train it again with this version: leye match train-resumes",
        code="E_MODEL",
    )
