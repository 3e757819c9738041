"""A person's outcomes under one root: every one provable, none changeable."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leye.kernel.decision import Outcome
from leye.trust.merkle import leaf_hash
from leye.trust.proofs import verify_inclusion
from leye.trust.subtree import Mark, mark_bytes, mark_path, marks_json, marks_root

several = st.lists(st.binary(max_size=20), min_size=1, max_size=70)


def recursive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word and slow."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + recursive_root(leaves[:k]) + recursive_root(leaves[k:])).digest()


@given(several)
def test_the_root_is_that_of_the_rfc(leaves: list[bytes]) -> None:
    assert marks_root(leaves) == recursive_root(leaves)


@given(several, st.data())
def test_every_outcome_has_a_path_and_no_other_takes_its_place(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = mark_path(leaves, index)
    verify_inclusion(index, len(leaves), leaf_hash(leaves[index]), path, marks_root(leaves))
    with pytest.raises(Exception, match=r"."):
        verify_inclusion(index, len(leaves), leaf_hash(leaves[index] + b"!"), path, marks_root(leaves))


@given(several, st.data())
def test_any_change_changes_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves[:index], leaves[index] + b"!", *leaves[index + 1 :]]
    assert marks_root(changed) != marks_root(leaves) != marks_root([*leaves, b""])


def test_an_outcome_s_bytes_hold_all_that_it_says() -> None:
    mark = Mark("O00000001", Outcome("offered", -60.0, 620), ("nearest", "peak_border"))
    assert mark_bytes(mark) == b'["O00000001","offered",-60.0,620,["nearest","peak_border"]]'
    assert marks_json([mark_bytes(mark), b"[]"]) == b"[" + mark_bytes(mark) + b",[]]"


def test_nothing_has_no_root_and_no_path() -> None:
    with pytest.raises(ValueError, match="at least one"):
        marks_root([])
    with pytest.raises(IndexError):
        mark_path([b"a"], 1)
