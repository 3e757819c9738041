"""Receipts: the proof that a decision stands in the log, as a file that anybody can check without us."""

from __future__ import annotations

from django.db import transaction

from leye.kernel.errors import CheckFailed
from leye.office.decisions.ledger import open_log
from leye.office.decisions.queries import leaf_of
from leye.trust.checkpoints import size_of_note
from leye.trust.receipts import make_receipt


def receipt_of(name: str) -> str:
    """The `.tlog-proof` of a decision or event, by UUID or leaf number, under the newest signed head. Raises NotFound, CheckFailed without a head."""
    with transaction.atomic():  # one view of the log: no head newer than the proof
        index = leaf_of(name)
        log = open_log()
        note = log.checkpoint_covering(index)  # under a witness's signature where there is one: worth more than the newest
        if note is None:
            raise CheckFailed(
                "这条留痕还没有签名", en="no signed head covers this leaf", remedy_zh="稍后再取", remedy_en="try again later", code="E_UNCOVERED"
            )
        return make_receipt(log.record(index), index, log.inclusion_proof(index, size_of_note(note)), note)
