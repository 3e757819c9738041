"""What the risk profile may look at, and where help begins: read from the pack, and refused when a protected attribute stands there without a
reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from leye.forecast.hazard.audited import PROTECTED
from leye.kernel.errors import BadInput
from leye.packs import open_pack

PACK = "risk/unemployment.yaml"
LEVELS = ("ordinary", "attention", "priority")
"""From least to most help; a higher probability never leads to a level further left."""


@dataclass(frozen=True, slots=True)
class Input:
    """One family of columns. up, down: (zh, en) said to the person when it raises or lowers the risk · reason: why a protected one may be used."""

    code: str
    questions: frozenset[str]
    is_protected: bool
    name: tuple[str, str]
    up: tuple[str, str]
    down: tuple[str, str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """`job_loss` (of those at work) or `no_job` (of the registered unemployed). levels: level -> least probability within twelve months."""

    code: str
    name: tuple[str, str]
    levels: Mapping[str, float]

    def level_of(self, probability: float) -> str:
        """The level of a calibrated probability; it never falls when the probability rises."""
        reached = [level for level in LEVELS[1:] if probability >= self.levels[level]]
        return reached[-1] if reached else LEVELS[0]


@dataclass(frozen=True, slots=True)
class Rules:
    """All questions and inputs, by code, in the order of the pack."""

    version: str
    questions: Mapping[str, Question]
    inputs: Mapping[str, Input]

    def of(self, question: str) -> tuple[str, ...]:
        """Codes of the inputs of a question."""
        return tuple(code for code, one in self.inputs.items() if question in one.questions)


@cache
def shipped_rules() -> Rules:
    """The pack of the product."""
    return read_rules(open_pack(PACK))


def read_rules(file: Path) -> Rules:
    """Rules of a pack file. Raises BadInput (E_PACK) on what is missing, E_RISK_PROTECTED on a protected input without a reason and its basis."""
    said = yaml.safe_load(file.read_text(encoding="utf-8"))
    try:
        questions = {row["code"]: _question(row) for row in said["questions"]}
        inputs = {row["code"]: _input(row, questions) for row in said["inputs"]}
        return Rules(str(said["version"]), questions, inputs)
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(
            f"风险规则 {file.name} 写得不对：{error}", en=f"{file.name}: {error}", remedy_zh="对照文件开头的说明改正", code="E_PACK"
        ) from error


def _question(row: dict[str, Any]) -> Question:
    levels = {level: float(row["levels"][level]) for level in LEVELS[1:]}
    if not 0 < levels["attention"] < levels["priority"] < 1:
        raise ValueError(f"{row['code']}: 0 < attention < priority < 1")
    return Question(row["code"], (row["zh"], row["en"]), levels)


def _input(row: dict[str, Any], questions: Mapping[str, Question]) -> Input:
    if unknown := set(row["questions"]) - questions.keys():
        raise ValueError(f"{row['code']}: {sorted(unknown)}")
    is_protected = bool(row["protected"]) or row["code"] in PROTECTED
    if is_protected and not (str(row.get("reason", "")).strip() and str(row.get("basis", "")).strip()):
        raise BadInput(
            f"输入“{row['code']}”是受保护的特征，没有写明理由和依据",
            en=f"input {row['code']!r} is a protected attribute without a reason and its basis",
            remedy_zh="写明 reason 和 basis，或者去掉这个输入",
            remedy_en="state reason and basis, or drop the input",
            code="E_RISK_PROTECTED",
        )
    words = [(row[part]["zh"], row[part]["en"]) for part in ("up", "down")]
    return Input(row["code"], frozenset(row["questions"]), is_protected, (row["zh"], row["en"]), words[0], words[1], str(row.get("reason", "")))
