"""What must hold for every tree: the tiles agree with the recursion, sound proofs pass, and no changed one does."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leye.trust import merkle
from leye.trust.log import SCHEMA, Log
from leye.trust.proofs import (
    ProofFalse,
    verify_consistency,
    verify_inclusion,
    verify_subtree_consistency,
    verify_subtree_inclusion,
)

MOST = 600
LEAVES = [merkle.leaf_hash(b"%d" % n) for n in range(MOST)]


def _log() -> Log:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in SCHEMA["sqlite"]:
        connection.execute(statement)
    connection.execute("BEGIN")
    log = Log(connection, "sqlite")
    log.append([b"%d" % n for n in range(MOST)])
    return log


LOG = _log()


@st.composite
def trees(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(st.integers(1, MOST))
    return draw(st.integers(0, size - 1)), size


@given(trees())
def test_the_tiles_prove_what_the_recursion_proves(tree):
    index, size = tree
    assert LOG.root(size) == merkle.tree_root(LEAVES[:size])
    assert LOG.inclusion_proof(index, size) == merkle.audit_path(LEAVES[:size], index)
    assert LOG.consistency_proof(index + 1, size) == merkle.consistency_path(LEAVES[:size], index + 1)


@given(st.lists(st.integers(0, 300), max_size=8))
def test_batches_of_any_size_make_the_same_tree(batches):
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in SCHEMA["sqlite"]:
        connection.execute(statement)
    connection.execute("BEGIN")
    log, start = Log(connection, "sqlite"), 0
    for count in batches:
        log.append([b"%d" % n for n in range(start, start + count)])
        start += count
    assert log.size() == start
    assert log.root() == _root_of_numbers(start)


def _root_of_numbers(size: int) -> bytes:
    return merkle.tree_root([merkle.leaf_hash(b"%d" % n) for n in range(size)])


@given(trees(), st.data())
def test_a_changed_inclusion_proof_is_refused(tree, data):
    index, size = tree
    proof, root = merkle.audit_path(LEAVES[:size], index), merkle.tree_root(LEAVES[:size])
    verify_inclusion(index, size, LEAVES[index], proof, root)
    changed = _changed(proof, data)
    with pytest.raises(ProofFalse):
        verify_inclusion(index, size, LEAVES[index], changed, root)
    other = data.draw(st.integers(0, size + 3).filter(lambda n: n != index))
    with pytest.raises(ProofFalse):
        verify_inclusion(other, size, LEAVES[index], proof, root)


@given(trees(), st.data())
def test_a_changed_consistency_proof_is_refused(tree, data):
    old, new = tree[0] + 1, tree[1]
    proof = merkle.consistency_path(LEAVES[:new], old)
    roots = merkle.tree_root(LEAVES[:old]), merkle.tree_root(LEAVES[:new])
    verify_consistency(old, new, proof, *roots)
    with pytest.raises(ProofFalse):
        verify_consistency(old, new, _changed(proof, data), *roots)
    if old != new:
        with pytest.raises(ProofFalse):
            verify_consistency(old, new, proof, roots[1], roots[0])


@st.composite
def subtrees(draw: st.DrawFn) -> tuple[int, int, int]:
    """start, end, size of a subtree that is none too large for the recursion."""
    size = draw(st.integers(1, 120))
    width = draw(st.integers(1, size))
    step = 1 << (width - 1).bit_length()
    start = draw(st.integers(0, (size - width) // step)) * step
    return start, start + width, size


@given(subtrees(), st.data())
def test_subtrees(tree, data):
    start, end, size = tree
    part, root = merkle.tree_root(LEAVES[start:end]), merkle.tree_root(LEAVES[:size])
    proof = subtree_path(LEAVES[:size], start, end)
    verify_subtree_consistency(start, end, size, proof, part, root)
    changed = _changed(proof, data)
    with pytest.raises(ProofFalse):
        verify_subtree_consistency(start, end, size, changed, part, root)
    if part != root:
        with pytest.raises(ProofFalse):
            verify_subtree_consistency(start, end, size, proof, root, root)
        with pytest.raises(ProofFalse):
            verify_subtree_consistency(start, end, size, proof, part, part)
    index = data.draw(st.integers(start, end - 1))
    verify_subtree_inclusion(index, start, end, LEAVES[index], merkle.audit_path(LEAVES[start:end], index - start), part)


def subtree_path(leaves: list[bytes], start: int, end: int, *, is_whole: bool = True) -> list[bytes]:
    """SUBTREE_PROOF of draft-ietf-plants-merkle-tree-certs §4.4.1, by its recursion."""
    if start == 0 and end == len(leaves):
        return [] if is_whole else [merkle.tree_root(leaves)]
    at = merkle.split_point(len(leaves))
    left, right = leaves[:at], leaves[at:]
    if end <= at:
        return [*subtree_path(left, start, end, is_whole=is_whole), merkle.tree_root(right)]
    if start >= at:
        return [*subtree_path(right, start - at, end - at, is_whole=is_whole), merkle.tree_root(left)]
    return [*subtree_path(right, 0, end - at, is_whole=False), merkle.tree_root(left)]


def _changed(proof: list[bytes], data) -> list[bytes]:
    """Another proof: a bit flipped, an entry gone, doubled, swapped with its neighbour, or added."""
    ways = ["added"] + (["flipped", "gone", "doubled"] if proof else [])
    way = data.draw(st.sampled_from(ways))
    at = data.draw(st.integers(0, max(len(proof) - 1, 0)))
    if way == "added":
        return [*proof[:at], bytes(32), *proof[at:]]
    if way == "flipped":
        bit = data.draw(st.integers(0, 255))
        entry = (int.from_bytes(proof[at], "big") ^ 1 << bit).to_bytes(32, "big")
        return [*proof[:at], entry, *proof[at + 1 :]]
    return proof[:at] + proof[at + 1 :] if way == "gone" else [*proof[: at + 1], proof[at], *proof[at + 1 :]]
