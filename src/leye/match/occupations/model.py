"""The trained coder as one file without code inside: arrays in an npz, loaded in a fraction of a second and without scikit-learn."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from leye.kernel.codes import occupations
from leye.kernel.errors import BadInput, Place
from leye.match.occupations.candidates import Candidates, Classes, candidates
from leye.match.occupations.cleaning import clean_name
from leye.match.occupations.features import Space
from leye.match.occupations.heads import Heads
from leye.match.occupations.second_stage import SecondStage
from leye.match.occupations.table import names_of_classes
from leye.packs import open_pack

SHIPPED = "models/occupations.npz"
PACKED = ("labels", "facts", "alone", "softmax")
"""Heads whose weights are thinned, packed the same way."""
FORM = 2
"""Version of the form of the file; another one is refused."""


@dataclass(frozen=True)
class Model:
    """All that coding needs. abstain_below: probability of the first answer below which a person is asked · about: the training data."""

    space: Space
    heads: Heads
    classes: Classes
    stage: SecondStage
    abstain_below: float
    about: dict[str, Any]

    def candidates(self, cleans: Sequence[str]) -> Candidates:
        """Candidates of clean titles with their features."""
        return candidates(cleans, self.heads.scores(self.space.rows(cleans)), self.classes)


@cache
def shipped_model() -> Model:
    """The model of the pack, loaded once."""
    return load(open_pack(SHIPPED))


def known_classes(seen: NDArray[np.float32] | None = None) -> Classes:
    """Classes of the 2022 edition by code, with their names; `seen` zeros when not given."""
    table = occupations()
    codes = tuple(sorted(table))
    place = {c: i for i, c in enumerate(codes)}
    upper = [[place.get(u, place[c]) for u in (c[:5] + "00", c[:3] + "0000", c[0] + "000000")] for c in codes]
    names: list[dict[str, None]] = [{} for _ in codes]
    for code, name, _kind in names_of_classes():
        names[place[code]].setdefault(clean_name(name))
    level = np.array([table[c].level for c in codes], np.int8)
    counted = np.zeros(len(codes), np.float32) if seen is None else seen
    return Classes(codes, level, np.array(upper, np.int32), tuple(tuple(n for n in own if n) for own in names), counted)


def facts_in_order(classes: Classes) -> tuple[list[str], NDArray[np.int32], list[str]]:
    """(clean names, class of each, kind of each), by class: what the heads know without labels."""
    place = {c: i for i, c in enumerate(classes.codes)}
    found = {(place[code], clean_name(name)): kind for code, name, kind in reversed(names_of_classes()) if clean_name(name)}
    ordered = sorted(found)
    return [n for _k, n in ordered], np.array([k for k, _n in ordered], np.int32), [found[key] for key in ordered]


def save(model: Model, file: Path) -> None:
    """Write the file; equal models give equal bytes."""
    ridge = {h: _packed(getattr(model.heads, h)) for h in PACKED}
    bayes = model.heads.bayes
    arrays: dict[str, Any] = {
        "about": np.frombuffer(json.dumps(model.about | {"form": FORM}, ensure_ascii=False, sort_keys=True).encode(), np.uint8),
        "grams": np.frombuffer("\n".join(model.space.place).encode(), np.uint8), "idf": model.space.idf,
        "codes": np.array(model.classes.codes), "seen": model.classes.seen.astype(np.uint16),
        "bayes_data": bayes.data.astype(np.float16), "bayes_at": bayes.indices.astype(np.uint16), "bayes_row": bayes.indptr.astype(np.int32),
        "bayes_log": model.heads.bayes_log, "softmax_bias": model.heads.softmax_bias,
        "stage": np.stack([model.stage.weights, model.stage.mean, model.stage.spread]),
        "numbers": np.array([model.stage.heat, model.stage.inside, model.abstain_below]),
    }  # fmt: skip
    for head, parts in ridge.items():
        arrays |= {f"{head}_{name}": value for name, value in parts.items()}
    held = io.BytesIO()
    np.savez_compressed(held, **arrays)
    file.write_bytes(held.getvalue())


def _packed(weights: sparse.csr_matrix) -> dict[str, NDArray[Any]]:
    return {"data": weights.data.astype(np.float16), "at": weights.indices.astype(np.uint16), "row": weights.indptr.astype(np.int32)}


def load(file: Path) -> Model:
    """Read a model. Raises BadInput (E_MODEL) for a file that is none, of another form, or made for another table of occupations."""
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as held:  # of bytes: a broken file leaves nothing open
            read = {name: held[name] for name in held.files}
        about = json.loads(read["about"].tobytes().decode())
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise _unread(file, "不是职业编码模型", "is not an occupation model") from error
    if about.get("form") != FORM:
        raise _unread(file, "是另一种格式的模型", "has another form")
    classes = known_classes(read["seen"].astype(np.float32))
    if tuple(read["codes"].tolist()) != classes.codes:
        raise _unread(file, "是按另一张职业表训练的", "was trained for another table of occupations")
    place = {g: i for i, g in enumerate(read["grams"].tobytes().decode().split("\n"))}
    space = Space(place, read["idf"])
    shape = (len(place), len(classes.codes))
    names, class_of_name, _kinds = facts_in_order(classes)
    heads = Heads(
        _unpacked(read, "labels", shape), _unpacked(read, "facts", shape),
        sparse.csr_matrix((read["bayes_data"].astype(np.float32), read["bayes_at"].astype(np.int32), read["bayes_row"]), shape=shape),
        read["bayes_log"], space.rows(names).T.tocsr(), class_of_name,
        _unpacked(read, "alone", shape), _unpacked(read, "softmax", shape), read["softmax_bias"],
    )  # fmt: skip
    weights, mean, spread = read["stage"]
    heat, inside, below = (float(v) for v in read["numbers"])
    return Model(space, heads, classes, SecondStage(weights, mean, spread, heat, inside), below, about)


def _unpacked(read: dict[str, Any], head: str, shape: tuple[int, int]) -> sparse.csr_matrix:
    data = read[f"{head}_data"].astype(np.float32)
    return sparse.csr_matrix((data, read[f"{head}_at"].astype(np.int32), read[f"{head}_row"]), shape=shape)


def _unread(file: Path, zh: str, en: str) -> BadInput:
    return BadInput(
        f"{file.name} {zh}", en=f"{file.name} {en}", places=(Place(str(file)),), code="E_MODEL",
        remedy_zh="用 leye match train-codes 重新训练，或用随附的模型",
        remedy_en="train it again, or use the shipped model",
    )  # fmt: skip
