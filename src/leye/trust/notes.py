"""Signed notes (C2SP signed-note): a text, a blank line, and signature lines; keys in their text form.

    — <name> base64(key id ‖ signature)          key id = first 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key)

Type 0x01 is Ed25519 over the text; 0x04 is a cosignature: 8 bytes of Unix seconds, then Ed25519 over `cosignature/v1\\ntime <t>\\n` and the text;
0xff carries a longer identifier, ours is SM2 with SM3 (`leye.trust.sm2`). Keys of other types are read and never verify anything.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from leye.kernel.errors import BadInput, CheckFailed
from leye.trust.encoding import base64_exact, base64_text

ED25519, COSIGNATURE, LONG = 0x01, 0x04, 0xFF
SM2_IDENTIFIER = b"leye.cn/sm2-with-sm3/cosignature/v1\n"
"""What follows the type 0xff in our SM2 keys (`leye.trust.sm2`)."""

LARGEST_NOTE = 65_536
"""Bytes of a note. Chosen by us: some hundreds of cosignatures."""

_KEY_BYTES = 32
_TIME_BYTES = 8
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_DASH = "— "


class NotANote(BadInput):
    """A text that is no signed note."""

    code = "E_NOT_A_NOTE"


class NoteFalse(CheckFailed):
    """A note whose signatures do not hold, or hold for nobody known."""

    code = "E_NOTE_FALSE"


class BadKey(BadInput):
    """A line that is no key."""

    code = "E_KEY_FORM"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line. blob: what follows the four bytes of the key id."""

    name: str
    key_id: bytes
    blob: bytes

    def line(self) -> str:
        """As it stands in a note, with its newline."""
        return f"{_DASH}{self.name} {base64_text(self.key_id + self.blob)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text ending in a newline, and its signatures."""

    body: str
    signatures: tuple[Signature, ...]

    def text(self) -> str:
        """The note as it is sent."""
        return self.body + "\n" + "".join(signature.line() for signature in self.signatures)


@dataclass(frozen=True)
class VerifierKey:
    """A public key with the name it signs as."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)

    @classmethod
    def parse(cls, vkey: str) -> VerifierKey:
        """From `name+key id in hex+base64(type ‖ key)`. Raises BadKey (E_KEY_FORM)."""
        name, key_id, data = _three_parts(vkey)
        key = cls(name, data[0], data[1:])
        if key.key_id != key_id:
            raise _bad_key("编号和公钥对不上", "the key id is not that of the key")
        if key.kind in (ED25519, COSIGNATURE) and len(key.public) != _KEY_BYTES:
            raise _bad_key("Ed25519 公钥是 32 字节", "an Ed25519 key has 32 bytes")
        return key

    @cached_property
    def key_id(self) -> bytes:
        """Four bytes that name the key in a signature line."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def text(self) -> str:
        """The vkey."""
        return f"{self.name}+{self.key_id.hex()}+{base64_text(bytes([self.kind]) + self.public)}"

    @property
    def is_usable(self) -> bool:
        """Whether signatures of this type can be verified here; others are left alone, as if the key were not known."""
        return self.kind in (ED25519, COSIGNATURE) or (self.kind == LONG and self.public.startswith(SM2_IDENTIFIER))

    def verify(self, body: str, blob: bytes) -> bool:
        """Whether a signature line's blob is this key's over a note's text."""
        if self.kind == ED25519:
            return self._holds(blob, body.encode())
        if self.kind == COSIGNATURE:
            return len(blob) > _TIME_BYTES and self._holds(blob[_TIME_BYTES:], timed_message(body, cosigned_at(blob)))
        if self.kind == LONG:
            from leye.trust.sm2 import is_signed

            return is_signed(self.public, body, blob)
        return False

    def _holds(self, signature: bytes, message: bytes) -> bool:
        try:
            self._ed25519.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    @cached_property
    def _ed25519(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.public)


@dataclass(frozen=True)
class SigningKey:
    """A private key: of a log (ED25519) or of a witness (COSIGNATURE). `repr` does not show the seed."""

    name: str
    seed: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.seed) != _KEY_BYTES or self.kind not in (ED25519, COSIGNATURE):
            raise _bad_key("私钥是 32 字节的 Ed25519 种子", "a signing key is an Ed25519 seed of 32 bytes")

    def __repr__(self) -> str:
        return f"SigningKey({self.verifier.text()})"

    @classmethod
    def draw(cls, name: str, seed: bytes, *, kind: int = ED25519) -> SigningKey:
        """From 32 random bytes handed in. Raises BadKey on a name with spaces or plus, or another seed length."""
        return cls(name, seed, kind)

    @classmethod
    def parse(cls, text: str) -> SigningKey:
        """From `PRIVATE+KEY+name+key id in hex+base64(type ‖ seed)`. Raises BadKey (E_KEY_FORM), which does not repeat the text."""
        prefix = "PRIVATE+KEY+"
        if not text.startswith(prefix):
            raise _bad_key("这不是私钥", "this is no signing key")
        name, key_id, data = _three_parts(text[len(prefix) :])
        key = cls(name, data[1:], data[0])
        if key.verifier.key_id != key_id:
            raise _bad_key("编号和私钥对不上", "the key id is not that of the key")
        return key

    def text(self) -> str:
        """What a key file holds. Secret."""
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{base64_text(bytes([self.kind]) + self.seed)}"

    @cached_property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.kind, self._ed25519.public_key().public_bytes_raw())

    def sign(self, body: str, *, at_s: int = 0) -> str:
        """The signature line over a note's text. at_s: Unix seconds, told and signed by a cosignature only."""
        blob = self._ed25519.sign(body.encode()) if self.kind == ED25519 else time_bytes(at_s) + self._ed25519.sign(timed_message(body, at_s))
        return Signature(self.name, self.verifier.key_id, blob).line()

    @cached_property
    def _ed25519(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def parse_note(text: str) -> Note:
    """Take a note apart; says nothing about its signatures, of which there may be none. Raises NotANote (E_NOT_A_NOTE)."""
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_NOTE:
        raise _not_a_note(f"超过 {LARGEST_NOTE} 字节", f"longer than {LARGEST_NOTE} bytes")
    if _CONTROL.search(text):
        raise _not_a_note("含有控制字符（如回车）", "it holds control characters, such as a carriage return")
    body, blank, lines = text.rpartition("\n\n")
    if not blank or not body:
        raise _not_a_note("正文和签名之间没有空行", "no blank line between text and signatures")
    if lines and not lines.endswith("\n"):
        raise _not_a_note("最后一行没有换行", "the last line does not end")
    return Note(body + "\n", tuple(_signature(line) for line in lines.split("\n")[:-1]))


def verified_keys(note: Note, keys: Iterable[VerifierKey]) -> list[VerifierKey]:
    """Those keys whose signature the note carries. Unknown signatures are ignored. Raises NoteFalse when a known one does not hold."""
    by_line: dict[tuple[str, bytes], list[VerifierKey]] = {}
    for key in (key for key in keys if key.is_usable):
        by_line.setdefault((key.name, key.key_id), []).append(key)
    found = []
    for signature in note.signatures:
        known = by_line.get((signature.name, signature.key_id), [])
        holding = [key for key in known if key.verify(note.body, signature.blob)]
        if known and not holding:
            raise NoteFalse(f"“{signature.name}”的签名不成立", en=f"the signature of {signature.name!r} does not hold")
        found += [key for key in holding if key not in found]
    return found


def read_keys(text: str) -> list[VerifierKey]:
    """Keys from lines of vkeys; empty lines and those that start with # are skipped. Raises BadKey: E_KEY_FORM, or E_NO_KEYS when none is left."""
    lines = [line.strip() for line in text.split("\n")]
    keys = [VerifierKey.parse(line) for line in lines if line and not line.startswith("#")]
    if not keys:
        raise no_keys()
    return list(dict.fromkeys(keys))


def no_keys() -> BadKey:
    """The error where a check has nothing to check with."""
    return BadKey(
        "没有公钥，验不了签名",
        en="no key to check signatures with",
        remedy_zh="用 --keys 给出公钥文件（leye trust keys 会印出来）",
        remedy_en="hand in a file of keys with --keys (leye trust keys prints them)",
        code="E_NO_KEYS",
    )


def signed(body: str, lines: Sequence[str]) -> str:
    """A note from its text and signature lines."""
    return body + "\n" + "".join(lines)


def timed_message(body: str, at_s: int) -> bytes:
    """What a cosignature signs."""
    return f"cosignature/v1\ntime {at_s}\n{body}".encode()


def time_bytes(at_s: int) -> bytes:
    """Unix seconds as a cosignature carries them. Raises OverflowError below 0 and from 2^64 on."""
    return at_s.to_bytes(_TIME_BYTES, "big")


def cosigned_at(blob: bytes) -> int:
    """Unix seconds of a cosignature's blob."""
    return int.from_bytes(blob[:_TIME_BYTES], "big")


def _signature(line: str) -> Signature:
    name, space, coded = line.removeprefix(_DASH).partition(" ")
    try:
        data = base64_exact(coded)
    except ValueError:
        data = b""
    if not line.startswith(_DASH) or not space or not _is_name(name) or len(data) < 5:
        raise _not_a_note("有一行不是签名", "a line is no signature")
    return Signature(name, data[:4], data[4:])


def _three_parts(text: str) -> tuple[str, bytes, bytes]:
    parts = text.strip().split("+", 2)
    try:
        name, key_id, coded = parts
        data = base64_exact(coded)
        if not re.fullmatch(r"[0-9a-f]{8}", key_id, re.ASCII) or len(data) < 2:
            raise ValueError("a key id has 8 hex digits")
    except ValueError:
        raise _bad_key("形式应是 名字+编号+公钥", "its form is name+key id+key") from None
    return name, bytes.fromhex(key_id), data


def _check_name(name: str) -> None:
    if not _is_name(name):
        raise _bad_key("名字不能空，不能有空格和加号", "a name is not empty and has no space or plus")


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name) and not _CONTROL.search(name)


def _bad_key(zh: str, en: str) -> BadKey:
    return BadKey(f"公钥或私钥读不懂：{zh}", en=f"not a key: {en}", remedy_zh="照原样复制整行", remedy_en="copy the whole line as it is")


def _not_a_note(zh: str, en: str) -> NotANote:
    return NotANote(f"这不是签名文本：{zh}", en=f"not a signed note: {en}", remedy_zh="照原样保存整个文件", remedy_en="keep the file as it was")
