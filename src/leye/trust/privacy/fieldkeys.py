"""Encryption of single fields, each purpose under keys of its own: AES-256-GCM, or SM4-GCM where the law asks for it (国密).

    ciphertext = version (1) ‖ algorithm (1) ‖ key id (4) ‖ nonce (12) ‖ GCM ciphertext with its 16-byte tag

The additional data bind a ciphertext to its purpose and to the row that it belongs to: moved to another row it does not open. Several keys may be
known; the newest encrypts, the older ones still decrypt, until no row needs them and they are destroyed. Nonces are random (96 bits); a key must be
rotated before 2^32 uses (NIST SP 800-38D §8.3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from leye.kernel.errors import BadInput, CheckFailed

VERSION = 1
ALGORITHMS = {"aes-256-gcm": (1, 32), "sm4-gcm": (2, 16)}
"""Name -> number in the ciphertext, bytes of a key."""

_KEY_ID_BYTES, _NONCE_BYTES, _TAG_BYTES = 4, 12, 16
_HEAD = 2 + _KEY_ID_BYTES + _NONCE_BYTES

Nonce = Callable[[int], bytes]
"""A source of so many random bytes; `os.urandom` outside tests."""


class FieldDamaged(CheckFailed):
    """A ciphertext that does not open: changed, moved to another row or purpose, or under a key that is gone."""

    code = "E_FIELD"


@dataclass(frozen=True, slots=False)
class FieldKey:
    """One key. `repr` does not show it."""

    algorithm: str
    secret: bytes

    def __post_init__(self) -> None:
        if self.algorithm not in ALGORITHMS or len(self.secret) != ALGORITHMS[self.algorithm][1]:
            raise BadInput(
                "字段密钥的算法或长度不对", en="a field key has another algorithm or length", remedy_zh="用 AES-256 或 SM4 的密钥", code="E_KEY"
            )

    def __repr__(self) -> str:
        return f"FieldKey({self.algorithm}, {self.key_id.hex()})"

    @cached_property
    def key_id(self) -> bytes:
        """Four bytes that name the key in a ciphertext; they tell nothing of it."""
        return hashlib.sha256(b"leye/field-key-id/1\n" + self.algorithm.encode() + b"\n" + self.secret).digest()[:_KEY_ID_BYTES]

    @cached_property
    def head(self) -> bytes:
        """The first six bytes of everything encrypted with this key: version, algorithm, key id."""
        return bytes([VERSION, ALGORITHMS[self.algorithm][0]]) + self.key_id

    def encrypt(self, clear: bytes, aad: bytes, nonce: bytes) -> bytes:
        """Ciphertext followed by its tag."""
        if self.algorithm == "aes-256-gcm":
            return self._aes.encrypt(nonce, clear, aad)
        sealing = Cipher(algorithms.SM4(self.secret), modes.GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(aad)
        return sealing.update(clear) + sealing.finalize() + sealing.tag

    def decrypt(self, sealed: bytes, aad: bytes, nonce: bytes) -> bytes:
        """The clear text. Raises InvalidTag."""
        if self.algorithm == "aes-256-gcm":
            return self._aes.decrypt(nonce, sealed, aad)
        opening = Cipher(algorithms.SM4(self.secret), modes.GCM(nonce, sealed[-_TAG_BYTES:])).decryptor()
        opening.authenticate_additional_data(aad)
        return opening.update(sealed[:-_TAG_BYTES]) + opening.finalize()

    @cached_property
    def _aes(self) -> AESGCM:
        return AESGCM(self.secret)


class FieldKeys:
    """The keys of one purpose, newest first. `encrypt` and `decrypt` take the row's identity as additional data; it may not be empty."""

    def __init__(self, purpose: str, keys: Sequence[FieldKey], nonce: Nonce) -> None:
        """Raises BadInput (E_KEY) without a key, or with two of one id."""
        if not keys or len({key.key_id for key in keys}) < len(keys):
            raise BadInput(
                f"用途“{purpose}”没有密钥，或同一把写了两次",
                en=f"purpose {purpose!r} has no key, or one twice",
                remedy_zh="看密钥文件是否完整",
                remedy_en="see whether the key file is whole",
                code="E_KEY",
            )
        self.purpose, self.keys = purpose, tuple(keys)
        self._nonce, self._of_id = nonce, {key.key_id: key for key in keys}
        self._prefix = purpose.encode() + b"\n"
        self._head = keys[0].head

    def encrypt(self, clear: bytes, aad: bytes) -> bytes:
        """The ciphertext under the newest key. Raises ValueError without additional data."""
        if not aad:
            raise ValueError("a ciphertext is bound to its row")
        nonce = self._nonce(_NONCE_BYTES)
        return self._head + nonce + self.keys[0].encrypt(clear, self._prefix + aad, nonce)

    def decrypt(self, sealed: bytes, aad: bytes) -> bytes:
        """The clear text. Raises FieldDamaged."""
        key = self._of_id.get(sealed[2 : 2 + _KEY_ID_BYTES])
        is_ours = len(sealed) >= _HEAD + _TAG_BYTES and sealed[0] == VERSION and key is not None
        if not is_ours or key is None or sealed[1] != ALGORITHMS[key.algorithm][0]:
            raise _damaged(self.purpose)
        try:
            return key.decrypt(sealed[_HEAD:], self._prefix + aad, sealed[2 + _KEY_ID_BYTES : _HEAD])
        except InvalidTag:
            raise _damaged(self.purpose) from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether it stands under the newest key."""
        return sealed[: len(self._head)] == self._head

    def rotate(self, key: FieldKey) -> FieldKeys:
        """These keys with a new one in front: it encrypts from now on, all others still decrypt. Raises BadInput when it is there already."""
        return FieldKeys(self.purpose, (key, *self.keys), self._nonce)

    def reencrypt(self, sealed: bytes, aad: bytes) -> bytes:
        """The same clear text under the newest key; what stands under it already is handed back as it is. Raises FieldDamaged."""
        return sealed if self.is_current(sealed) else self.encrypt(self.decrypt(sealed, aad), aad)


def _damaged(purpose: str) -> FieldDamaged:
    return FieldDamaged(
        f"“{purpose}”的一段密文打不开",
        en=f"a ciphertext of {purpose!r} does not open",
        remedy_zh="它被改过、挪过，或密钥不在了；从备份恢复密钥或数据",
        remedy_en="it was changed or moved, or its key is gone; restore the key or the data from a backup",
    )
