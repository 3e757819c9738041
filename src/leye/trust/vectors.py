"""Files of Merkle proof vectors, one JSON object a line: our verdict on each, held against what the file expects."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from leye.kernel.errors import BadInput, Place
from leye.trust import proofs
from leye.trust.encoding import base64_exact

_WORD = 1 << 64  # sizes and indices are unsigned 64-bit numbers
_LARGEST_LINE = 1 << 20  # bytes; chosen by us: a proof of 64 hashes has 3 KiB


class BadVectors(BadInput):
    """A line that is no vector; the place names it."""

    code = "E_VECTORS"


@dataclass(slots=True)
class Agreement:
    """Ids of vectors whose verdict differs from the expected one, and of those of a kind that we do not know."""

    total: int = 0
    disagree: list[str] = field(default_factory=list)
    unsupported: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """JSON form; agree = total - disagree - unsupported."""
        agree = self.total - len(self.disagree) - len(self.unsupported)
        return {"total": self.total, "agree": agree, "disagree": self.disagree, "unsupported": self.unsupported}


def check_vectors(file: Path) -> Agreement:
    """Run all vectors of a JSONL file. Raises BadVectors (E_VECTORS) with the line that cannot be read, OSError."""
    with file.open("rb") as stream:
        return check_lines(stream, file.name)


def check_lines(lines: Iterable[bytes], name: str) -> Agreement:
    """The same over lines."""
    found = Agreement()
    for number, line in enumerate(lines, 1):
        vector = _Vector(_json(line, name, number), name, number)
        vector_id, wants_error = vector.text("id"), vector.boolean("want_error")
        kind = vector.text("kind")
        found.total += 1
        if kind not in _VERDICTS:
            found.unsupported.append(vector_id)
        elif is_accepted(kind, vector) is wants_error:
            found.disagree.append(vector_id)
    return found


class _Vector:
    """Strict reading of one line: a missing or differently typed part is an error of the file, never a verdict."""

    def __init__(self, fields: Mapping[str, Any], name: str, line: int) -> None:
        self._fields, self._name, self._line = fields, name, line

    def text(self, name: str) -> str:
        value = self._get(name)
        return value if isinstance(value, str) else self._refuse(name)

    def boolean(self, name: str) -> bool:
        value = self._get(name)
        return value if isinstance(value, bool) else self._refuse(name)

    def number(self, name: str) -> int:
        value = self._get(name)
        return value if type(value) is int and 0 <= value < _WORD else self._refuse(name)

    def hash(self, name: str) -> bytes:
        return self._bytes(name, self._get(name))

    def proof(self) -> list[bytes]:
        value = self._get("proof")
        return [self._bytes("proof", entry) for entry in value] if isinstance(value, list) else self._refuse("proof")

    def _bytes(self, name: str, value: object) -> bytes:
        try:
            return base64_exact(value) if isinstance(value, str) else self._refuse(name)
        except ValueError:
            self._refuse(name)

    def _get(self, name: str) -> Any:
        return self._fields[name] if name in self._fields else self._refuse(name)

    def _refuse(self, name: str) -> NoReturn:
        raise _bad(self._name, self._line, f"“{name}”没有或不对", f"{name!r} is missing or has another form", column=name)


def is_accepted(kind: str, vector: Any) -> bool:
    """Our own verdict; what the file expects is not asked."""
    arguments = _VERDICTS[kind](vector)
    try:
        getattr(proofs, f"verify_{kind}")(*arguments)
    except proofs.ProofFalse:
        return False
    return True


_VERDICTS: dict[str, Callable[[_Vector], tuple[Any, ...]]] = {
    "inclusion": lambda v: (v.number("leaf_index"), v.number("tree_size"), v.hash("leaf_hash"), v.proof(), v.hash("root")),
    "consistency": lambda v: (v.number("size1"), v.number("size2"), v.proof(), v.hash("root1"), v.hash("root2")),
    "subtree_inclusion": lambda v: (v.number("leaf_index"), v.number("start"), v.number("end"), v.hash("leaf_hash"), v.proof(), v.hash("root")),
    "subtree_consistency": lambda v: (
        v.number("start"), v.number("end"), v.number("tree_size"), v.proof(), v.hash("root1"), v.hash("root2"),
    ),
}  # fmt: skip


def _json(line: bytes, name: str, number: int) -> dict[str, Any]:
    if len(line) > _LARGEST_LINE:
        raise _bad(name, number, "这一行太长", "the line is too long")
    try:
        found = json.loads(line.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _bad(name, number, f"不是一个 JSON 对象（{error}）", f"not a JSON object: {error}") from None
    if not isinstance(found, dict):
        raise _bad(name, number, "不是一个 JSON 对象", "not a JSON object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _bad(name: str, line: int, zh: str, en: str, *, column: str | None = None) -> BadVectors:
    return BadVectors(
        zh,
        en=f"line {line}: {en}",
        remedy_zh="每行一个完整的向量对象，行里别的什么也没有",
        remedy_en="one whole vector object a line and nothing else",
        places=(Place(file=name, row=line, column=column),),
    )
