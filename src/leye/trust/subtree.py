"""Many outcomes under one leaf: a run over a city gives each person one leaf, and each outcome of that person a place below it.

The outcomes of a person form a Merkle tree of their own (RFC 6962 hashes), whose root stands in the person's record. An outcome is proved by its
path to that root and the record's path to the log's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from leye.kernel.decision import Outcome
from leye.trust.record import canonical_json


@dataclass(frozen=True, slots=True)
class Mark:
    """One outcome of a batch: what it is about (a policy, an order), the outcome, and the codes of its reasons (at least one)."""

    about: str
    outcome: Outcome
    reasons: tuple[str, ...]


def mark_bytes(mark: Mark) -> bytes:
    """What is hashed for one outcome: the canonical JSON list about, value, score, amount in fen, reason codes."""
    o = mark.outcome
    return canonical_json([mark.about, o.value, o.score, o.amount_fen, mark.reasons])


def marks_json(marks: Sequence[bytes]) -> bytes:
    """The outcomes as one JSON list, from bytes that are canonical already."""
    return b"[" + b",".join(marks) + b"]"


def marks_root(marks: Sequence[bytes]) -> bytes:
    """32 bytes: the root over the outcomes in their order. Raises ValueError when there are none."""
    if not marks:
        raise ValueError("a person's leaf needs at least one outcome")
    level = _leaves(marks)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def mark_path(marks: Sequence[bytes], index: int) -> list[bytes]:
    """Hashes from outcome `index` up to the person's root, as `leye.trust.proofs.verify_inclusion` takes them. Raises IndexError outside."""
    level = _leaves(marks)
    if not 0 <= index < len(level):
        raise IndexError(index)
    path = []
    while len(level) > 1:
        if (index ^ 1) < len(level):
            path.append(level[index ^ 1])
        level = _above(level)
        index >>= 1
    return path


def _leaves(marks: Sequence[bytes]) -> list[bytes]:
    sha = hashlib.sha256
    return [sha(b"\x00" + m).digest() for m in marks]


def _above(level: list[bytes]) -> list[bytes]:
    """Pairs of neighbours hashed, an odd one carried up: level by level this is RFC 6962's tree."""
    sha = hashlib.sha256
    paired = [sha(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
    return paired + level[len(level) & ~1 :]
