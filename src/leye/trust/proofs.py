"""Verifiers of Merkle proofs (RFC 9162 §2.1.3–2.1.4), with the edges of the reference verifier, and the same over a subtree.

All of them raise ProofFalse (E_PROOF_FALSE, exit 1) and return nothing: a forgotten answer cannot pass for a yes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from leye.kernel.errors import CheckFailed
from leye.trust.merkle import EMPTY_ROOT, HASH_BYTES

_sha = hashlib.sha256


class ProofFalse(CheckFailed):
    """A proof that proves nothing."""

    code = "E_PROOF_FALSE"


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """That the leaf with this hash (32 bytes) stands at `index` under `root` over `size` leaves. Raises ProofFalse."""
    _same(root_from_inclusion(index, size, leaf, proof), root)


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The root that a proof leads to. The proof must be exactly as long as index and size demand. Raises ProofFalse."""
    if not 0 <= index < size:
        raise _false(f"编号 {index} 不在 {size} 条之内", f"leaf {index} is not among {size}")
    if len(leaf) != HASH_BYTES:
        raise _false("叶子的哈希不是 32 字节", "a leaf's hash has 32 bytes")
    inner = (index ^ (size - 1)).bit_length()
    _exact(proof, inner + (index >> inner).bit_count())
    return _along_edge(_along_inner(leaf, index, proof[:inner]), proof[inner:])


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """That the tree of `old` leaves is a beginning of the tree of `new`. Raises ProofFalse.

    From size 0 nothing is proved, not even that nothing is nothing. Equal sizes: an empty proof and equal roots, compared as they are.
    """
    if new < old:
        raise _false(f"{new} 条比 {old} 条还少", f"{new} leaves are fewer than {old}")
    if old <= 0:
        raise _false("从空的开始证明不了什么", "nothing is proved from an empty tree")
    if old == new:
        _exact(proof, 0)
        _same(old_root, new_root)
        return
    if not proof:
        raise _false("证明是空的", "the proof is empty")
    _consistent(old, new, proof, old_root, new_root)


def verify_subtree_inclusion(index: int, start: int, end: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """That the leaf stands at `index` (counted in the whole tree) under `root` over leaves start … end - 1. Raises ProofFalse.

    A subtree starts at a multiple of the smallest power of two that holds it (draft-ietf-plants-merkle-tree-certs §4.1).
    """
    _subtree(start, end)
    if not start <= index < end:
        raise _false(f"编号 {index} 不在 {start}–{end} 之内", f"leaf {index} is not among {start}..{end}")
    verify_inclusion(index - start, end - start, leaf, proof, root)


def verify_subtree_consistency(start: int, end: int, size: int, proof: Sequence[bytes], subtree_root: bytes, root: bytes) -> None:
    """That leaves start … end - 1 of the tree of `size` leaves under `root` are those under `subtree_root`. Raises ProofFalse.

    The empty subtree has an empty proof and the hash of the empty string for root.
    """
    _subtree(start, end)
    if end > size:
        raise _false(f"{end} 超出 {size} 条", f"{end} is beyond {size} leaves")
    if start == end:
        _exact(proof, 0)
        _same(subtree_root, EMPTY_ROOT)
        return
    _subtree_consistent(start, end - 1, size - 1, proof, subtree_root, root)


def _consistent(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """0 < old < new. The way up from the old tree's last complete subtree gives both roots."""
    height = (old & -old).bit_length() - 1
    is_power = old == 1 << height
    seed, way = (old_root, proof) if is_power else (proof[0], proof[1:])
    position = (old - 1) >> height
    inner = (position ^ ((new - 1) >> height)).bit_length()
    _exact(way, inner + (position >> inner).bit_count())
    lefts = [entry for step, entry in enumerate(way[:inner]) if position >> step & 1]
    _same(_along_edge(_along_edge(seed, lefts), way[inner:]), old_root)
    _same(_along_edge(_along_inner(seed, position, way[:inner]), way[inner:]), new_root)


def _subtree_consistent(first: int, last: int, tree_last: int, proof: Sequence[bytes], subtree_root: bytes, root: bytes) -> None:
    """first, last: the subtree's first and last leaf · tree_last: the tree's. Both roots are built side by side, a level a step."""
    lowest = _levels_to_seed(first, last, tree_last)
    first, last, tree_last = first >> lowest, last >> lowest, tree_last >> lowest
    if first == last:
        within = whole = subtree_root
    else:
        if not proof:
            raise _false("证明是空的", "the proof is empty")
        within = whole = proof[0]
        proof = proof[1:]
    for entry in proof:
        if tree_last == 0:
            raise _false("证明太长", "the proof is too long")
        if last & 1 or last == tree_last:
            while not last & 1:  # a lone node on the right edge goes up unhashed; last > 0 here, or the tree would end with it
                first, last, tree_last = first >> 1, last >> 1, tree_last >> 1
            if first < last:
                within = _along_edge(within, [entry])
            whole = _along_edge(whole, [entry])
        else:
            whole = _sha(b"\x01" + whole + entry).digest()
        first, last, tree_last = first >> 1, last >> 1, tree_last >> 1
    if tree_last:
        raise _false("证明太短", "the proof is too short")
    _same(within, subtree_root)
    _same(whole, root)


def _levels_to_seed(first: int, last: int, tree_last: int) -> int:
    """How far up the proof begins: at the subtree itself where it is complete or ends the tree, else at its last complete part."""
    level = 0
    while first >> level != last >> level and (last == tree_last or last >> level & 1):
        level += 1
    return level


def _along_inner(node: bytes, position: int, entries: Sequence[bytes]) -> bytes:
    """Up with a neighbour left or right, by the bits of the position."""
    sha = _sha
    for entry in entries:
        node = sha(b"\x01" + entry + node).digest() if position & 1 else sha(b"\x01" + node + entry).digest()
        position >>= 1
    return node


def _along_edge(node: bytes, entries: Sequence[bytes]) -> bytes:
    """Up along the right edge, every neighbour on the left."""
    sha = _sha
    for entry in entries:
        node = sha(b"\x01" + entry + node).digest()
    return node


def _subtree(start: int, end: int) -> None:
    if start < 0 or end < start or start % _holding(end - start):
        raise _false(f"{start}–{end} 不是一棵子树", f"{start}..{end} is no subtree")


def _holding(count: int) -> int:
    """The smallest power of two >= count; 1 for an empty one."""
    return 1 << max(count - 1, 0).bit_length()


def _exact(proof: Sequence[bytes], wanted: int) -> None:
    if len(proof) != wanted:
        raise _false(f"证明应有 {wanted} 个哈希，这里有 {len(proof)} 个", f"the proof should have {wanted} hashes, it has {len(proof)}")


def _same(found: bytes, wanted: bytes) -> None:
    if not hmac.compare_digest(found, wanted):
        raise _false("算出的树根和给出的不同", "the root that follows is not the one given")


def _false(zh: str, en: str) -> ProofFalse:
    return ProofFalse(
        zh,
        en=en,
        remedy_zh="向发给你这份证明的机构另要一份；仍不对就投诉",
        remedy_en="ask whoever gave you this proof for another; complain when it fails too",
    )
