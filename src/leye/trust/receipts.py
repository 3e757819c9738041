"""Receipts (C2SP tlog-proof): a record, its place, the way to a root, and the signed checkpoint over that root, in one text.

    c2sp.org/tlog-proof@v1 · extra <base64 of the record> · index <n> · hashes, a line each · an empty line · the checkpoint, verbatim

The format itself leaves `extra` open; here it is required and the leaf is computed from it, so it is proved with the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leye.kernel.errors import BadInput, CheckFailed, LeyeError
from leye.trust.checkpoints import Checkpoint, open_checkpoint, read_checkpoint
from leye.trust.encoding import base64_exact, base64_text, decimal_exact, hash_exact
from leye.trust.merkle import leaf_hash
from leye.trust.notes import LARGEST_NOTE, VerifierKey, no_keys
from leye.trust.openings import check_opening
from leye.trust.proofs import verify_inclusion

FIRST_LINE = "c2sp.org/tlog-proof@v1"
LARGEST_RECORD = 65_535
MOST_HASHES = 64
LARGEST_RECEIPT = 4 * ((LARGEST_RECORD + 2) // 3) + MOST_HASHES * 45 + LARGEST_NOTE + 128
"""Bytes of a receipt's text; a reader need not read on."""


class NotAReceipt(BadInput):
    """A text that is no receipt (exit 2)."""

    code = "E_NOT_A_RECEIPT"


class ReceiptFalse(CheckFailed):
    """A receipt that proves nothing (exit 1)."""

    code = "E_RECEIPT_FALSE"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt taken apart, nothing of it checked."""

    record: bytes
    index: int
    proof: tuple[bytes, ...]
    note: str
    checkpoint: Checkpoint

    @property
    def size(self) -> int:
        """Leaves under the signed root."""
        return self.checkpoint.size

    @property
    def origin(self) -> str:
        """Name of the log."""
        return self.checkpoint.origin

    @property
    def text(self) -> str:
        """The record in letters; foreign bytes become U+FFFD."""
        return self.record.decode("utf-8", errors="replace")


def make_receipt(record: bytes, index: int, proof: Sequence[bytes], checkpoint_note: str) -> str:
    """The text of a receipt."""
    hashes = "".join(f"{base64_text(entry)}\n" for entry in proof)
    return f"{FIRST_LINE}\nextra {base64_text(record)}\nindex {index}\n{hashes}\n{checkpoint_note}"


def parse_receipt(text: str) -> Receipt:
    """Take a receipt apart. Raises NotAReceipt (E_NOT_A_RECEIPT)."""
    if len(text) > LARGEST_RECEIPT:
        raise _no_receipt("太大", "it is too large")
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or lines[0] != FIRST_LINE:
        raise _no_receipt(f"第一行应是 {FIRST_LINE}，证明之后空一行", f"its first line is {FIRST_LINE}, an empty line follows the proof")
    if len(lines) < 3 or not lines[1].startswith("extra ") or not lines[2].startswith("index "):
        raise _no_receipt("第二行应是 extra，第三行应是 index", "extra and index are its second and third line")
    if len(lines) - 3 > MOST_HASHES:
        raise _no_receipt(f"证明超过 {MOST_HASHES} 个哈希", f"more than {MOST_HASHES} hashes")
    try:
        record = base64_exact(lines[1].removeprefix("extra "))
        index = decimal_exact(lines[2].removeprefix("index "))
        proof = tuple(hash_exact(line) for line in lines[3:])
    except ValueError as error:
        raise _no_receipt(f"有一行读不懂（{error}）", str(error)) from None
    if len(record) > LARGEST_RECORD:
        raise _no_receipt(f"记录超过 {LARGEST_RECORD} 字节", f"its record is longer than {LARGEST_RECORD} bytes")
    try:
        return Receipt(record, index, proof, note, read_checkpoint(note))
    except BadInput as error:
        raise NotAReceipt(error.zh, en=error.en, remedy_zh=error.remedy_zh, remedy_en=error.remedy_en) from None


def check_receipt(text: str, keys: Iterable[VerifierKey], opening: Mapping[str, Any] | None = None) -> Receipt:
    """A sound receipt, taken apart: its record stands in a tree signed by a known log key that is named as the origin; the opening fits the record.

    Raises NotAReceipt (exit 2), BadKey (E_NO_KEYS, exit 2) without keys, ReceiptFalse (exit 1).
    """
    receipt, known = parse_receipt(text), list(keys)
    if not known:
        raise no_keys()
    try:
        open_checkpoint(receipt.note, known)
        verify_inclusion(receipt.index, receipt.checkpoint.size, leaf_hash(receipt.record), receipt.proof, receipt.checkpoint.root)
    except CheckFailed as error:
        raise _false(error) from None
    if opening is not None:
        check_opening(receipt.record, opening)
    return receipt


def _false(error: LeyeError) -> ReceiptFalse:
    return ReceiptFalse(
        f"回执不成立：{error.zh}",
        en=f"the receipt is false: {error.en}",
        remedy_zh=error.remedy_zh or "向发给你回执的机构另要一份；仍不对就投诉",
        remedy_en=error.remedy_en or "ask whoever gave you the receipt for another; complain when it fails too",
    )


def _no_receipt(zh: str, en: str) -> NotAReceipt:
    return NotAReceipt(
        f"这不是回执：{zh}", en=f"not a receipt: {en}", remedy_zh="照原样保存整个文件再试", remedy_en="keep the whole file as it was and try again"
    )
