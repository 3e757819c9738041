"""Give a number, see the same answer again: the leaf as sealed, the inputs as seen then, each held against its commitment, and the proof."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leye.kernel.decision import InputValue
from leye.office.accounts.models import User
from leye.office.decisions.evidence import Opened, opened
from leye.office.decisions.ledger import open_log
from leye.office.decisions.models import Decision
from leye.office.decisions.queries import decision_called
from leye.office.permissions import require
from leye.trust.commitments import commit
from leye.trust.merkle import leaf_hash
from leye.trust.proofs import verify_inclusion
from leye.trust.subtree import marks_root


@dataclass(frozen=True, slots=True)
class Replay:
    """record: as sealed · evidence: None when erased · false: what no longer gives its commitment · size: leaves at the time of asking."""

    decision: Decision
    record: dict[str, Any]
    evidence: Opened | None
    false: tuple[str, ...]
    size: int
    path: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """Whether everything that is still there gives what was sealed."""
        return not self.false


def replay(name: str, *, acting_user: User, at: datetime) -> Replay:
    """Replay a decision by UUID or leaf number; the read is logged with its purpose.

    Raises NotFound, NotAllowed; CheckFailed when the log is broken.
    """
    from leye.office.privacy.reads import log_read

    require(acting_user, "decisions.replay")
    row = decision_called(name)
    log = open_log()
    size = log.size()
    raw = log.record(row.leaf_index)
    path = log.inclusion_proof(row.leaf_index, size)
    verify_inclusion(row.leaf_index, size, leaf_hash(raw), path, log.root(size))
    record = json.loads(raw)
    seen = opened(row.pk)
    if seen is not None:
        log_read(acting_user, seen.subject, "decision_replay", sorted(seen.inputs), at)
    return Replay(row, record, seen, tuple(false_parts(record, seen)) if seen else (), size, tuple(h.hex() for h in path))


def false_parts(record: dict[str, Any], seen: Opened) -> list[str]:
    """Names of what does not give its commitment: subject, inputs by name, the words of the reasons, the root over a batch's outcomes."""
    wrong = [] if record.get("subject") == commit(seen.salt, "subject", seen.subject.id) else ["subject"]
    if record["type"] == "marks":
        marks = [json.dumps(m, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() for m in seen.marks or []]
        wrong += [] if record.get("inputs") == commit(seen.salt, "inputs", dict(seen.inputs)) else ["inputs"]
        return wrong + ([] if marks and record.get("root") == marks_root(marks).hex() else ["marks"])
    committed = record.get("inputs", {})
    wrong += sorted(n for n in committed.keys() | seen.inputs.keys() if not _agrees(committed.get(n), seen, n))
    words: InputValue = [[r["code"], r["zh"], r["en"], r["basis"]] for r in seen.reasons]
    return wrong + ([] if record.get("words") == commit(seen.salt, "reasons", words) else ["reasons"])


def _agrees(committed: str | None, seen: Opened, name: str) -> bool:
    return name in seen.inputs and committed == commit(seen.salt, name, seen.inputs[name])
