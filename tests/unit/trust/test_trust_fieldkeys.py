"""Field keys: what opens, what does not, and the bytes of a ciphertext."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from leye.kernel.errors import BadInput
from leye.trust.privacy.fieldkeys import ALGORITHMS, FieldDamaged, FieldKey, FieldKeys

AES, OTHER = FieldKey("aes-256-gcm", bytes(range(32))), FieldKey("aes-256-gcm", b"\x01" * 32)
SM4 = FieldKey("sm4-gcm", bytes(range(16)))
ROW, OTHER_ROW = b"row-1", b"row-2"


def nonces(n: int) -> bytes:
    """Always the same, for tests of bytes only."""
    return b"\x07" * n


def ring(*keys: FieldKey, purpose: str = "p") -> FieldKeys:
    return FieldKeys(purpose, keys, nonces)


def test_the_bytes_of_a_ciphertext() -> None:
    sealed = ring(AES).encrypt(b"clear", ROW)
    assert sealed[:2] == b"\x01\x01" and sealed[2:6] == AES.key_id and sealed[6:18] == b"\x07" * 12
    assert AESGCM(bytes(range(32))).decrypt(b"\x07" * 12, sealed[18:], b"p\nrow-1") == b"clear", "an outside implementation reads it"
    assert len(sealed) == 18 + 5 + 16
    assert ring(SM4).encrypt(b"clear", ROW)[1] == ALGORITHMS["sm4-gcm"][0]


def test_sm4_gcm_gives_the_bytes_of_rfc_8998() -> None:
    # RFC 8998, appendix A.1: key, nonce, additional data, plain text, cipher text and tag
    key = FieldKey("sm4-gcm", bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"))
    nonce, aad = bytes.fromhex("00001234567800000000ABCD"), bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    clear = b"".join(bytes([b]) * 8 for b in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    sealed = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert key.encrypt(clear, aad, nonce) == sealed
    assert key.decrypt(sealed, aad, nonce) == clear


@given(st.binary(max_size=300), st.binary(min_size=1, max_size=40), st.sampled_from([AES, SM4]))
def test_what_is_encrypted_opens(clear: bytes, aad: bytes, key: FieldKey) -> None:
    assert ring(key).decrypt(ring(key).encrypt(clear, aad), aad) == clear


@given(st.binary(max_size=60), st.data(), st.sampled_from([AES, SM4]))
def test_any_changed_byte_is_noticed(clear: bytes, data: st.DataObject, key: FieldKey) -> None:
    sealed = bytearray(ring(key).encrypt(clear, ROW))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(FieldDamaged):
        ring(key).decrypt(bytes(sealed), ROW)


@pytest.mark.parametrize("key", [AES, SM4])
@pytest.mark.parametrize("length", [0, 1, 5, 6, 17, 33, 38])
def test_any_cut_is_noticed(key: FieldKey, length: int) -> None:
    with pytest.raises(FieldDamaged):
        ring(key).decrypt(ring(key).encrypt(b"clear", ROW)[:length], ROW)


@pytest.mark.parametrize("key", [AES, SM4])
def test_it_is_bound_to_row_purpose_and_key(key: FieldKey) -> None:
    sealed = ring(key).encrypt(b"clear", ROW)
    for opener, aad in ((ring(key), OTHER_ROW), (ring(key, purpose="q"), ROW), (ring(OTHER), ROW)):
        with pytest.raises(FieldDamaged) as refused:
            opener.decrypt(sealed, aad)
        assert refused.value.code == "E_FIELD"
    with pytest.raises(ValueError, match="bound to its row"):
        ring(key).encrypt(b"clear", b"")


def test_purpose_and_row_cannot_be_shifted_into_each_other() -> None:
    sealed = ring(AES, purpose="ab").encrypt(b"clear", b"c")
    with pytest.raises(FieldDamaged):
        ring(AES, purpose="a").decrypt(sealed, b"bc")


def test_rotation_old_keys_open_and_the_newest_encrypts() -> None:
    old = ring(AES)
    sealed = old.encrypt(b"clear", ROW)
    new = old.rotate(SM4)
    assert new.keys == (SM4, AES)
    assert new.decrypt(sealed, ROW) == b"clear"
    assert not new.is_current(sealed)
    fresh = new.reencrypt(sealed, ROW)
    assert new.is_current(fresh) and fresh[:6] == SM4.head
    assert ring(SM4).decrypt(fresh, ROW) == b"clear", "the old key may go"
    assert new.reencrypt(fresh, ROW) is fresh, "what is current stays as it is"
    with pytest.raises(FieldDamaged):
        new.reencrypt(sealed, OTHER_ROW)


def test_keys_check_themselves_and_do_not_show_themselves() -> None:
    for make in (lambda: FieldKey("aes-128", bytes(16)), lambda: FieldKey("aes-256-gcm", bytes(16)), lambda: ring(), lambda: ring(AES, AES)):
        with pytest.raises(BadInput) as refused:
            make()
        assert refused.value.code == "E_KEY"
    assert AES.secret.hex() not in repr(AES) and "\\x01\\x02" not in repr(AES)
    assert AES.key_id != SM4.key_id != OTHER.key_id


def test_a_nonce_is_drawn_for_every_field() -> None:
    drawn = iter([b"a" * 12, b"b" * 12])
    keys = FieldKeys("p", [AES], lambda n: next(drawn))
    assert keys.encrypt(b"x", ROW) != keys.encrypt(b"x", ROW)
