"""Checkpoints (C2SP tlog-checkpoint): origin, tree size and root, signed as a note."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leye.trust.encoding import base64_text, decimal_exact, hash_exact
from leye.trust.notes import ED25519, NotANote, NoteFalse, SigningKey, VerifierKey, parse_note, signed, verified_keys

_NOTE = re.compile(r"(?:[^\n]+\n){3,}\n(?:— [^\n]+\n)+")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log. root: 32 bytes · extensions: further lines of the text, which we never write and keep when reading."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def body(self) -> str:
        """The text that is signed."""
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), base64_text(self.root), *self.extensions))


def sign_checkpoint(checkpoint: Checkpoint, signers: Sequence[SigningKey]) -> str:
    """A note with one line a signer, in their order; the log's own key, whose name is the origin, comes first by custom."""
    body = checkpoint.body()
    return signed(body, [signer.sign(body) for signer in signers])


def read_checkpoint(note: str) -> Checkpoint:
    """What a note says, its signatures unread. Raises NotANote (E_NOT_A_NOTE)."""
    return _of_body(parse_note(note).body)


def size_of_note(note: str) -> int:
    """Number of leaves that a note speaks of. Raises NotANote (E_NOT_A_NOTE)."""
    return read_checkpoint(note).size


def open_checkpoint(note: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """What a note says, when a log's key among `keys` that bears the origin's name has signed it, and no known signature is false.

    Raises NotANote (E_NOT_A_NOTE) on another form, NoteFalse (E_NOTE_FALSE) on signatures.
    """
    parsed = parse_note(note)
    said = _of_body(parsed.body)
    found = verified_keys(parsed, keys)
    if not any(key.kind == ED25519 and key.name == said.origin for key in found):
        raise NoteFalse(
            f"没有可信的签名：“{said.origin}”的密钥没有签过这份文本",
            en=f"no trusted signature: no known key of {said.origin!r} has signed this",
            remedy_zh="核对公钥是不是这份留痕公布的那一把",
            remedy_en="see whether the key is the one that this log publishes",
        )
    return said


def split_notes(text: str) -> tuple[list[str], list[str]]:
    """Notes of a file to which they were appended, with or without empty lines between; and what is left over, such as a last note cut short."""
    notes, rest, end = [], [], 0
    for found in _NOTE.finditer(text):
        rest.append(text[end : found.start()])
        notes.append(found.group())
        end = found.end()
    rest.append(text[end:])
    return notes, [piece for piece in rest if piece.strip("\n")]


def _of_body(body: str) -> Checkpoint:
    origin, *lines = body.split("\n")[:-1]
    try:
        size, root, *extensions = lines
        found = Checkpoint(origin, decimal_exact(size), hash_exact(root), tuple(extensions))
        if not origin or not all(extensions):
            raise ValueError("an empty line")
    except ValueError as error:
        raise NotANote(
            "这不是树根文本：应有来源、条数、树根三行",
            en=f"not a checkpoint: {error}",
            remedy_zh="照原样保存整个文件",
            remedy_en="keep the file as it was",
        ) from None
    return found
