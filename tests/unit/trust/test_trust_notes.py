"""Keys, notes, checkpoints and numbers in their one spelling."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from leye.kernel.errors import BadInput
from leye.trust.checkpoints import Checkpoint, open_checkpoint, read_checkpoint, sign_checkpoint, size_of_note, split_notes
from leye.trust.encoding import base64_exact, base64_text, decimal_exact, hash_exact
from leye.trust.notes import (
    COSIGNATURE,
    BadKey,
    NotANote,
    NoteFalse,
    SigningKey,
    VerifierKey,
    cosigned_at,
    parse_note,
    read_keys,
    signed,
    timed_message,
    verified_keys,
)
from tests_support.trust_log import KEY, OTHER

GO_NOTE = (  # the example key of the format's own documentation (golang.org/x/mod/sumdb/note)
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
)
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_SIGNED = GO_TEXT + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"


def test_a_note_of_another_program_verifies():
    key = VerifierKey.parse(GO_NOTE)
    assert (key.name, key.text()) == ("PeterNeumann", GO_NOTE)
    note = parse_note(GO_SIGNED)
    assert (note.body, note.text()) == (GO_TEXT, GO_SIGNED)
    assert verified_keys(note, [key]) == [key]
    with pytest.raises(NoteFalse):
        verified_keys(parse_note(GO_SIGNED.replace("cryptography", "Cryptography")), [key])


def test_keys_in_text_and_back():
    assert SigningKey.parse(KEY.text()) == KEY
    assert VerifierKey.parse(KEY.verifier.text()) == KEY.verifier
    key_id = hashlib.sha256(b"log.test/decisions\n\x01" + KEY.verifier.public).digest()[:4]
    assert KEY.verifier.text() == f"log.test/decisions+{key_id.hex()}+{base64_text(bytes([1]) + KEY.verifier.public)}"
    witness = SigningKey.draw("w.test", bytes(32), kind=COSIGNATURE)
    assert SigningKey.parse(witness.text()) == witness
    assert witness.verifier.public == Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()


def test_a_private_key_does_not_show_itself():
    assert base64_text(KEY.seed)[:20] not in repr(KEY)
    with pytest.raises(BadKey) as caught:
        SigningKey.parse(KEY.text()[:-4])
    assert KEY.text()[30:60] not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["", "name", "name+00000000", KEY.verifier.text(), "PRIVATE+KEY+", "PRIVATE+KEY+n+00000000+AQ==", KEY.text().replace("log.test", "log.other")],
)
def test_what_is_no_signing_key(text: str):
    with pytest.raises(BadKey):
        SigningKey.parse(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "new\nline", "wide\u3000space", "tab\t"])
def test_names_a_key_cannot_have(name: str):
    with pytest.raises(BadKey):
        SigningKey.draw(name, bytes(32))


def test_a_cosignature_tells_its_time():
    witness = SigningKey.draw("w.test", bytes(32), kind=COSIGNATURE)
    body = Checkpoint("log.test", 3, bytes(32)).body()
    note = parse_note(signed(body, [witness.sign(body, at_s=1_756_681_200)]))
    blob = note.signatures[0].blob
    assert (len(blob), cosigned_at(blob)) == (72, 1_756_681_200)
    assert timed_message(body, 5) == b"cosignature/v1\ntime 5\n" + body.encode()
    Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().verify(blob[8:], timed_message(body, 1_756_681_200))
    assert witness.verifier.verify(body, blob)
    assert not witness.verifier.verify(body, (1).to_bytes(8, "big") + blob[8:])
    assert not SigningKey.draw("w.test", bytes(32)).verifier.verify(body, blob[8:])  # the same bytes are no log's signature


def test_a_checkpoint_in_text_and_back():
    checkpoint = Checkpoint("log.test/decisions", 11, bytes(range(32)))
    note = sign_checkpoint(checkpoint, [KEY])
    assert note.split("\n")[:4] == ["log.test/decisions", "11", base64_text(bytes(range(32))), ""]
    assert open_checkpoint(note, [KEY.verifier]) == read_checkpoint(note) == checkpoint
    assert size_of_note(note) == 11
    with pytest.raises(NoteFalse):
        open_checkpoint(note, [OTHER.verifier])
    with pytest.raises(NoteFalse):
        open_checkpoint(note, [])


def test_notes_appended_to_a_file_are_told_apart():
    notes = [sign_checkpoint(Checkpoint(KEY.name, size, bytes(32)), [KEY, OTHER][: 1 + size % 2]) for size in range(5)]
    for between in ("", "\n", "\n\n"):
        assert split_notes(between.join(["", *notes, ""])) == (notes, [])
    assert split_notes(notes[0] + "\n\n" + notes[1][:30] + "\n\n" + notes[2]) == ([notes[0], notes[2]], ["\n\n" + notes[1][:30] + "\n\n"])
    assert split_notes("") == ([], [])


@pytest.mark.parametrize("text", ["", "\n\n", "a\n", "a\n\nb", "a\n\nb\n", "a\r\n\n— n AAAAAAAA\n", "a\n\n— n AAAAAAAA", "a\n\n— n AAAAAAAA\n\n— n"])
def test_what_is_no_note(text: str):
    with pytest.raises(NotANote):
        parse_note(text)


def test_key_files():
    assert read_keys(f"\n# the log\n{KEY.verifier.text()}\n{KEY.verifier.text()}\n") == [KEY.verifier]
    with pytest.raises(BadInput, match="E_NO_KEYS"):
        read_keys("# nobody\n")


@pytest.mark.parametrize("text", ["aGk", "aGk==", "aGl=", "aGk=\n", " aGk=", "aG k=", "aGk=aGk=", "é", "aGk-", "="])
def test_base64_has_one_spelling(text: str):
    with pytest.raises(ValueError, match="base64"):
        base64_exact(text)


@pytest.mark.parametrize("text", ["", "00", "01", "+1", "-1", "1_0", " 1", "1 ", "1\n", "１", "1e3", "٣", "²"])
def test_numbers_have_one_spelling(text: str):
    with pytest.raises(ValueError, match="decimal"):
        decimal_exact(text)


def test_a_hash_has_32_bytes():
    assert hash_exact(base64_text(bytes(32))) == bytes(32)
    with pytest.raises(ValueError, match="32"):
        hash_exact(base64_text(bytes(31)))


def test_sm2_cosigns_beside_ed25519(tmp_path: Path):
    pytest.importorskip("tongsuopy", reason="the extra sm2 is not installed")
    from leye.trust.sm2 import Sm2CosigningKey

    witness = Sm2CosigningKey("court.test/sm2", bytes(31) + b"\x07")
    body = Checkpoint(KEY.name, 11, bytes(32)).body()
    line = witness.sign(body, at_s=1_756_681_200)
    note = signed(body, [KEY.sign(body), line])
    key = VerifierKey.parse(witness.verifier.text())
    assert verified_keys(parse_note(note), [KEY.verifier, key]) == [KEY.verifier, key]
    open_checkpoint(note, [KEY.verifier])  # whoever has no SM2 reads past it
    with pytest.raises(NoteFalse):
        verified_keys(parse_note(signed(body + "x\n", [line])), [key])
    short = signed(body, [line.replace(line.split(" ")[2][6:30], "A" * 24)])
    with pytest.raises(NoteFalse):
        verified_keys(parse_note(short), [key])


def test_an_sm2_signature_is_one_to_openssl_too(tmp_path: Path):
    """GB/T 32918 with the standard's default identity, not some ECDSA over the curve."""
    pytest.importorskip("tongsuopy", reason="the extra sm2 is not installed")
    from tongsuopy.crypto import serialization

    from leye.trust.sm2 import Sm2CosigningKey

    witness = Sm2CosigningKey("court.test/sm2", bytes(31) + b"\x07")
    blob = parse_note(signed("a\n", [witness.sign("a\n", at_s=7)])).signatures[0].blob
    public = witness._key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pem").write_bytes(public)
    (tmp_path / "sig").write_bytes(blob[8:])
    (tmp_path / "text").write_bytes(timed_message("a\n", 7))
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -in text -rawin -digest sm3 -sigfile sig -pkeyopt distid:1234567812345678"
    try:
        done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no openssl program here")
    assert "Verified Successfully" in done.stdout, done.stderr


def test_sm2_without_the_extra_is_a_clear_refusal(monkeypatch: pytest.MonkeyPatch):
    import sys

    from leye.trust import sm2

    for name in [name for name in sys.modules if name.startswith("tongsuopy")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tongsuopy", None)
    with pytest.raises(BadInput, match="E_SM2"):
        sm2.Sm2CosigningKey("court.test/sm2", bytes(31) + b"\x07")


@pytest.mark.parametrize("scalar", [b"short", bytes(32), b"\xff" * 32])
def test_numbers_that_are_no_sm2_key(scalar: bytes):
    pytest.importorskip("tongsuopy", reason="the extra sm2 is not installed")
    from leye.trust.sm2 import Sm2CosigningKey

    with pytest.raises(BadInput, match="E_SM2"):
        Sm2CosigningKey("court.test/sm2", scalar)
