"""What a re-audit says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leye.trust.encoding import base64_text


@dataclass(frozen=True, slots=True)
class FirstBad:
    """Where the log first fails. index: 0-based leaf.

    kind: `changed` a record · `missing` a row · `inserted` a row · `swapped` rows · `tile` the hashes kept apart · `unreadable`
    · `root` a signed root that the rows do not give · `fork` two signed roots of one size · `rolled_back` a signed head beyond the rows
    · `uncovered` rows beyond the newest signed head · `signature` a head signed by nobody known · `checkpoint` a head that is none
    · `checkpoint_file` heads outside the database are gone · `decision_row`, `read_row` a row of the office that its leaf contradicts.
    """

    index: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """size: rows read · root: over them, 32 bytes · checkpoints: signed heads in the database."""

    size: int
    root: bytes
    checkpoints: int
    first_bad: FirstBad | None = None

    @property
    def ok(self) -> bool:
        """Nothing bad was found."""
        return self.first_bad is None

    def with_bad(self, found: FirstBad | None) -> Verdict:
        """The same when `found` is None or stands behind what was found already, else with it."""
        if found is None or (self.first_bad is not None and self.first_bad.index <= found.index):
            return self
        return Verdict(self.size, self.root, self.checkpoints, found)

    def as_dict(self) -> dict[str, Any]:
        """JSON form; the root in base64, as a checkpoint has it."""
        bad = self.first_bad
        return {
            "ok": self.ok,
            "size": self.size,
            "root": base64_text(self.root),
            "checkpoints": self.checkpoints,
            "first_bad": None if bad is None else {"index": bad.index, "kind": bad.kind, "reason": bad.reason},
        }
