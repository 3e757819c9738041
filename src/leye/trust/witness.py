"""A witness: somebody other than the log's operator, who remembers the last head it saw and cosigns the next only when it has grown from it.

A log that shows two people two histories cannot have both cosigned by one witness. What the witness must not lose is its memory: the state.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from leye.kernel.errors import BadInput, CheckFailed
from leye.trust.checkpoints import Checkpoint, open_checkpoint
from leye.trust.encoding import base64_text, hash_exact
from leye.trust.merkle import EMPTY_ROOT
from leye.trust.notes import Note, SigningKey, VerifierKey, parse_note
from leye.trust.proofs import ProofFalse, verify_consistency


class WitnessRefuses(CheckFailed):
    """The head is not a growth of the one seen last; the log may be forked or rolled back."""

    code = "E_WITNESS"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a witness remembers of one log. cosigned_at_s: Unix seconds of its last cosignature."""

    origin: str
    size: int
    root: bytes
    cosigned_at_s: int

    def text(self) -> str:
        """For the state file."""
        return json.dumps({"origin": self.origin, "size": self.size, "root": base64_text(self.root), "cosigned_at_s": self.cosigned_at_s}) + "\n"

    @classmethod
    def parse(cls, text: str) -> Seen:
        """Raises BadInput (E_WITNESS_STATE): a witness that cannot read its memory must not begin anew by itself."""
        try:
            said = json.loads(text)
            seen = cls(said["origin"], said["size"], hash_exact(said["root"]), said["cosigned_at_s"])
            if not isinstance(seen.origin, str) or not all(type(n) is int and n >= 0 for n in (seen.size, seen.cosigned_at_s)):
                raise ValueError("a part has another form")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise BadInput(
                "见证人的记忆文件读不懂",
                en=f"the witness cannot read its state: {error}",
                remedy_zh="从备份恢复；没有备份就换一把密钥重新开始，并告诉信任它的人",
                remedy_en="restore it; without a copy, begin with a new key and tell those who trust it",
                code="E_WITNESS_STATE",
            ) from None
        return seen


def cosign(
    note: str,
    *,
    log_keys: Sequence[VerifierKey],
    key: SigningKey,
    seen: Seen | None,
    at_s: int,
    prove: Callable[[int, int], list[bytes]],
) -> tuple[str, Seen]:
    """The note with this witness's signature under it, and what to remember, which must be kept before the note is shown to anybody.

    log_keys: of the log, learnt from elsewhere · seen: None at the first sight, which is trusted · at_s: now, in Unix seconds
    · prove: the log's consistency proof from an old to a new size.
    Raises WitnessRefuses; NoteFalse, NotANote on the note itself.
    """
    head = open_checkpoint(note, log_keys)
    if seen is not None:
        _check_growth(seen, head, at_s, prove)
    parsed = parse_note(note)
    line = key.sign(parsed.body, at_s=at_s)
    others = tuple(s for s in parsed.signatures if (s.name, s.key_id) != (key.name, key.verifier.key_id))
    return Note(parsed.body, others).text() + line, Seen(head.origin, head.size, head.root, at_s)


def _check_growth(seen: Seen, head: Checkpoint, at_s: int, prove: Callable[[int, int], list[bytes]]) -> None:
    if head.origin != seen.origin:
        raise _refuses(f"上次见的是“{seen.origin}”，这次是“{head.origin}”", f"it watches {seen.origin!r}, this is {head.origin!r}")
    if at_s < seen.cosigned_at_s:
        raise _refuses("时钟比上次联署还早", "the clock stands before the last cosignature")
    if head.size < seen.size:
        raise _refuses(f"上次见到 {seen.size} 条，现在只有 {head.size} 条", f"{seen.size} leaves were seen, now there are {head.size}")
    if head.size == seen.size:
        if head.root != seen.root:
            raise _refuses(f"同是 {head.size} 条，树根和上次见的不同", f"another root over the same {head.size} leaves")
    elif seen.size > 0:
        try:
            verify_consistency(seen.size, head.size, prove(seen.size, head.size), seen.root, head.root)
        except (ProofFalse, ValueError) as error:
            raise _refuses(f"{head.size} 条不是从上次的 {seen.size} 条长出来的", f"not grown from the {seen.size} leaves seen: {error}") from None
    elif seen.root != EMPTY_ROOT:
        raise _refuses("上次见到的空树根不对", "the empty root that was seen is none")


def _refuses(zh: str, en: str) -> WitnessRefuses:
    return WitnessRefuses(
        f"不联署：{zh}",
        en=f"not cosigned: {en}",
        remedy_zh="保留两份树根，运行 leye trust verify；这可能是留痕被改写的证据",
        remedy_en="keep both heads and run leye trust verify; this may be evidence of a rewritten log",
    )
