"""Verifiers: trees small enough to be worked by hand, and the edges of the reference verifier one by one."""

from __future__ import annotations

import hashlib

import pytest

from leye.trust.merkle import EMPTY_ROOT, audit_path, consistency_path, leaf_hash, node_hash, tree_root
from leye.trust.proofs import ProofFalse, verify_consistency, verify_inclusion, verify_subtree_consistency, verify_subtree_inclusion

A, B, C, D, E = (leaf_hash(letter) for letter in (b"a", b"b", b"c", b"d", b"e"))
AB, CD = node_hash(A, B), node_hash(C, D)
ABC, ABCD = node_hash(AB, C), node_hash(AB, CD)
ABCDE = node_hash(ABCD, E)
SHORT = b"don't care 1"


def test_hashes_are_those_of_the_rfc():
    assert leaf_hash(b"") == hashlib.sha256(b"\x00").digest()
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert hashlib.sha256(b"\x01" + A + B).digest() == AB


ROOTS = [([], EMPTY_ROOT), ([A], A), ([A, B], AB), ([A, B, C], ABC), ([A, B, C, D], ABCD), ([A, B, C, D, E], ABCDE)]


@pytest.mark.parametrize(("leaves", "root"), ROOTS, ids=[f"{len(leaves)} leaves" for leaves, _ in ROOTS])
def test_the_slow_tree_by_hand(leaves, root):
    assert tree_root(leaves) == root


INCLUSION = [
    (0, 1, A, [], A, True, "a tree of one leaf"),
    (1, 2, B, [A], AB, True, "right of two"),
    (0, 3, A, [B, C], ABC, True, "left of three"),
    (2, 3, C, [AB], ABC, True, "the odd one goes up unhashed"),
    (4, 5, E, [ABCD], ABCDE, True, "a lone leaf on the right edge"),
    (2, 4, C, [D, AB], ABCD, True, "in the middle"),
    (1, 1, A, [], A, False, "index = size"),
    (7, 3, A, [B, C], ABC, False, "index beyond"),
    (0, 0, A, [], EMPTY_ROOT, False, "nothing is in an empty tree"),
    (-1, 2, A, [B], AB, False, "a negative index"),
    (0, 1, b"", [], b"", False, "an empty leaf under an empty root"),
    (0, 1, SHORT, [], SHORT, False, "a leaf's hash has 32 bytes"),
    (0, 2, A, [], AB, False, "too short"),
    (0, 2, A, [B, C], AB, False, "too long"),
    (0, 2, B, [A], AB, False, "the other side"),
    (0, 1, A, [], b"", False, "an empty root"),
]


@pytest.mark.parametrize(("index", "size", "leaf", "proof", "root", "sound", "why"), INCLUSION, ids=[c[-1] for c in INCLUSION])
def test_inclusion(index, size, leaf, proof, root, sound, why):
    _expect(sound, lambda: verify_inclusion(index, size, leaf, proof, root))
    _expect(sound, lambda: verify_subtree_inclusion(index + 8, 8, 8 + size, leaf, proof, root))


CONSISTENCY = [
    (1, 1, [], A, A, True, "nothing has happened"),
    (1, 2, [B], A, AB, True, "from one"),
    (2, 3, [C], AB, ABC, True, "from a power of two"),
    (3, 4, [C, D, AB], ABC, ABCD, True, "from three"),
    (3, 5, [C, D, AB, E], ABC, ABCDE, True, "past the old edge"),
    (4, 5, [E], ABCD, ABCDE, True, "from four"),
    (2, 2, [], SHORT, SHORT, True, "equal sizes: roots are compared as they are"),
    (2, 2, [], SHORT, b"don't care 2", False, "equal sizes, other roots"),
    (2, 2, [A], AB, AB, False, "equal sizes need no proof"),
    (0, 0, [], EMPTY_ROOT, EMPTY_ROOT, False, "from nothing, not even to nothing"),
    (0, 2, [], EMPTY_ROOT, AB, False, "from nothing nothing follows"),
    (0, 1, [A], EMPTY_ROOT, A, False, "from nothing, with a proof"),
    (3, 2, [], ABC, AB, False, "shrunk"),
    (1, 2, [], A, AB, False, "no proof"),
    (3, 4, [C, D], ABC, ABCD, False, "too short"),
    (3, 4, [C, D, AB, E], ABC, ABCD, False, "too long"),
    (3, 4, [C, D, AB], ABCD, ABCD, False, "false old root"),
    (3, 4, [C, D, AB], ABC, ABC, False, "false new root"),
    (2, 3, [C], AB, AB, False, "false new root, from a power of two"),
]


@pytest.mark.parametrize(("old", "new", "proof", "old_root", "new_root", "sound", "why"), CONSISTENCY, ids=[c[-1] for c in CONSISTENCY])
def test_consistency(old, new, proof, old_root, new_root, sound, why):
    _expect(sound, lambda: verify_consistency(old, new, proof, old_root, new_root))
    if old > 0:
        _expect(sound, lambda: verify_subtree_consistency(0, old, new, proof, old_root, new_root))


LEAVES = [leaf_hash(b"%d" % n) for n in range(14)]


def mth(start: int, end: int) -> bytes:
    return tree_root(LEAVES[start:end])


SUBTREES = [
    (4, 8, [mth(0, 4), mth(8, 14)], mth(4, 8), True, "the draft's first example"),
    (8, 13, [mth(12, 13), mth(13, 14), mth(8, 12), mth(0, 8)], mth(8, 13), True, "the draft's second example"),
    (8, 14, [mth(0, 8)], mth(8, 14), True, "up to the right edge"),
    (13, 14, [mth(12, 13), mth(8, 12), mth(0, 8)], mth(13, 14), True, "the last leaf"),
    (0, 14, [], mth(0, 14), True, "the whole tree"),
    (5, 5, [], EMPTY_ROOT, True, "nothing at all"),
    (14, 14, [], EMPTY_ROOT, True, "nothing at the end"),
    (15, 15, [], EMPTY_ROOT, False, "nothing beyond the end"),
    (5, 5, [], A, False, "nothing under a root"),
    (5, 5, [A], EMPTY_ROOT, False, "nothing, with a proof"),
    (4, 9, [mth(0, 4)], mth(4, 9), False, "five leaves begin at a multiple of eight"),
    (6, 4, [], EMPTY_ROOT, False, "backwards"),
    (8, 16, [mth(0, 8)], mth(8, 14), False, "past the end"),
    (4, 8, [mth(0, 4)], mth(4, 8), False, "too short"),
    (4, 8, [mth(0, 4), mth(8, 14), A], mth(4, 8), False, "too long"),
    (4, 8, [], mth(4, 8), False, "no proof"),
    (8, 13, [mth(12, 13), mth(13, 14), mth(8, 12), mth(0, 8)], mth(8, 12), False, "false root below"),
]


@pytest.mark.parametrize(("start", "end", "proof", "subtree_root", "sound", "why"), SUBTREES, ids=[c[-1] for c in SUBTREES])
def test_subtree_consistency(start, end, proof, subtree_root, sound, why):
    _expect(sound, lambda: verify_subtree_consistency(start, end, 14, proof, subtree_root, mth(0, 14)))
    _expect(False, lambda: verify_subtree_consistency(start, end, 14, proof, subtree_root, A)) if end != start else None


PLACES = [
    (9, 8, 13, True, "inside"),
    (7, 8, 13, False, "before the subtree"),
    (13, 8, 13, False, "behind it"),
    (5, 5, 5, False, "nothing is in an empty subtree"),
    (5, 4, 9, False, "not a subtree"),
]


@pytest.mark.parametrize(("index", "start", "end", "sound", "why"), PLACES, ids=[c[-1] for c in PLACES])
def test_subtree_inclusion(index, start, end, sound, why):
    part = LEAVES[start:end]
    proof = audit_path(part, min(max(index - start, 0), max(len(part) - 1, 0)))
    _expect(sound, lambda: verify_subtree_inclusion(index, start, end, LEAVES[index], proof, tree_root(part)))


def test_the_reference_paths_by_hand():
    assert audit_path([A, B, C, D, E], 2) == [D, AB, E]
    assert consistency_path([A, B, C, D, E], 3) == [C, D, AB, E]


def _expect(sound, check):
    if sound:
        check()
    else:
        with pytest.raises(ProofFalse):
            check()
