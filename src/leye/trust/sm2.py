"""SM2 with SM3 (GB/T 32918, GM/T 0009) as a further cosignature under a checkpoint: 国密, an extra (`pip install leye[sm2]`).

C2SP gives SM2 no type byte, so it is 0xff with our own identifier: public = identifier ‖ uncompressed point. The tree stays SHA-256 and the log's
own signature Ed25519; whoever must see a 国密 signature finds one under the same root, and everybody else reads past it. Signing takes
milliseconds, so heads are signed and never entries.
"""

from __future__ import annotations

from typing import Any

from leye.kernel.errors import BadInput
from leye.trust.notes import LONG, SM2_IDENTIFIER, Signature, VerifierKey, time_bytes, timed_message
from leye.trust.notes import cosigned_at as _cosigned_at

_TIME_BYTES = 8
_POINT_BYTES = 65
_SCALAR_BYTES = 32
_ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123  # n of GB/T 32918.5; a private key lies in 1 … n - 2


class Sm2CosigningKey:
    """A witness's SM2 key. scalar: 32 bytes, the private number, handed in."""

    def __init__(self, name: str, scalar: bytes) -> None:
        """Raises BadInput (E_SM2) without the extra, or on a number out of range."""
        number = int.from_bytes(scalar, "big")
        if len(scalar) != _SCALAR_BYTES or not 1 <= number <= _ORDER - 2:
            raise BadInput(
                "SM2 私钥是 32 字节，且在范围之内",
                en="an SM2 key has 32 bytes and lies in range",
                remedy_zh="重新生成密钥",
                remedy_en="draw another",
                code="E_SM2",
            )
        ec = _ec()
        self._key = ec.derive_private_key(number, ec.SM2())
        numbers = self._key.public_key().public_numbers()
        point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
        self.verifier = VerifierKey(name, LONG, SM2_IDENTIFIER + point)

    def sign(self, body: str, *, at_s: int = 0) -> str:
        """The signature line over a note's text and the time."""
        from tongsuopy.crypto import hashes

        signature = self._key.sign(timed_message(body, at_s), _ec().ECDSA(hashes.SM3()))
        return Signature(self.verifier.name, self.verifier.key_id, time_bytes(at_s) + signature).line()


def is_signed(public: bytes, body: str, blob: bytes) -> bool:
    """Whether a signature line's blob is that key's over the text. Other identifiers are nobody's. Raises BadInput (E_SM2) without the extra."""
    point = public.removeprefix(SM2_IDENTIFIER)
    if not public.startswith(SM2_IDENTIFIER) or len(point) != _POINT_BYTES or len(blob) <= _TIME_BYTES:
        return False
    ec = _ec()
    from tongsuopy.crypto import exceptions, hashes

    try:
        numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big"), ec.SM2())
        numbers.public_key().verify(blob[_TIME_BYTES:], timed_message(body, _cosigned_at(blob)), ec.ECDSA(hashes.SM3()))
    except (exceptions.InvalidSignature, exceptions.InternalError, ValueError):  # InternalError: not even the ASN.1 of a signature
        return False
    return True


def _ec() -> Any:
    try:
        from tongsuopy.crypto.asymciphers import ec
    except ImportError:
        raise BadInput(
            "没有安装 SM2 组件",
            en="SM2 is not installed",
            remedy_zh="安装时加上 sm2：pip install 'leye[sm2]'；或从公钥文件里去掉 SM2 那一行",
            remedy_en="install leye[sm2], or leave the SM2 line out of the key file",
            code="E_SM2",
        ) from None
    return ec
