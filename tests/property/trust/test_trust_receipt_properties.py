"""A receipt with any byte changed is never sound in another way, never an error of ours, and the two verifiers agree on it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from leye.trust import merkle
from leye.trust.checkpoints import Checkpoint, sign_checkpoint
from leye.trust.receipts import make_receipt
from tests_support.trust_log import KEY, record
from tests_support.trust_receipts import both

LEAVES = [merkle.leaf_hash(record(n)) for n in range(11)]
SOUND = make_receipt(record(6), 6, merkle.audit_path(LEAVES, 6), sign_checkpoint(Checkpoint(KEY.name, 11, merkle.tree_root(LEAVES)), [KEY]))

RAW = SOUND.encode()


@given(st.integers(0, len(RAW) - 1), st.integers(1, 255))
def test_any_changed_byte(at, by):
    changed = bytearray(RAW)
    changed[at] ^= by
    assert both(bytes(changed)) in (1, 2)


@given(st.integers(0, len(RAW)), st.integers(0, 40), st.binary(max_size=12))
def test_any_piece_cut_out_or_put_in(at, width, put):
    changed = RAW[:at] + put + RAW[at + width :]
    assert both(changed) in ((0,) if changed == RAW else (1, 2))


@given(st.binary(max_size=300))
def test_any_bytes(raw):
    assert both(raw) == 2


@given(st.lists(st.sampled_from([*SOUND.split("\n"), "", "extra ", "index 0", "— "]), max_size=16))
def test_any_lines_of_a_receipt_in_any_order(lines):
    text = "\n".join(lines)
    assert both(text) in ((0,) if text == SOUND else (1, 2))
