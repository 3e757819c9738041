"""Hashes of an RFC 6962 (= RFC 9162 §2.1) Merkle tree over SHA-256, and the slow, obvious tree that the fast one is tested against."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of a tree without leaves."""

_sha = hashlib.sha256


def leaf_hash(record: bytes) -> bytes:
    """SHA-256(0x00 ‖ record)."""
    return _sha(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return _sha(b"\x01" + left + right).digest()


def leaf_hashes(records: Iterable[bytes]) -> bytes:
    """Hashes of many leaves, one after the other in one byte string of 32 bytes a leaf."""
    sha = _sha
    return b"".join([sha(b"\x00" + record).digest() for record in records])


def level_above(hashes: bytes) -> bytes:
    """Parents of an even number of neighbouring hashes; both are byte strings of 32 bytes a hash."""
    sha = _sha
    return b"".join([sha(b"\x01" + hashes[i : i + 64]).digest() for i in range(0, len(hashes), 64)])


def fold_complete(hashes: bytes) -> bytes:
    """Root over 2^k hashes (32 bytes each, k >= 0)."""
    while len(hashes) > HASH_BYTES:
        hashes = level_above(hashes)
    return hashes


def join_right_to_left(nodes: Sequence[bytes]) -> bytes:
    """Root over complete subtrees of falling size, left to right: what RFC 6962 makes of a tree that is not a power of two. At least one."""
    root = nodes[-1]
    for left in reversed(nodes[:-1]):
        root = node_hash(left, root)
    return root


def split_point(size: int) -> int:
    """The largest power of two below `size` (size >= 2): where RFC 6962 splits a tree.

    >>> split_point(2), split_point(7), split_point(8)
    (1, 4, 4)
    """
    return 1 << ((size - 1).bit_length() - 1)


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1 over leaf hashes, by its recursion: the reference, O(n) a call."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    at = split_point(len(leaves))
    return node_hash(tree_root(leaves[:at]), tree_root(leaves[at:]))


def audit_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """PATH of RFC 6962 §2.1.1, leaf to root, by its recursion: the reference. 0 <= index < len(leaves)."""
    if len(leaves) <= 1:
        return []
    at = split_point(len(leaves))
    if index < at:
        return [*audit_path(leaves[:at], index), tree_root(leaves[at:])]
    return [*audit_path(leaves[at:], index - at), tree_root(leaves[:at])]


def consistency_path(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """PROOF of RFC 6962 §2.1.2 by its recursion: the reference. 0 < old_size <= len(leaves)."""
    return _subproof(leaves, old_size, is_whole=True)


def _subproof(leaves: Sequence[bytes], old_size: int, *, is_whole: bool) -> list[bytes]:
    if old_size == len(leaves):
        return [] if is_whole else [tree_root(leaves)]
    at = split_point(len(leaves))
    if old_size <= at:
        return [*_subproof(leaves[:at], old_size, is_whole=is_whole), tree_root(leaves[at:])]
    return [*_subproof(leaves[at:], old_size - at, is_whole=False), tree_root(leaves[:at])]
